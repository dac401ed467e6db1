import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ControlAccessDeniedError,
  ControlRequestError,
  createObjectStoreClient,
  MissingError,
  parseS3Location,
  S3ObjectStore,
} from '../../src/objects/index.js';
import { environment } from '../support/fake-service.js';
import { S3StandIn } from './support/s3-stand-in.js';

async function storeOn(prefix = 'lake') {
  const s3 = await S3StandIn.serve();
  const client = createObjectStoreClient({ endpoint: s3.url, region: 'us-east-1', requestTimeoutMs: 5_000 });
  const folder = await mkdtemp(join(tmpdir(), 'pulselake-objects-'));
  onTestFinished(async () => {
    client.destroy();
    await rm(folder, { recursive: true });
  });
  return { s3, folder, store: new S3ObjectStore({ client, location: { bucket: 'bucket', prefix }, ...environment() }) };
}

const fileOf = (key: string, text: string) => ({
  key,
  from: Buffer.from(text),
  sizeBytes: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});

describe('objects below a prefix', () => {
  it('come back as they were stored, from a file as from memory', async () => {
    const { s3, store, folder } = await storeOn();
    const file = fileOf('a/dt=2024-01-01/ö %.parquet', 'hello');
    await store.store(file);
    await writeFile(join(folder, 'in'), 'hello');
    await store.store({ ...file, key: 'b', from: join(folder, 'in') });
    expect([...s3.objects.keys()]).toEqual(['lake/a/dt=2024-01-01/ö %.parquet', 'lake/b']);
    for (const key of [file.key, 'b']) {
      expect(await store.fetch(key, join(folder, 'out'))).toEqual({ sizeBytes: 5, sha256: file.sha256 });
      expect(await readFile(join(folder, 'out'), 'utf8')).toBe('hello');
      expect(await store.digest(key)).toBe(file.sha256);
    }
    await store.remove('b');
    expect(await store.digest('b')).toBeUndefined();
  });

  it('are listed over all pages, without what consoles make for folders', async () => {
    const { s3, store } = await storeOn();
    for (const key of ['x/1', 'x/2', 'x/3', 'x/', 'x/4', 'y']) s3.objects.set(`lake/${key}`, Buffer.from(key));
    s3.objects.set('elsewhere/x/1', Buffer.from(''));
    expect((await store.list('x/')).map(({ key }) => key)).toEqual(['x/1', 'x/2', 'x/3', 'x/4']);
    expect((await store.list('')).map(({ key }) => key)).toHaveLength(5);
    expect(await (await storeOn('')).store.list('')).toEqual([]);
  });

  it.each(['throttled', 'reset', 'cut'] as const)('are fetched whole when S3 has %s before', async (fault) => {
    const { s3, store, folder } = await storeOn();
    const text = 'x'.repeat(300_000);
    s3.objects.set('lake/a', Buffer.from(text));
    s3.faults.set('GET', [fault, fault]);
    const { sha256, sizeBytes } = await store.fetch('a', join(folder, 'out'));
    expect([sizeBytes, sha256]).toEqual([300_000, fileOf('a', text).sha256]);
    expect(s3.asked).toHaveLength(3);
  });

  it.each(['throttled', 'reset'] as const)('are stored whole when S3 has %s before', async (fault) => {
    const { s3, store, folder } = await storeOn();
    await writeFile(join(folder, 'in'), 'hello');
    s3.faults.set('PUT', [fault]);
    await store.store({ ...fileOf('a', 'hello'), from: join(folder, 'in') });
    expect(s3.objects.get('lake/a')?.toString()).toBe('hello');
  });

  it('fail at once when S3 denies it, and name the right that is needed', async () => {
    const { s3, store } = await storeOn();
    s3.faults.set('PUT', ['denied']);
    const error = await store.store(fileOf('a', 'hello')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ControlAccessDeniedError);
    expect((error as Error).message).toContain('s3:PutObject');
    expect(s3.asked).toHaveLength(1);
  });

  it('fail to be stored with another digest than was said', async () => {
    const { s3, store } = await storeOn();
    const file = { ...fileOf('a', 'hello'), from: Buffer.from('hellO') };
    await expect(store.store(file)).rejects.toBeInstanceOf(ControlRequestError);
    expect(s3.objects.size).toBe(0);
  });

  it('fail at once to be stored from a file that is not there', async () => {
    const { s3, store, folder } = await storeOn();
    const file = { ...fileOf('a', 'hello'), from: join(folder, 'gone') };
    await expect(store.store(file)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(s3.asked).toEqual([]);
  });

  it('fail to be fetched when they are gone', async () => {
    const { store, folder } = await storeOn();
    await expect(store.fetch('gone', join(folder, 'out'))).rejects.toBeInstanceOf(MissingError);
  });
});

it.each([
  ['s3://bucket', { bucket: 'bucket', prefix: '' }],
  ['s3://bucket/', { bucket: 'bucket', prefix: '' }],
  ['s3://bucket/a/b/', { bucket: 'bucket', prefix: 'a/b' }],
  ['bucket/a', undefined],
  ['s3:///a', undefined],
  ['s3://B/a', undefined],
])('%s is the place %j', (text, place) => {
  expect(parseS3Location(text)).toEqual(place);
});
