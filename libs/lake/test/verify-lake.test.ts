import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { countFaults, type Lake, nextSequence, verifyLake } from '../src/index.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deadPid } from './support/dead-process.js';
import { draftOf, EMPTY_COUNTS, openLake, snapshot, stageTexts } from './support/lakes.js';
import { fillSmallLake } from './support/small-lake.js';
import { changeRun, flipBit, forgeFile, forgeKey } from './support/tamper.js';
import { keptFolder } from './support/temporary-folder.js';

const WINDOWS = 'windowed_metrics/dt=2024-03-01/batch-run-0.parquet';
const CORRECTED = 'windowed_metrics/dt=2024-03-01/stream-run-0.parquet';
const COUNTS = 'traffic_counts/report_date=2024-03-01/logs-one.json';
const REPORT = 'traffic_reports/report_date=2024-03-01/report.json';
const REJECTED = 'rejected/stage=metrics-etl/dt=2024-03-01/batch-run-0.jsonl';
const LOG_REJECTED = 'rejected/stage=traffic-report/dt=2024-03-01/logs-one-0.jsonl';
const ENTRY = 'pipeline_runs/dt=2024-03-02/batch-run.json';

const folder = keptFolder();
let lake: Lake;
let good: Record<string, string>;

beforeAll(async () => {
  lake = await openLake(folder.path);
  await fillSmallLake(lake);
  good = await snapshot(lake.root);
});
afterAll(folder.remove);

/** Brings the lake back to what it was. */
beforeEach(async () => {
  for (const key of Object.keys(await snapshot(lake.root))) if (!(key in good)) rmSync(join(lake.root, key));
  for (const [key, content] of Object.entries(good)) writeFileSync(join(lake.root, key), content, 'latin1');
});

const subjects = async () => [...new Set((await verifyLake(lake)).problems.map(({ subject }) => subject))];
const messages = async (subject: string) =>
  (await verifyLake(lake)).problems.filter((problem) => problem.subject === subject).map(({ message }) => message);

