import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KinesisRecordSink, type KinesisRecordSinkOptions, type Outcome } from '../../src/kinesis/index.js';
import { type Answer, FakePutRecords } from './support/fake-put-records.js';
import { sdkError } from './support/fake-shards.js';

const record = (text: string) => ({ partitionKey: text.split('-')[0]!, data: Buffer.from(text) });
const texts = (count: number, keys = 5) => Array.from({ length: count }, (_, at) => `k${at % keys}-${at}`);
const ofKey = (key: string, all: readonly string[]) => all.filter((text) => text.startsWith(`${key}-`));

/** A sink on a fake, whose pauses take no time but move its clock. */
function sinkOn(fake: FakePutRecords, options: Partial<KinesisRecordSinkOptions> = {}) {
  let nowMs = 0;
  const pauses: number[] = [];
  const outcomes: Outcome[] = [];
  const sink = new KinesisRecordSink({
    client: fake.client,
    streamName: 'metrics',
    clock: () => nowMs,
    random: () => 0.5,
    sleep: async (ms) => {
      pauses.push(ms);
      nowMs += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
    lingerMs: 5,
    onSettled: (outcome) => outcomes.push(outcome),
    ...options,
  });
  const putAll = async (all: readonly string[]) => {
    for (const text of all) await sink.put(record(text));
  };
  const failures = () =>
    outcomes.flatMap((outcome) =>
      outcome.status === 'failed' ? [[Buffer.from(outcome.record.data).toString(), outcome.reason] as const] : [],
    );
  return { sink, putAll, outcomes, pauses, failures };
}

it('sends everything, each key in order and in one request at a time', async () => {
  const fake = new FakePutRecords();
  const { sink, putAll, outcomes } = sinkOn(fake);
  await putAll(texts(3_000));
  const settlement = await sink.close();
  expect(settlement).toMatchObject({ put: 3_000, accepted: 3_000, failed: 0, retried: 0, possiblyTwice: 0 });
  for (const key of ['k0', 'k4']) expect(ofKey(key, fake.stored)).toEqual(ofKey(key, texts(3_000)));
  expect(fake.keyInTwo).toBe(false);
  expect(fake.mostInFlight).toBeGreaterThan(1);
  expect(fake.mostInFlight).toBeLessThanOrEqual(8);
  expect(outcomes).toHaveLength(3_000);
  expect(outcomes[0]).toMatchObject({ status: 'accepted', shardId: 'shard-0', sequenceNumber: '1', attempts: 1 });
});

it('sends again only what a partial failure left out, before what follows', async () => {
  const fake = new FakePutRecords((turn) => (turn === 0 ? { refuse: (text) => /-[37]$/.test(text) } : 'ok'));
  const { sink, putAll } = sinkOn(fake, { maxRequestsInFlight: 1, quota: quotaOf(10) });
  await putAll(texts(15, 1));
  expect(await sink.close()).toMatchObject({ accepted: 15, retried: 2, possiblyTwice: 0 });
  expect(fake.requests[1]!.slice(0, 2)).toEqual(['k0-3', 'k0-7']);
  expect(fake.stored).toHaveLength(15);
  expect(fake.requests).toHaveLength(2);
});

it('keeps the order of a key through partial failures when a request holds one record of it', async () => {
  let turn = 0;
  const fake = new FakePutRecords(() => ({ refuse: () => Math.imul(++turn, 0x9e3779b1) >>> 0 < 0x55555555 }));
  const { sink, putAll } = sinkOn(fake, { quota: { ...quotaOf(500), maxRecordsPerKey: 1 } });
  await putAll(texts(200, 4));
  expect(await sink.close()).toMatchObject({ accepted: 200, failed: 0 });
  for (const key of ['k0', 'k1', 'k2', 'k3']) expect(ofKey(key, fake.stored)).toEqual(ofKey(key, texts(200, 4)));
});

it('loses nothing and settles each record once, whatever fails and in whatever order', async () => {
  const faults: fc.Arbitrary<Answer> = fc.oneof(
    fc.constant<Answer>('ok'),
    fc.integer({ min: 2, max: 4 }).map((n): Answer => ({ refuse: (text) => Number(text.split('-')[1]) % n === 0 })),
    fc.constantFrom('ECONNRESET', 'TimeoutError', 'InternalFailure').map((name): Answer => ({ lost: sdkError(name) })),
    fc
      .constantFrom('ProvisionedThroughputExceededException', 'SyntaxError', 'ECONNRESET')
      .map((name): Answer => ({ error: sdkError(name) })),
    fc.constant<Answer>({ answer: { FailedRecordCount: 0, Records: [] } }),
    fc.constant<Answer>({ answer: {} }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(faults, { maxLength: 12 }), fc.integer({ min: 1, max: 300 }), async (script, count) => {
      const fake = new FakePutRecords((turn) => script[turn] ?? 'ok');
      const { sink, putAll, outcomes } = sinkOn(fake, { quota: quotaOf(20), maxBufferedRecords: 50 });
      await putAll(texts(count));
      const { put, accepted, failed, possiblyTwice } = await sink.close();
      expect([put, accepted, failed]).toEqual([count, count, 0]);
      expect(outcomes.map((outcome) => Buffer.from(outcome.record.data).toString()).sort()).toEqual(
        texts(count).sort(),
      );
      expect(new Set(fake.stored)).toEqual(new Set(texts(count)));
      expect(fake.keyInTwo).toBe(false);
      // What the stream holds twice was said to be possible.
      const twice = new Set(fake.stored.filter((text, at) => fake.stored.indexOf(text) !== at));
      const told = outcomes.filter((outcome) => outcome.status === 'accepted' && outcome.possiblyTwice);
      expect(told).toHaveLength(possiblyTwice);
      const toldTexts = told.map((outcome) => Buffer.from(outcome.record.data).toString());
      expect(toldTexts).toEqual(expect.arrayContaining([...twice]));
    }),
    { numRuns: 150 },
  );
});

it('gives a request up that is never answered, and sends it again', async () => {
  const fake = new FakePutRecords((turn) => (turn === 0 ? 'never' : 'ok'));
  const { sink, putAll } = sinkOn(fake, { requestTimeoutMs: 20 });
  await putAll(['k0-1']);
  expect(await sink.close()).toMatchObject({ accepted: 1, retried: 1, possiblyTwice: 1 });
});

it('fails records that are not accepted in time, and says what happened last', async () => {
  const fake = new FakePutRecords(() => ({ error: sdkError('ServiceUnavailable', 'down for repair') }));
  const { sink, putAll, outcomes, failures, pauses } = sinkOn(fake, {
    lingerMs: 0,
    retry: { baseMs: 100, capMs: 2_000, deadlineMs: 10_000 },
  });
  await putAll(['k0-1', 'k0-2']);
  expect(await sink.close()).toMatchObject({ accepted: 0, failed: 2, failedByReason: { deadline: 2 } });
  expect(failures()).toEqual([
    ['k0-1', 'deadline'],
    ['k0-2', 'deadline'],
  ]);
  expect(outcomes[0]).toMatchObject({
    message: expect.stringContaining('down for repair') as string,
    possiblyAccepted: true,
  });
  expect(pauses.slice(0, 6)).toEqual([50, 100, 200, 400, 800, 1_000]);
});

it('makes its caller wait while the server is away, and holds no more than it may', async () => {
  const fake = new FakePutRecords(() => 'never');
  const abort = new AbortController();
  const { sink, failures } = sinkOn(fake, { maxBufferedRecords: 100, signal: abort.signal });
  let put = 0;
  const putting = (async () => {
    for (const text of texts(1_000)) {
      await sink.put(record(text));
      put++;
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(put).toBe(99);
  abort.abort(new Error('Ctrl-C'));
  await putting;
  expect(await sink.close()).toMatchObject({ put: 1_000, failed: 1_000, failedByReason: { aborted: 1_000 } });
  expect(failures()).toHaveLength(1_000);
});

it('counts bytes for the same bound', async () => {
  const fake = new FakePutRecords(() => 'never');
  const abort = new AbortController();
  const { sink } = sinkOn(fake, { maxBufferedBytes: 1_000, signal: abort.signal });
  let waits = true;
  void sink.put({ partitionKey: 'k', data: Buffer.alloc(1_000) }).then(() => (waits = false));
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(waits).toBe(true);
  abort.abort();
  await sink.close();
});

it.each([
  ['ResourceNotFoundException', 'stream-missing', /There is no stream "metrics"/],
  ['AccessDeniedException', 'access-denied', /AWS does not allow this/],
  ['ExpiredTokenException', 'credentials', /credentials cannot be used/],
])('ends at once at %s: everything fails as %s', async (name, reason, message) => {
  const fake = new FakePutRecords((turn) => (turn === 0 ? 'ok' : { error: sdkError(name) }));
  const { sink, putAll } = sinkOn(fake, { maxRequestsInFlight: 1, quota: quotaOf(10) });
  await putAll(texts(35));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(sink.failure?.message).toMatch(message);
  await putAll(['k0-later']);
  expect(await sink.close()).toMatchObject({ put: 36, accepted: 10, failed: 26, failedByReason: { [reason]: 26 } });
  expect(fake.requests).toHaveLength(2);
});

it('gives up what Kinesis refuses, and goes on with the rest', async () => {
  const fake = new FakePutRecords((turn) => (turn === 0 ? { error: sdkError('ValidationException') } : 'ok'));
  const { sink, putAll } = sinkOn(fake, { maxRequestsInFlight: 1, quota: quotaOf(10) });
  await putAll(texts(25));
  expect(await sink.close()).toMatchObject({ accepted: 15, failed: 10, failedByReason: { refused: 10 } });
  expect(sink.failure).toBeUndefined();
});

it('does not send what no stream takes', async () => {
  const fake = new FakePutRecords();
  const { sink, failures } = sinkOn(fake);
  await sink.put({ partitionKey: 'k', data: Buffer.alloc(1_048_576) });
  await sink.put({ partitionKey: '', data: Buffer.from('a') });
  await sink.put({ partitionKey: 'x'.repeat(257), data: Buffer.from('b') });
  await sink.put({ partitionKey: '🛒'.repeat(256), data: Buffer.from('c') });
  await sink.put({ partitionKey: 'k', data: Buffer.alloc(1_048_575, 'd') });
  expect(await sink.close()).toMatchObject({ accepted: 2, failedByReason: { 'too-large': 1, invalid: 2 } });
  expect(failures().map(([, reason]) => reason)).toEqual(['too-large', 'invalid', 'invalid']);
});

it('waits a moment for company, and not once it is closed', async () => {
  const fake = new FakePutRecords();
  const sink = new KinesisRecordSink({
    client: fake.client,
    streamName: 'metrics',
    clock: () => Date.now(),
    random: () => 0,
    lingerMs: 60_000,
  });
  await sink.put(record('k0-1'));
  await sink.put(record('k0-2'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fake.requests).toHaveLength(0);
  await sink.close();
  expect(fake.requests).toEqual([['k0-1', 'k0-2']]);
});

it('takes nothing after it was closed', async () => {
  const { sink } = sinkOn(new FakePutRecords());
  expect(await sink.close()).toBe(await sink.close());
  await expect(sink.put(record('k0-1'))).rejects.toThrow('The sink is closed');
});

it('says of a listener that throws, and settles the rest', async () => {
  const fake = new FakePutRecords();
  const { sink, putAll } = sinkOn(fake, {
    onSettled: () => {
      throw new Error('listener');
    },
  });
  await putAll(texts(20));
  await expect(sink.close()).rejects.toThrow('listener');
  expect(fake.stored).toHaveLength(20);
});

function quotaOf(maxRecords: number) {
  return { maxRecords, maxRequestBytes: 10_485_760, maxRecordBytes: 1_048_576, maxRecordsPerKey: Infinity };
}
