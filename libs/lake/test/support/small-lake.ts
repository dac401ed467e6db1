import { rename } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { parseInstant, utcDay } from '@pulselake/data-model';
import {
  type Lake,
  nextSequence,
  RejectedWriter,
  stageTrafficCounts,
  stageTrafficReport,
  type WindowPart,
  type WindowRow,
  windowsKey,
  WindowsWriter,
  type WindowsWriterOptions,
} from '../../src/index.js';
import { type PairCount, SeriesTable } from '@pulselake/processing';
import { draftOf, EMPTY_COUNTS, inputOf } from './lakes.js';

export const DAY_MS = 86_400_000;
export const DAY_ONE_MS = parseInstant('2024-03-01T00:00:00Z')!;
const WINDOW_MS = 300_000;

type SeriesNames = readonly [component: string, metric: string, unit: string];

const CART: SeriesNames = ['cart', 'latency', 'ms'];

/** A window of a test: names and what differs from one whole five-minute window. */
export type TestWindow = Omit<WindowRow, 'series' | 'toMs'> & {
  readonly names?: SeriesNames;
  readonly toMs?: number;
};

/** Commits windows as one run of `metrics-etl` (rows) or `stream-windows` (samples). */
export async function commitWindows(
  lake: Lake,
  runId: string,
  windows: readonly TestWindow[],
  options: Partial<Omit<WindowsWriterOptions, 'transaction' | 'series'> & WindowPart> & {
    rejected?: number;
    /** Columns that the files do not have, as those from before a column was added. */
    lacks?: readonly string[];
  } = {},
): Promise<void> {
  const series = new SeriesTable();
  const account = options.account ?? 'rows';
  const inputId = options.inputId ?? runId;
  const transaction = await lake.begin(runId);
  const writer = await WindowsWriter.open({
    transaction,
    series,
    source: account === 'rows' ? 'batch' : 'stream',
    name: runId,
    ...options,
  });
  writer.begin({ partId: '', emittedAtMs: DAY_ONE_MS, ...options, inputId, account });
  for (const { names = CART, ...window } of windows) {
    writer.add({ toMs: window.fromMs + WINDOW_MS, ...window, series: series.indexOf(...names) });
    if (writer.isFull) await writer.flush();
  }
  await writer.flush();
  writer.release();
  if (options.lacks) {
    const name = `${options.name ?? runId}-0`;
    for (const day of new Set(windows.map(({ fromMs }) => utcDay(fromMs))))
      await dropColumns(await transaction.stage(windowsKey(day, name)), options.lacks);
  }
  const stage = account === 'rows' ? 'metrics-etl' : 'stream-windows';
  const rejects = await RejectedWriter.open(transaction, { stage, day: '2024-03-01', file: '/data/in.csv', inputId });
  const rejected = options.rejected ?? 0;
  for (let line = 1; line <= rejected; line++)
    rejects.write({ reason: 'malformed', message: 'Too few fields.', line, raw: `torn ${line}` });
  rejects.close();
  const corrected = windows.filter(({ revision }) => (revision ?? 0) > 0).length;
  const counted = account === 'rows' || corrected === 0 ? writer.records : lastRevisions(windows);
  await lake.locked(({ runs }) =>
    transaction.commit(
      draftOf(runId, {
        stage,
        inputs: [inputOf(inputId)],
        counts: { ...EMPTY_COUNTS, read: counted + rejected, accepted: counted, rejected },
        rejectedByReason: rejects.byReason,
        ...(corrected > 0 && { windowsCorrected: corrected }),
      }),
      { sequence: nextSequence(runs) },
    ),
  );
}

async function dropColumns(path: string, columns: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * EXCLUDE (${columns.join(', ')}) FROM '${path}') TO '${path}.less' (FORMAT parquet)`,
  );
  instance.closeSync();
  await rename(`${path}.less`, path);
}

/** Samples of each window's highest revision. */
function lastRevisions(windows: readonly TestWindow[]): number {
  const last = new Map<string, TestWindow>();
  for (const window of windows) {
    const key = JSON.stringify([window.names, window.fromMs]);
    if ((window.revision ?? 0) >= (last.get(key)?.revision ?? 0)) last.set(key, window);
  }
  return [...last.values()].reduce((sum, { sampleCount }) => sum + (sampleCount ?? 0), 0);
}

/** Commits one input's calls and the reports of their days. */
export async function commitTraffic(
  lake: Lake,
  runId: string,
  counts: readonly PairCount[],
  rejected = 0,
): Promise<void> {
  const transaction = await lake.begin(runId);
  const days = await stageTrafficCounts(transaction, runId, counts);
  const rejects = await RejectedWriter.open(transaction, {
    stage: 'traffic-report',
    day: '2024-03-01',
    inputId: runId,
  });
  for (let line = 1; line <= rejected; line++)
    rejects.write({ reason: 'unparsed-line', message: 'No known shape.', line, raw: `?${line}` });
  rejects.close();
  const sum = (kind: PairCount['kind']) =>
    counts.filter((count) => count.kind === kind).reduce((total, { totalRequests }) => total + totalRequests, 0);
  await lake.locked(async ({ runs }) => {
    for (const day of days) await stageTrafficReport(lake.root, transaction, day);
    return transaction.commit(
      draftOf(runId, {
        stage: 'traffic-report',
        inputs: [inputOf(runId)],
        counts: {
          ...EMPTY_COUNTS,
          read: sum('service') + sum('user') + rejected,
          accepted: sum('service'),
          external: sum('user'),
          rejected,
        },
        rejectedByReason: rejects.byReason,
      }),
      { sequence: nextSequence(runs) },
    );
  });
}

export function callsOf(day: number, source: string, target: string, totalRequests: number): PairCount {
  return { day, kind: source === '' ? 'user' : 'service', source, target, totalRequests, failedRequests: 1 };
}

/** A lake with every kind of file: windows of two days, corrected ones too, calls of two inputs, reports, rejects. */
export async function fillSmallLake(lake: Lake): Promise<void> {
  const day = DAY_ONE_MS / DAY_MS;
  const row = { minValue: 1, maxValue: 4, sumValue: 10, sampleCount: 4 };
  await commitWindows(
    lake,
    'batch-run',
    [
      { ...row, fromMs: DAY_ONE_MS },
      { minValue: 2, maxValue: 3, fromMs: DAY_ONE_MS + DAY_MS },
      { ...row, fromMs: DAY_ONE_MS + WINDOW_MS, names: ['orders', 'errors', 'count'] },
    ],
    { rejected: 3 },
  );
  await commitWindows(
    lake,
    'stream-run',
    [
      { ...row, fromMs: DAY_ONE_MS },
      { ...row, fromMs: DAY_ONE_MS, sumValue: 15, sampleCount: 5, revision: 1 },
    ],
    { account: 'samples' },
  );
  await commitTraffic(lake, 'logs-one', [callsOf(day, 'cart', 'orders', 7), callsOf(day, '', 'cart', 5)], 2);
  await commitTraffic(lake, 'logs-two', [callsOf(day, 'cart', 'orders', 3), callsOf(day + 1, 'orders', 'stock', 2)]);
}