describe('verify', () => {
  it('finds nothing on a lake with windows, corrections, calls, reports and rejects', async () => {
    const progress: number[] = [];
    const verification = await verifyLake(lake, { onProgress: (bytes) => progress.push(bytes) });
    expect(verification.problems).toEqual([]);
    expect(verification.runs).toBe(4);
    // 3 of windows, 3 of counts, 2 reports, 2 enriched ones, 2 of rejects.
    expect(verification.files).toBe(12);
    expect(verification.recordsRead).toBe(6 + 5 + 14 + 5);
    expect(progress).toHaveLength(12);
    expect(progress.at(-1)).toBe(verification.bytes);
  });

  it.each([WINDOWS, COUNTS, REPORT, REJECTED, ENTRY])(
    'names the file of which one bit was flipped: %s',
    async (key) => {
      flipBit(join(lake.root, key), 8 * Math.floor(statSync(join(lake.root, key)).size / 2) + 3);
      expect(await subjects()).toContain(key);
    },
  );

  it('names the file of which any single bit was flipped, 200 times', async () => {
    const keys = Object.keys(good).filter((key) => key !== 'lake.json');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), fc.nat(2 ** 31 - 1), async (key, number) => {
        const path = join(lake.root, key);
        const bit = number % (statSync(path).size * 8);
        flipBit(path, bit);
        const found = await subjects();
        flipBit(path, bit);
        expect(found).toContain(key);
      }),
      // Without a bias to small numbers, which would all be bits of the first bytes.
      { numRuns: 200, unbiased: true },
    );
  }, 180_000);

  it.each([WINDOWS, COUNTS, REPORT, LOG_REJECTED])('names a file that is gone: %s', async (key) => {
    rmSync(join(lake.root, key));
    expect(await messages(key)).toEqual([expect.stringMatching(/^The file is missing \(run [\w-]+\)\.$/)]);
  });

  it.each([WINDOWS, REJECTED])('names a file that has grown or shrunk: %s', async (key) => {
    appendFileSync(join(lake.root, key), 'x');
    const { size } = statSync(join(lake.root, key));
    expect(await messages(key)).toEqual([`The file has ${size} bytes; the ledger says ${size - 1} (run batch-run).`]);
  });

  it('names the file whose entry in the ledger is gone', async () => {
    rmSync(join(lake.root, 'pipeline_runs/dt=2024-03-02/logs-two.json'));
    expect(await subjects()).toContain('traffic_counts/report_date=2024-03-02/logs-two.json');
  });

  it.each([
    'windowed_metrics/dt=2024-03-01/extra.parquet',
    'windowed_metrics/dt=2024-03-01/tmp_extra.part',
    'traffic_counts/report_date=2024-03-05/extra.json',
    'traffic_reports_enriched/extra.json',
    'rejected/stage=redrive/dt=2024-03-01/extra.jsonl',
  ])('names a file that no run lists: %s', async (key) => {
    mkdirSync(dirname(join(lake.root, key)), { recursive: true });
    writeFileSync(join(lake.root, key), '');
    expect(await verifyLake(lake)).toMatchObject({
      problems: [{ subject: key, message: 'No run of the ledger lists this file.' }],
    });
  });

  it('names an entry of the ledger in which one digit was changed', async () => {
    const text = readFileSync(join(lake.root, ENTRY), 'utf8');
    writeFileSync(join(lake.root, ENTRY), text.replace('"startedAt":"2024-03-02T12', '"startedAt":"2024-03-02T13'));
    expect(await subjects()).toContain(ENTRY);
  });

  it('names an entry of the ledger that is none', async () => {
    const key = 'pipeline_runs/dt=2024-03-02/extra.json';
    writeFileSync(join(lake.root, key), '{}\n');
    expect(await subjects()).toEqual([key]);
  });

  it('sweeps what a dead process left behind, and then finds nothing', async () => {
    mkdirSync(join(lake.root, `_staging/run-9.0.${deadPid()}`), { recursive: true });
    expect((await verifyLake(lake)).problems).toEqual([]);
    expect(Object.keys(await snapshot(lake.root)).sort()).toEqual(Object.keys(good).sort());
  });

  it('names the run whose counts do not balance', async () => {
    await changeRun(lake, 'batch-run', ({ counts }) => ({ counts: { ...counts, read: 7 } }));
    expect(await verifyLake(lake)).toMatchObject({
      problems: [
        {
          subject: 'batch-run',
          message:
            '7 records were read, but 6 are accounted for: 3 accepted, 0 duplicate, 0 external, 0 out of range, 3 rejected.',
        },
      ],
    });
  });

  it.each([
    ['fewer accepted than its files hold', 'batch-run', { read: 5, accepted: 2 }],
    ['samples that its corrected windows do not have', 'stream-run', { read: 6, accepted: 6 }],
    ['calls that its counts do not have', 'logs-one', { read: 15, accepted: 8 }],
    ['people in place of services', 'logs-one', { accepted: 6, external: 6 }],
    ['another number of rejects', 'batch-run', { read: 7, rejected: 4 }],
  ])('names the run that says %s', async (_, runId, changed) => {
    await changeRun(lake, runId, ({ counts }) => ({ counts: { ...counts, ...changed } }));
    expect(await subjects()).toEqual([runId]);
  });

  it('names the run whose rejects have other reasons than it says', async () => {
    await changeRun(lake, 'batch-run', () => ({ rejectedByReason: { malformed: 2, 'wrong-type': 1 } }));
    expect(await messages('batch-run')).toEqual([
      '2 records were rejected as malformed, but its files hold 3.',
      '1 records were rejected as wrong-type, but its files hold 0.',
    ]);
  });

  it('names a file of windows that lies in the wrong day', async () => {
    const wrong = WINDOWS.replace('03-01', '03-03');
    await forgeKey(lake, WINDOWS, wrong);
    expect(await messages(wrong)).toEqual(['Rows of the file belong to another day (run batch-run).']);
  });

  it('names the day whose report was changed, although the ledger agrees with its bytes', async () => {
    const text = readFileSync(join(lake.root, REPORT), 'utf8');
    expect(text).toContain('"totalRequests":10');
    await forgeFile(lake, REPORT, text.replace('"totalRequests":10', '"totalRequests":11'));
    expect(await verifyLake(lake)).toMatchObject({
      problems: [
        {
          subject: 'traffic_reports/report_date=2024-03-01',
          message: 'The report is not the sum of the counts of its inputs.',
        },
        { subject: 'traffic_reports_enriched/report_date=2024-03-01' },
      ],
    });
  });

  it('names the day whose report is gone with its row, although the ledger agrees', async () => {
    await forgeFile(lake, REPORT, '', 0);
    expect(await subjects()).toContain('traffic_reports/report_date=2024-03-01');
  });

  it.each([
    [WINDOWS, 'no Parquet'],
    [CORRECTED, ''],
    [COUNTS, '{"kind":"service"'],
    [REPORT, '\0\0'],
    [REJECTED, '[]\n"'],
  ])('names %s when it cannot be read, although the ledger agrees with its bytes', async (key, content) => {
    await forgeFile(lake, key, content);
    expect(await subjects()).toContain(key);
  });

  it('names the file whose rows are not as many as the ledger says', async () => {
    await forgeFile(lake, REJECTED, readFileSync(join(lake.root, REJECTED)), 4);
    expect(await messages(REJECTED)).toEqual(['The file holds 3 rows; the ledger says 4 (run batch-run).']);
  });

  it('takes a commit in between for no problem', async () => {
    const key = 'traffic_reports_enriched/report_date=2024-03-09/report.json';
    let waits: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => (waits = resolve));
    const watcher = await openLake(lake.root, { onMessage: () => waits() });
    let verification: ReturnType<typeof verifyLake> | undefined;
    await lake.locked(async ({ runs }) => {
      mkdirSync(dirname(join(lake.root, key)), { recursive: true });
      writeFileSync(join(lake.root, key), '{}\n');
      verification = verifyLake(watcher);
      await waiting;
      const transaction = await lake.begin('run-9');
      await stageTexts(transaction, { [key]: '{}\n' });
      await transaction.commit(draftOf('run-9'), { sequence: nextSequence(runs) });
    });
    expect((await verification)!.problems).toEqual([]);
  });
});

