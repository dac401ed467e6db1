import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactLake, DuckDbQueryEngine, Lake, pruneLake, verifyLake } from '@pulselake/lake';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliver } from '../../src/pipelines/deliver/deliver.js';
import type { StreamRead } from '../../src/pipelines/stream-source.js';

const NOW_MS = Date.parse('2024-05-01T13:00:00Z');
const SOURCE = { name: 'windowed-metrics', region: 'eu-west-1' };

interface Window {
  readonly component?: string;
  readonly samples?: number;
  readonly revision?: number;
  readonly emittedAt?: string;
  readonly minute?: number;
}

function windowOf({ component = 'cart', samples = 2, revision = 0, emittedAt, minute = 0 }: Window = {}): object {
  const at = (minutes: number) => new Date(Date.parse('2024-05-01T12:00:00Z') + minutes * 60_000).toISOString();
  return {
    componentName: component,
    metricName: 'latency',
    unit: 'ms',
    minValue: 1,
    maxValue: samples,
    sumValue: samples + 0.5,
    sampleCount: samples,
    fromTimestamp: at(minute),
    toTimestamp: at(minute + 5),
    source: 'stream',
    partId: '',
    revision,
    emittedAt: emittedAt ?? at(minute + 6),
    inputId: '',
  };
}

describe('a delivery', () => {
  let root: string;
  let lake: Lake;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'pulselake-deliver-'));
    lake = await open();
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  const open = () => Lake.open(root, { command: 'test', clock: () => NOW_MS, create: true });

  /** Delivers what shards hold behind the positions, each record under its number. */
  async function deliverShards(shards: Readonly<Record<string, readonly (object | string)[]>>, commitRecords = 3) {
    const asked: [string, string][] = [];
    const outcome = await deliver(lake, {
      source: SOURCE,
      commitRecords,
      signal: new AbortController().signal,
      read: async function* (positions): AsyncGenerator<StreamRead> {
        await Promise.resolve();
        asked.push(...positions);
        for (const [shardId, records] of Object.entries(shards)) {
          for (const [index, record] of records.entries()) {
            if (index < Number(positions.get(shardId) ?? 0)) continue;
            const data = Buffer.from(typeof record === 'string' ? record : JSON.stringify(record));
            const sequenceNumber = String(index + 1);
            yield { shardId, records: [{ sequenceNumber, data }], position: sequenceNumber };
          }
        }
      },
    });
    return { ...outcome, asked };
  }

  const rowsOf = async (sql: string) => {
    const engine = await DuckDbQueryEngine.open(root);
    try {
      return (await engine.query(sql)).rows;
    } finally {
      await engine.close();
    }
  };

  test('brings windows into the lake, and goes on where its last commit ended', async () => {
    const first = { a: [windowOf(), windowOf({ minute: 5 }), windowOf({ minute: 10 }), windowOf({ minute: 15 })] };
    const { runs } = await deliverShards(first);
    expect(runs.map(({ counts }) => counts.accepted)).toEqual([3, 1]);
    expect(runs.at(-1)?.stream).toEqual({ ...SOURCE, positions: { a: '4' } });

    lake = await open();
    const again = await deliverShards({ a: [...first.a, windowOf({ minute: 20 })], b: [windowOf({ component: 'b' })] });
    expect(again.asked).toEqual([['a', '4']]);
    expect(again.runs.map(({ counts }) => counts.read)).toEqual([2]);
    expect(again.runs[0]?.stream?.positions).toEqual({ a: '5', b: '1' });
    expect(await rowsOf(`SELECT count(*), sum(sample_count) FROM windowed_metrics WHERE dt >= '0001-01-01'`)).toEqual([
      [6, 12],
    ]);
    expect((await verifyLake(lake)).problems).toEqual([]);
  });

  test('keeps revisions and instants, so that the last version of a window counts', async () => {
    await deliverShards({
      a: [
        windowOf({ samples: 5, revision: 1, emittedAt: '2024-05-01T12:09:00.123Z' }),
        windowOf({ samples: 2, revision: 0, emittedAt: '2024-05-01T12:06:00.000Z' }),
        windowOf({ samples: 4, revision: 0, emittedAt: '2024-05-01T12:07:00.000Z' }),
      ],
    });
    expect(
      await rowsOf(
        `SELECT sample_count, revision, strftime(emitted_at AT TIME ZONE 'UTC', '%H:%M:%S.%g') FROM windowed_metrics_current WHERE dt >= '0001-01-01'`,
      ),
    ).toEqual([[5, 1, '12:09:00.123']]);
  });

  test('rejects what is no window, with its reason and sequence number', async () => {
    const { runs } = await deliverShards({
      a: ['{', { ...windowOf(), revision: -1 }, { ...windowOf(), emittedAt: 'now' }, windowOf()],
    });
    expect(runs.reduce((sum, { counts }) => sum + counts.rejected, 0)).toBe(3);
    expect(
      await rowsOf(
        `SELECT reason, sequence_number FROM rejected_records WHERE stage = 'delivery' AND dt >= '0001-01-01' ORDER BY 2`,
      ),
    ).toEqual([
      ['malformed', '1'],
      ['wrong-type', '2'],
      ['bad-timestamp', '3'],
    ]);
    expect((await verifyLake(lake)).problems).toEqual([]);
  });

  describe('with the account of a Flink job', () => {
    const account = async (line: object) => {
      const folder = join(root, 'stream_accounts/dt=2024-05-01');
      await mkdir(folder, { recursive: true });
      const entry = {
        runId: 'stream-windows-job-2024-05-01',
        jobName: 'job',
        outputStream: SOURCE.name,
        day: '2024-05-01',
        rejectedByReason: {},
        ...line,
      };
      await appendFile(join(folder, 'job-1.jsonl'), `${JSON.stringify(entry)}\n`);
    };
    const rejects = async (lines: number, name = 'flink.job.-1.jsonl') => {
      const folder = join(root, 'rejected/stage=stream-windows/dt=2024-05-01');
      await mkdir(folder, { recursive: true });
      const line = JSON.stringify({
        stage: 'stream-windows',
        runId: 'x',
        reason: 'malformed',
        message: '',
        inputId: 'flink.job',
        raw: '{',
      });
      await writeFile(join(folder, name), `${line}\n`.repeat(lines));
    };

    test('proves that the windows hold what the job has counted', async () => {
      await account({ counts: { read: 9, accepted: 6, duplicate: 1, open: 6 }, rejectedByReason: { malformed: 2 } });
      await account({ counts: { open: -4 } });
      await rejects(2);
      expect((await verifyLake(lake)).problems.map(({ message }) => message)).toEqual([
        expect.stringContaining('no delivery has taken it up'),
      ]);
      const { waiting } = await deliverShards({ a: [windowOf({ samples: 4 })] });
      expect(waiting).toEqual([]);
      expect((await verifyLake(lake)).problems).toEqual([]);
      const { runs } = await lake.ledger();
      expect(runs.find(({ job }) => job)).toMatchObject({
        runId: 'stream-windows-job-2024-05-01',
        counts: { read: 9, accepted: 6, duplicate: 1, rejected: 2 },
        open: 2,
      });
    });

    test('says which is missing when they do not', async () => {
      await account({ counts: { read: 6, accepted: 6 } });
      await deliverShards({ a: [windowOf({ samples: 4 })] });
      expect((await verifyLake(lake)).problems).toEqual([
        { subject: 'stream windowed-metrics', message: expect.stringContaining('6 events') as string },
      ]);
    });

    test('still proves it when the files delivered were merged, twice, and not when days of them are gone', async () => {
      const windows = (component: string) =>
        Array.from({ length: 4 }, (_, minute) => windowOf({ component, minute: 5 * minute }));
      await account({ counts: { read: 24, accepted: 24 } });
      await deliverShards({ a: windows('cart') }, 2);
      await compactLake(lake);
      await deliverShards({ a: [...windows('cart'), ...windows('stock')] }, 2);
      await compactLake(lake);
      expect(await rowsOf('SELECT count(DISTINCT dt), sum(sample_count) FROM windowed_metrics')).toEqual([[1, 16]]);
      expect((await verifyLake(lake)).problems).toEqual([
        {
          subject: 'stream windowed-metrics',
          message: expect.stringContaining(
            '24 events into windows it has written, and the windows delivered hold 16',
          ) as string,
        },
      ]);
      await deliverShards({ a: [...windows('cart'), ...windows('stock'), ...windows('orders')] }, 2);
      expect((await verifyLake(lake)).problems).toEqual([]);
      await pruneLake(lake, '2024-05-02');
      expect((await verifyLake(lake)).problems).toEqual([]);
    });

    test('fails on an account that cannot be read, and says which', async () => {
      await account({ counts: { read: 'many' } });
      await expect(deliverShards({})).rejects.toThrow(/job-1\.jsonl is no account of a Flink job/);
    });

    test('waits for files that become final after the account', async () => {
      await account({ counts: { read: 3, accepted: 0 }, rejectedByReason: { malformed: 3 } });
      await rejects(2);
      await rejects(1, '.flink.job.-2.jsonl.inprogress.abc');
      expect((await deliverShards({})).waiting).toEqual([
        { runId: 'stream-windows-job-2024-05-01', counted: 3, found: 2 },
      ]);
      const folder = join(root, 'rejected/stage=stream-windows/dt=2024-05-01');
      await rename(join(folder, '.flink.job.-2.jsonl.inprogress.abc'), join(folder, 'flink.job.-2.jsonl'));
      expect((await deliverShards({})).waiting).toEqual([]);
      expect((await verifyLake(lake)).problems).toEqual([]);
      // Nothing new: the ledger's entry stays.
      const before = (await lake.ledger()).runs;
      await deliverShards({});
      expect((await lake.ledger()).runs).toEqual(before);
    });
  });
});
