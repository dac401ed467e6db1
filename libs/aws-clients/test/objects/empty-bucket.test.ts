import { S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { ControlAccessDeniedError, ControlRequestError, emptyBucket } from '../../src/objects/index.js';
import { environment } from '../support/fake-service.js';

interface Version {
  readonly Key: string;
  readonly VersionId: string;
  readonly isMark?: boolean;
}

const PAGE = 2;

/** A bucket as the SDK's client gives it, with pages of two. */
class FakeBucket {
  readonly asked: string[] = [];
  /** Versions that S3 keeps whatever it is asked. */
  locked = new Set<string>();
  failures: Error[] = [];

  constructor(public versions: Version[]) {}

  send = (command: { constructor: { name: string }; input: object }): Promise<object> => {
    this.asked.push(command.constructor.name);
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    return Promise.resolve(
      command.constructor.name === 'ListObjectVersionsCommand'
        ? this.#list(command.input as { KeyMarker?: string; VersionIdMarker?: string })
        : this.#remove(command.input as { Delete: { Objects: Version[] } }),
    );
  };

  #list({ KeyMarker = '', VersionIdMarker = '' }): object {
    const place = ({ Key, VersionId }: Version) => `${Key}/${VersionId}`;
    const rest = this.versions.filter((version) => place(version) > `${KeyMarker}/${VersionIdMarker}`);
    const page = rest.slice(0, PAGE);
    return {
      Versions: page.filter(({ isMark }) => !isMark),
      DeleteMarkers: page.filter(({ isMark }) => isMark),
      IsTruncated: rest.length > PAGE,
      NextKeyMarker: page.at(-1)?.Key,
      NextVersionIdMarker: page.at(-1)?.VersionId,
    };
  }

  #remove({ Delete: { Objects } }: { Delete: { Objects: Version[] } }): object {
    const ids = new Set(Objects.map(({ VersionId }) => VersionId));
    const kept = this.versions.filter(({ VersionId }) => ids.has(VersionId) && this.locked.has(VersionId));
    this.versions = this.versions.filter((version) => !ids.has(version.VersionId) || kept.includes(version));
    return { Errors: kept.map(({ Key }) => ({ Key, Code: 'AccessDenied', Message: 'Object is locked' })) };
  }
}

const VERSIONS = [
  { Key: 'a', VersionId: '1' },
  { Key: 'a', VersionId: '2' },
  { Key: 'b', VersionId: '3', isMark: true },
  { Key: 'b', VersionId: '4' },
  { Key: 'ü x', VersionId: '5' },
];

const failure = (name: string, status: number) =>
  new S3ServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode: status } });

const empty = (bucket: FakeBucket) => emptyBucket('bucket', { client: bucket as never, ...environment() });

describe('emptying a bucket', () => {
  it('removes all versions and marks, page by page', async () => {
    const bucket = new FakeBucket(VERSIONS);
    expect(await empty(bucket)).toBe(5);
    expect(bucket.versions).toEqual([]);
    expect(bucket.asked.filter((name) => name === 'ListObjectVersionsCommand')).toHaveLength(3);
  });

  it('asks for nothing to be removed where there is nothing', async () => {
    const bucket = new FakeBucket([]);
    expect(await empty(bucket)).toBe(0);
    expect(bucket.asked).toEqual(['ListObjectVersionsCommand']);
  });

  it('takes a bucket that is gone for empty', async () => {
    const bucket = new FakeBucket(VERSIONS);
    bucket.failures = [failure('NoSuchBucket', 404)];
    expect(await empty(bucket)).toBe(0);
  });

  it('goes on when S3 is busy for a while', async () => {
    const bucket = new FakeBucket(VERSIONS);
    bucket.failures = [failure('SlowDown', 503), failure('InternalError', 500)];
    expect(await empty(bucket)).toBe(5);
  });

  it('fails when S3 keeps an object, or denies, and says so', async () => {
    const locked = new FakeBucket(VERSIONS);
    locked.locked.add('4');
    await expect(empty(locked)).rejects.toThrow(ControlRequestError);
    await expect(empty(locked)).rejects.toThrow(/1 objects? of bucket bucket, b for one: Object is locked/);
    const denied = new FakeBucket(VERSIONS);
    denied.failures = [failure('AccessDenied', 403)];
    await expect(empty(denied)).rejects.toThrow(ControlAccessDeniedError);
    expect(denied.versions).toHaveLength(5);
  });
});
