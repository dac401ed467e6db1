import { expect, it, onTestFinished } from 'vitest';
import { type Fault, FaultProxy, type FaultProxyOptions, startKinesalite } from '../src/index.js';
import { askKinesis, textsOf } from './support/ask-kinesis.js';

/** A stream behind a proxy. */
async function aStream(options: Omit<FaultProxyOptions, 'target'> = {}, shards = 1) {
  const server = await startKinesalite();
  onTestFinished(() => server.close());
  const proxy = await FaultProxy.start({ target: server.url, ...options });
  onTestFinished(() => proxy.close());
  await askKinesis(proxy.url, 'CreateStream', { StreamName: 's', ShardCount: shards });
  for (;;) {
    const summary = await askKinesis(server.url, 'DescribeStreamSummary', { StreamName: 's' });
    const { StreamDescriptionSummary: found } = (await summary.json()) as {
      StreamDescriptionSummary: { StreamStatus: string };
    };
    if (found.StreamStatus === 'ACTIVE') break;
  }
  const put = (texts: readonly string[], signal?: AbortSignal) =>
    askKinesis(
      proxy.url,
      'PutRecords',
      {
        StreamName: 's',
        Records: texts.map((text) => ({
          Data: Buffer.from(text).toString('base64'),
          PartitionKey: text.slice(0, 100),
        })),
      },
      signal,
    );
  return { server, proxy, put, held: () => textsOf(server.url, 's') };
}

interface PutAnswer {
  readonly FailedRecordCount: number;
  readonly Records: readonly { readonly SequenceNumber?: string; readonly ErrorCode?: string }[];
}

it('passes what nothing happens to', async () => {
  const { put, held, proxy } = await aStream();
  const answer = await put(['a', 'b']);
  expect(((await answer.json()) as PutAnswer).FailedRecordCount).toBe(0);
  expect(await held()).toEqual(['a', 'b']);
  expect(proxy.counts).toMatchObject({ requests: 2, forwarded: 2, refusedRecords: 0 });
});

it('forwards only some records of a partial failure, and tells the truth about each', async () => {
  const { put, held, proxy } = await aStream({ script: ['partial-failure'] });
  const texts = Array.from({ length: 40 }, (_, at) => `t${at}`);
  const answer = await put(texts);
  const { FailedRecordCount: failed, Records: entries } = (await answer.json()) as PutAnswer;
  expect(answer.status).toBe(200);
  expect(failed).toBeGreaterThan(5);
  expect(failed).toBeLessThan(35);
  expect(await held()).toEqual(texts.filter((_text, at) => entries[at]!.SequenceNumber !== undefined));
  expect(entries.filter(({ ErrorCode }) => ErrorCode === 'ProvisionedThroughputExceededException')).toHaveLength(
    failed,
  );
  expect(proxy.counts.refusedRecords).toBe(failed);
});

it.each<[Fault, number, RegExp]>([
  ['throttle', 400, /ProvisionedThroughputExceededException/],
  ['server-error', 500, /InternalFailure/],
  ['html', 200, /<!doctype html>/],
])('%s answers and forwards nothing', async (fault, status, body) => {
  const { put, held, proxy } = await aStream({ script: [fault] });
  const answer = await put(['a']);
  expect(answer.status).toBe(status);
  expect(await answer.text()).toMatch(body);
  expect(await held()).toEqual([]);
  expect(proxy.counts.faults[fault]).toBe(1);
});

it.each<[Fault, string[]]>([
  ['reset-before', []],
  ['reset-after', ['a']],
  ['truncated', ['a']],
])('%s cuts the connection, and the stream holds %j', async (fault, stored) => {
  const { put, held } = await aStream({ script: [fault] });
  await expect(put(['a']).then((answer) => answer.text())).rejects.toThrow();
  expect(await held()).toEqual(stored);
});

it.each<[Fault, string[]]>([
  ['hang-before', []],
  ['hang-after', ['a']],
])('%s never answers, and the stream holds %j', async (fault, stored) => {
  const { put, held } = await aStream({ script: [fault] });
  await expect(put(['a'], AbortSignal.timeout(200))).rejects.toThrow('aborted due to timeout');
  expect(await held()).toEqual(stored);
});

it('refuses what is beyond the limits of a shard, by record and by bytes, each shard for itself', async () => {
  const { put, proxy } = await aStream({ shardLimits: { recordsPerSecond: 20, bytesPerSecond: 1_000 } }, 2);
  const first = (await (await put(Array.from({ length: 100 }, (_, at) => `t${at}`))).json()) as PutAnswer;
  const taken = first.Records.filter(({ SequenceNumber }) => SequenceNumber !== undefined).length;
  // Two shards of 20, and what refilled meanwhile.
  expect(taken).toBeGreaterThanOrEqual(40);
  expect(taken).toBeLessThan(50);
  expect(proxy.counts.refusedRecords).toBe(100 - taken);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const big = (await (await put(['x'.repeat(700), 'x'.repeat(700)])).json()) as PutAnswer;
  expect(big.FailedRecordCount).toBe(1);
});

it('decides by its seed, and about how often it was told', async () => {
  const counts = await Promise.all(
    [7, 7, 8].map(async (seed) => {
      const { put, proxy } = await aStream({ seed, rates: { throttle: 0.3, 'server-error': 0.2 } });
      const statuses: number[] = [];
      for (let at = 0; at < 60; at++) statuses.push((await put(['a'])).status);
      return { statuses, faults: proxy.counts.faults };
    }),
  );
  expect(counts[0]).toEqual(counts[1]);
  expect(counts[0]).not.toEqual(counts[2]);
  expect(counts[0]!.faults.throttle).toBeGreaterThan(8);
  expect(counts[0]!.faults['server-error']).toBeGreaterThan(4);
});

it('leaves other operations alone, and takes another plan', async () => {
  const { server, proxy, put } = await aStream({ script: ['server-error', 'server-error'] });
  expect((await askKinesis(proxy.url, 'ListShards', { StreamName: 's' })).status).toBe(200);
  expect((await put(['a'])).status).toBe(500);
  proxy.setPlan({});
  expect((await put(['a'])).status).toBe(200);
  expect(await textsOf(server.url, 's')).toEqual(['a']);
});
