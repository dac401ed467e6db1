import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type CallOptions, callService, type ControlOptions } from '../control/call-service.js';
import { ControlRequestError, ControlUnreachableError, MissingError } from '../control/errors.js';
import type { FetchedFile, ListedObject, ObjectStore, StoredFile } from './object-store.js';
import type { S3Location } from './s3-location.js';

/** Where an {@link S3ObjectStore} keeps its objects. */
export interface S3ObjectStoreOptions extends ControlOptions<Pick<S3Client, 'send'>> {
  readonly location: S3Location;
}

/** S3 takes no more in one request. */
export const MAX_OBJECT_BYTES = 5 * 2 ** 30;

/** `ObjectStore` on Amazon S3. A file goes in one request, which S3 holds against the digest. */
export class S3ObjectStore implements ObjectStore {
  readonly uri: string;
  readonly #bucket: string;
  readonly #base: string;

  constructor(private readonly options: S3ObjectStoreOptions) {
    const { bucket, prefix } = options.location;
    this.#bucket = bucket;
    this.#base = prefix === '' ? '' : `${prefix}/`;
    this.uri = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
  }

  async list(prefix: string, { signal }: CallOptions = {}): Promise<ListedObject[]> {
    const found: ListedObject[] = [];
    let token: string | undefined;
    do {
      const more = token === undefined ? {} : { ContinuationToken: token };
      const input = { Bucket: this.#bucket, Prefix: `${this.#base}${prefix}`, ...more };
      const answer = await this.#call('s3:ListBucket', signal, (call) =>
        this.options.client.send(new ListObjectsV2Command(input), call),
      );
      for (const { Key: key, Size: size, ETag: etag } of answer.Contents ?? []) {
        // A key with a slash at its end is what consoles show as a folder.
        if (key === undefined || key.endsWith('/')) continue;
        found.push({ key: key.slice(this.#base.length), sizeBytes: size ?? 0, etag: etag ?? '' });
      }
      token = answer.NextContinuationToken;
    } while (token !== undefined);
    return found.sort((one, other) => (one.key < other.key ? -1 : 1));
  }

  async digest(key: string, { signal }: CallOptions = {}): Promise<string | undefined> {
    try {
      const input = { ...this.#at(key), ChecksumMode: 'ENABLED' as const };
      const { ChecksumSHA256: checksum, ChecksumType: type } = await this.#call('s3:GetObject', signal, (call) =>
        this.options.client.send(new HeadObjectCommand(input), call),
      );
      // A checksum of parts' checksums says nothing about the whole.
      if (checksum === undefined || type === 'COMPOSITE') return undefined;
      return Buffer.from(checksum, 'base64').toString('hex');
    } catch (error) {
      // To HEAD, S3 does not say whether it is the bucket or the key that is missing.
      if (error instanceof MissingError) return undefined;
      throw error;
    }
  }

  async fetch(key: string, path: string, { signal }: CallOptions = {}): Promise<FetchedFile> {
    return this.#call('s3:GetObject', signal, async (call) => {
      const { Body: body, ContentLength: length } = await this.options.client.send(
        new GetObjectCommand(this.#at(key)),
        call,
      );
      const hash = createHash('sha256');
      let sizeBytes = 0;
      await pipeline(
        body as Readable,
        async function* (blocks: AsyncIterable<Buffer>) {
          for await (const block of blocks) {
            hash.update(block);
            sizeBytes += block.length;
            yield block;
          }
        },
        createWriteStream(path),
        { signal: call.abortSignal },
      );
      if (length !== undefined && length !== sizeBytes) {
        throw new ControlUnreachableError(
          `S3 broke off in the middle of ${key}: ${sizeBytes} of ${length} bytes came.`,
        );
      }
      return { sizeBytes, sha256: hash.digest('hex') };
    });
  }

  async store({ key, from, sizeBytes, sha256 }: StoredFile, { signal }: CallOptions = {}): Promise<void> {
    if (sizeBytes > MAX_OBJECT_BYTES) {
      throw new ControlRequestError(`${key} has ${sizeBytes} bytes; S3 takes ${MAX_OBJECT_BYTES} in one request.`);
    }
    const input = {
      ...this.#at(key),
      ContentLength: sizeBytes,
      ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
    };
    // A file that is not there is no failure of S3, which would be worth another attempt.
    if (typeof from === 'string') await stat(from);
    // Each attempt reads the file anew.
    await this.#call('s3:PutObject', signal, async (call) => {
      const body = typeof from === 'string' ? createReadStream(from) : from;
      try {
        await this.options.client.send(new PutObjectCommand({ ...input, Body: body }), call);
      } finally {
        if (body instanceof Readable) body.destroy();
      }
    });
  }

  async remove(key: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#call('s3:DeleteObject', signal, (call) =>
      this.options.client.send(new DeleteObjectCommand(this.#at(key)), call),
    );
  }

  #at(key: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#base}${key}` };
  }

  // The same content under the same key, again, is no change.
  #call<T>(
    needs: string,
    signal: AbortSignal | undefined,
    work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const request = { service: 'S3', what: 'bucket', name: this.#bucket, needs, isRepeatable: true, signal } as const;
    return callService(work, request, { ...this.options, requestTimeoutMs: this.options.requestTimeoutMs ?? 600_000 });
  }
}
