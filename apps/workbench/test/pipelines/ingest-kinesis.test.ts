import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_WINDOW_SETTINGS, type WindowSettings } from '@pulselake/data-model';
import { DuckDbQueryEngine, Lake, verifyLake } from '@pulselake/lake';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ingestKinesis } from '../../src/pipelines/ingest-kinesis.js';
import { decodeBatch, encodeBatch } from '../../src/pipelines/stream-batch.js';

const START_MS = Date.parse('2024-05-01T12:00:00Z');
const SOURCE = { name: 'metric-events', region: 'eu-west-1' };

function eventAt(second: number, eventId?: string): string {
  const publicationTimestamp = new Date(START_MS + second * 1000).toISOString();
  return JSON.stringify({
    componentName: 'cart',
    metricName: 'latency',
    unit: 'ms',
    value: second,
    publicationTimestamp,
    eventId,
  });
}

describe('events of a Kinesis stream', () => {
  let root: string;
  let lake: Lake;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'pulselake-kinesis-'));
    lake = await Lake.open(root, { command: 'test', clock: () => START_MS + 3_600_000, create: true });
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  /** Reads what shards hold behind the positions; fails after so many reads, as a killed process would end. */
  async function ingest(
    shards: Readonly<Record<string, readonly string[]>>,
    {
      failAfter = Infinity,
      settings = DEFAULT_WINDOW_SETTINGS,
    }: { failAfter?: number; settings?: WindowSettings } = {},
  ) {
    const asked: [string, string][] = [];
    let reads = 0;
    const run = await ingestKinesis(lake, {
      source: SOURCE,
      settings,
      clock: () => START_MS + 3_600_000,
      signal: new AbortController().signal,
      read: async function* (positions) {
        await Promise.resolve();
        asked.push(...positions);
        for (const [shardId, records] of Object.entries(shards)) {
          for (let at = Number(positions.get(shardId) ?? 0); at < records.length; at++) {
            if (reads++ >= failAfter) throw new Error('the power went');
            const position = String(at + 1);
            yield { shardId, position, records: [{ sequenceNumber: position, data: Buffer.from(records[at]!) }] };
          }
        }
      },
    });
    return { run, asked };
  }

  const windows = async () => {
    const engine = await DuckDbQueryEngine.open(root);
    const { rows } = await engine.query(
      `SELECT sum(sample_count), count(*), count(DISTINCT part_id) FROM windowed_metrics_current JOIN (SELECT DISTINCT part_id FROM windowed_metrics WHERE dt >= '0001-01-01') ON true WHERE dt >= '0001-01-01'`,
    );
    await engine.close();
    return rows[0];
  };

  test('are gone on with as one run after a crash: windows are still open, ids still held', async () => {
    const a = [eventAt(1, 'x'), eventAt(2), eventAt(3, 'y')];
    await expect(ingest({ a }, { failAfter: 2 })).rejects.toThrow('the power went');
    const b = [eventAt(4)];
    await expect(ingest({ a: [...a, eventAt(1, 'x')], b }, { failAfter: 1 })).rejects.toThrow('the power went');
    const { run, asked } = await ingest({ a: [...a, eventAt(1, 'x'), eventAt(3, 'y'), eventAt(5)], b });
    expect(asked).toEqual([['a', '3']]);
    expect(run.counts).toMatchObject({ read: 7, accepted: 5, duplicate: 2 });
    expect(run.stream).toEqual({ ...SOURCE, positions: { a: '6', b: '1' } });
    expect((await lake.ledger()).runs.map(({ runId }) => runId)).toEqual([run.runId]);
    expect(await windows()).toEqual([5, 1, 1]);
    expect((await verifyLake(lake)).problems).toEqual([]);
  });

  test('are read on behind the last run, which keeps the positions of silent shards', async () => {
    await ingest({ a: [eventAt(1)], b: [eventAt(2)] });
    await ingest({ a: [eventAt(1), eventAt(3)], b: [eventAt(2)] });
    const { run, asked } = await ingest({ a: [eventAt(1), eventAt(3)], b: [eventAt(2)] });
    expect(asked).toEqual([
      ['a', '2'],
      ['b', '1'],
    ]);
    expect(run.counts.read).toBe(0);
    expect(run.stream?.positions).toEqual({ a: '2', b: '1' });
  });

  test('begin a run of their own after a crash when the settings are others', async () => {
    await expect(ingest({ a: [eventAt(1), eventAt(2)] }, { failAfter: 1 })).rejects.toThrow('the power went');
    const settings = { ...DEFAULT_WINDOW_SETTINGS, windowSizeSeconds: 60 };
    const { run } = await ingest({ a: [eventAt(1), eventAt(2)] }, { settings });
    expect(run.counts.read).toBe(1);
    const { runs } = await lake.ledger();
    expect(runs.map(({ counts }) => counts.read)).toEqual([1, 1]);
    expect((await verifyLake(lake)).problems).toEqual([]);
  });

  test('are rejected with their sequence number, whole, whatever bytes they are', async () => {
    const { run } = await ingest({ a: ['{\n', '', eventAt(1).replace(',', ',\n'), eventAt(2)] });
    expect(run.counts).toMatchObject({ read: 4, accepted: 2, rejected: 2 });
    const engine = await DuckDbQueryEngine.open(root);
    const { rows } = await engine.query(
      `SELECT raw, sequence_number, line FROM rejected_records WHERE dt >= '0001-01-01' ORDER BY 2`,
    );
    await engine.close();
    expect(rows).toEqual([
      ['{\n', '1', null],
      ['', '2', null],
    ]);
  });

  test('go through the journal unchanged', () => {
    const record = fc.record({ sequenceNumber: fc.string({ minLength: 1 }), data: fc.uint8Array() });
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(record), (shardId, position, records) => {
        const { records: read, ...head } = decodeBatch(encodeBatch({ source: SOURCE, shardId, position, records }));
        expect(head).toEqual({ source: SOURCE, shardId, position });
        const plain = (list: typeof records) => list.map(({ sequenceNumber, data }) => [sequenceNumber, [...data]]);
        expect(plain(read as typeof records)).toEqual(plain(records));
      }),
    );
  });
});
