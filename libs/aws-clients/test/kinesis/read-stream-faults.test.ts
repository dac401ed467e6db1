import { expect, it } from 'vitest';
import {
  KinesisAccessDeniedError,
  KinesisDeadlineError,
  readStream,
  type ReadStreamOptions,
} from '../../src/kinesis/index.js';
import { FakeShards, sdkError } from './support/fake-shards.js';

async function read(fake: FakeShards, options: Partial<ReadStreamOptions> = {}) {
  let nowMs = 1_000_000;
  const pauses: number[] = [];
  const sequence: string[] = [];
  for await (const { records } of readStream(fake.client, {
    streamName: 'metrics',
    from: 'earliest',
    untilCaughtUp: true,
    clock: () => nowMs,
    random: () => 0.5,
    sleep: (ms) => {
      pauses.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
    ...options,
  })) {
    sequence.push(...records.map(({ sequenceNumber }) => sequenceNumber));
  }
  return { sequence, pauses };
}

it('repeats a read that was throttled, cut, or answered by something that is not Kinesis', async () => {
  const fake = new FakeShards([
    2,
    sdkError('ProvisionedThroughputExceededException'),
    sdkError('ECONNRESET'),
    sdkError('SyntaxError', 'Unexpected token <'),
    { answer: {} },
    sdkError('InternalFailure'),
    1,
  ]);
  const { sequence, pauses } = await read(fake);
  expect(sequence).toEqual(['1', '2', '3']);
  // Full jitter of 100, 200, 400, 800 and 1,600 ms, its random number being one half.
  expect(pauses).toEqual([50, 100, 200, 400, 800]);
});

it('gets a new iterator after the last record when the old one has expired', async () => {
  const fake = new FakeShards([sdkError('ExpiredIteratorException'), 2, sdkError('ExpiredIteratorException'), 1]);
  expect((await read(fake)).sequence).toEqual(['1', '2', '3']);
  expect(fake.iterators()).toEqual([
    ['TRIM_HORIZON', undefined],
    ['TRIM_HORIZON', undefined],
    ['AFTER_SEQUENCE_NUMBER', '2'],
  ]);
});

it('goes on at the instant of its start when an iterator at the tip expires before anything came', async () => {
  const fake = new FakeShards([sdkError('ExpiredIteratorException'), 2]);
  const { sequence } = await read(fake, { from: 'latest' });
  expect(sequence).toEqual(['1', '2']);
  expect(fake.iterators().map((iterator) => (iterator as unknown[])[0])).toEqual(['LATEST', 'AT_TIMESTAMP']);
});

it('skips by arrival where the service refuses an iterator at an instant', async () => {
  const fake = new FakeShards([5], ({ ShardIteratorType: type }) =>
    type === 'AT_TIMESTAMP' ? sdkError('InvalidArgumentException') : undefined,
  );
  const { sequence } = await read(fake, { from: new Date(3_000) });
  expect(sequence).toEqual(['3', '4', '5']);
});

it('fails when the service stays away for longer than the deadline', async () => {
  const fake = new FakeShards(Array.from({ length: 1000 }, () => sdkError('InternalFailure')));
  const failure = read(fake, { retry: { baseMs: 100, capMs: 1_000, deadlineMs: 10_000 } });
  await expect(failure).rejects.toThrow(KinesisDeadlineError);
  await expect(failure).rejects.toThrow(/"metrics" could not be used for 10 s \(\d+ attempts\)/);
});

it('fails at once when reading is not allowed', async () => {
  const fake = new FakeShards([1, sdkError('AccessDeniedException', 'not you')]);
  await expect(read(fake)).rejects.toThrow(KinesisAccessDeniedError);
  expect(fake.asked.filter(({ operation }) => operation === 'GetRecordsCommand')).toHaveLength(2);
});

it('ends with the reason of its signal, also while it waits for an answer', async () => {
  const abort = new AbortController();
  const client = { send: () => new Promise(() => undefined) } as never;
  const reading = readStream(client, {
    streamName: 'metrics',
    from: 'earliest',
    clock: () => 0,
    random: () => 0,
    signal: abort.signal,
  }).next();
  setTimeout(() => abort.abort(new Error('stopped by hand')), 10);
  await expect(reading).rejects.toThrow('stopped by hand');
});

it('repeats a request that is never answered', async () => {
  const fake = new FakeShards([2]);
  let silent = true;
  const client = {
    send: (command: never) => {
      if (!silent) return fake.client.send(command);
      silent = false;
      return new Promise(() => undefined);
    },
  } as never;
  const sequence: string[] = [];
  for await (const { records } of readStream(client, {
    streamName: 'metrics',
    from: 'earliest',
    untilCaughtUp: true,
    requestTimeoutMs: 20,
    clock: () => 0,
    random: () => 0,
  })) {
    sequence.push(...records.map(({ sequenceNumber }) => sequenceNumber));
  }
  expect(sequence).toEqual(['1', '2']);
});
