import { DeleteStreamCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import {
  readStream,
  SHARD_END,
  StreamNotFoundError,
  type ReadStreamOptions,
  type StreamBatch,
} from '../../src/kinesis/index.js';
import { AStream, environment } from './support/a-stream.js';

const texts = (prefix: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `${prefix}${(from + index) % 7}-${from + index}`);

const textsOf = (batch: StreamBatch) => batch.records.map(({ data }) => Buffer.from(data).toString());

/** Reads to the tip. */
async function readAll(
  { client, streamName }: { client: KinesisClient; streamName: string },
  options: Partial<ReadStreamOptions> = {},
) {
  const read: string[] = [];
  const positions = new Map(options.positions);
  for await (const batch of readStream(client, {
    streamName,
    from: 'earliest',
    untilCaughtUp: true,
    ...environment,
    ...options,
  })) {
    read.push(...textsOf(batch));
    positions.set(batch.shardId, batch.position);
  }
  return { read, positions };
}

function byKey(read: readonly string[]): Record<string, string[]> {
  const keys: Record<string, string[]> = {};
  for (const text of read) (keys[text.split('-')[0]!] ??= []).push(text);
  return keys;
}

it('reads all shards to their tip, each key in order', async () => {
  const stream = await AStream.make({ shards: 3 });
  const put = texts('k', 2_000);
  await stream.put(put);
  const { read, positions } = await readAll(stream, { maxRecordsPerRead: 100 });
  expect(byKey(read)).toEqual(byKey(put));
  expect(positions.size).toBe(3);
});

it('goes on after the positions of an earlier reading, with nothing skipped and nothing twice', async () => {
  const stream = await AStream.make({ shards: 2 });
  const put = texts('k', 900);
  await stream.put(put);
  const first = new Map<string, string>();
  const read: string[] = [];
  for await (const batch of readStream(stream.client, {
    streamName: stream.streamName,
    from: 'earliest',
    maxRecordsPerRead: 50,
    ...environment,
  })) {
    read.push(...textsOf(batch));
    first.set(batch.shardId, batch.position);
    if (read.length >= 400) break;
  }
  expect(read.length).toBeLessThan(900);
  await stream.put(texts('k', 70, 900));
  const rest = await readAll(stream, { positions: first });
  expect(byKey([...read, ...rest.read])).toEqual(byKey([...put, ...texts('k', 70, 900)]));
});

it('reads children after their parents through a split and a merge in the midst of reading', async () => {
  const stream = await AStream.make({ shards: 1 });
  await stream.put(texts('k', 300));
  const batches: StreamBatch[] = [];
  const abort = new AbortController();
  let wanted = 300;
  const steps = [
    async () => {
      const [shard] = await stream.openShards();
      await stream.split(shard!);
      await stream.put(texts('k', 300, 300));
    },
    async () => {
      const [a, b] = await stream.openShards();
      await stream.merge(a!, b!);
      await stream.put(texts('k', 300, 600));
    },
    () => {
      abort.abort(new Error('enough'));
      return Promise.resolve();
    },
  ];
  const read: string[] = [];
  await expect(async () => {
    for await (const batch of readStream(stream.client, {
      streamName: stream.streamName,
      from: 'earliest',
      pollMs: 20,
      signal: abort.signal,
      ...environment,
    })) {
      batches.push(batch);
      read.push(...textsOf(batch));
      if (read.length === wanted && steps.length > 0) {
        wanted += 300;
        await steps.shift()!();
      }
    }
  }).rejects.toThrow('enough');
  expect(byKey(read)).toEqual(byKey(texts('k', 900)));
  const ended = batches.filter(({ shardEnded }) => shardEnded);
  expect(ended.map(({ position }) => position)).toEqual([SHARD_END, SHARD_END, SHARD_END]);
  const shardsInOrder = [...new Set(batches.map(({ shardId }) => Number(shardId.slice(-12))))];
  expect(shardsInOrder[0]).toBe(0);
  expect(shardsInOrder.at(-1)).toBe(3);
  // The same again from the positions: nothing is left, and no parent is read again.
  const positions = new Map(batches.map(({ shardId, position }) => [shardId, position]));
  expect((await readAll(stream, { positions })).read).toEqual([]);
  // Without the positions of the parents, too.
  const last = new Map([...positions].filter(([, position]) => position !== SHARD_END));
  expect(last.size).toBe(1);
  expect((await readAll(stream, { positions: last })).read).toEqual([]);
  // And the whole stream to its tip, the ended shards included.
  expect(byKey((await readAll(stream)).read)).toEqual(byKey(texts('k', 900)));
});

it('reads what comes from now on', async () => {
  const stream = await AStream.make({ shards: 2 });
  await stream.put(texts('old', 100));
  const read: string[] = [];
  const shards = new Set<string>();
  let put = false;
  for await (const batch of readStream(stream.client, {
    streamName: stream.streamName,
    from: 'latest',
    pollMs: 20,
    ...environment,
  })) {
    shards.add(batch.shardId);
    read.push(...textsOf(batch));
    if (shards.size === 2 && !put) {
      put = true;
      await stream.put(texts('new', 100));
    }
    if (read.length === 100) break;
  }
  expect(byKey(read)).toEqual(byKey(texts('new', 100)));
});

it('reads from an instant of arrival', async () => {
  const stream = await AStream.make({ shards: 1 });
  await stream.put(texts('old', 20));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const from = new Date();
  await stream.put(texts('new', 20));
  expect((await readAll(stream, { from })).read).toEqual(texts('new', 20));
});

it('fails when there is no such stream', async () => {
  const stream = await AStream.make();
  await expect(readAll({ client: stream.client, streamName: 'other' })).rejects.toThrow(StreamNotFoundError);
});

it('fails when the stream is deleted while it is read', async () => {
  const stream = await AStream.make({ shards: 2 });
  await stream.put(texts('k', 50));
  let deleted = false;
  await expect(async () => {
    for await (const { records } of readStream(stream.client, {
      streamName: stream.streamName,
      from: 'earliest',
      pollMs: 10,
      ...environment,
    })) {
      if (records.length > 0 && !deleted) {
        deleted = true;
        await stream.client.send(new DeleteStreamCommand({ StreamName: stream.streamName }));
      }
    }
  }).rejects.toThrow(StreamNotFoundError);
});