describe('verify of reports which account for their calls themselves, as those of Spark', () => {
  const SPARK = 'traffic_reports/report_date=2024-03-07/part-0.json';
  const row = (source: string, totalRequests: number) =>
    `${JSON.stringify({ id: '0000000000000000', source, target: 'cart', totalRequests, failedRequests: 0 })}\n`;

  /** Commits two pairs of services with 7 and 3 calls, and 5 calls of people. */
  async function commitReport(records: number, accepted: number): Promise<void> {
    const transaction = await lake.begin('spark-run');
    await stageTexts(transaction, { [SPARK]: row('orders', 7) + row('stock', 3) + row('users', 5) });
    transaction.add(SPARK, { rows: 3, records });
    const counts = { ...EMPTY_COUNTS, read: accepted + 5, accepted, external: 5 };
    await lake.locked(({ runs }) =>
      transaction.commit(draftOf('spark-run', { stage: 'traffic-report', counts }), { sequence: nextSequence(runs) }),
    );
  }

  it('finds nothing where report and account agree', async () => {
    await commitReport(10, 10);
    expect((await verifyLake(lake)).problems).toEqual([]);
  });

  it('names the run that says more calls than its reports', async () => {
    await commitReport(10, 11);
    expect(await messages('spark-run')).toEqual(['11 records went into the result, but its files account for 10.']);
  });

  it('names the report that holds other calls than the ledger says', async () => {
    await commitReport(11, 11);
    expect(await messages(SPARK)).toEqual(['The file holds 10 calls of services; the ledger says 11 (run spark-run).']);
  });
});

describe('countFaults', () => {
  it('finds nothing in a run that read and wrote nothing', () => {
    expect(countFaults({ ...draftOf('run-1'), outputs: [], rowsWritten: 0 })).toEqual([]);
  });

  it('counts what is still open in windows as accepted', () => {
    const run = {
      ...draftOf('run-1', { stage: 'stream-windows', counts: { ...EMPTY_COUNTS, read: 5, accepted: 5 }, open: 5 }),
      outputs: [],
      rowsWritten: 0,
    };
    expect(countFaults(run)).toEqual([]);
    expect(countFaults({ ...run, open: 4 })).toEqual(['5 records went into the result, but its files account for 4.']);
  });

  it('finds rows that no output lists', () => {
    expect(countFaults({ ...draftOf('run-1'), outputs: [], rowsWritten: 1 })).toEqual([
      '1 rows were written, but the outputs list 0.',
    ]);
  });
});
