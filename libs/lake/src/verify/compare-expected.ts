import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RejectReason, type RunCounts, RunCountsSchema } from '@pulselake/data-model';
import { LineReader } from '@pulselake/processing';
import { z } from 'zod';
import { LakeError } from '../errors.js';
import { isNotFound } from '../lake-files.js';
import type { Lake } from '../lake.js';
import type { QueryEngine, QueryValue } from '@pulselake/dashboards';
import type { Problem } from './problem.js';

/** How the lake compares with a generator's `expected/`. */
export interface ExpectedComparison {
  readonly windows: number;
  readonly reportRows: number;
  readonly rejected: number;
  /** All of them, in both directions. */
  readonly differences: number;
  /** The first hundred. */
  readonly problems: readonly Problem[];
}

const MAX_PROBLEMS = 100;
const RELATIVE_TOLERANCE = 1e-9;

const ManifestSchema = z.object({
  stages: z.record(z.string(), RunCountsSchema.extend({ rejectedByReason: z.record(z.string(), z.number()) })),
});

type Row = Record<string, QueryValue>;

/**
 * Compares the lake with a generator's `expected/`, both ways: windows with equal keys, minimum, maximum and count and
 * sums within 1e-9; reports equal; rejected records equal by reason and raw text, `late` aside; counts equal by stage.
 *
 * @throws LakeError when the folder is not one that a generator wrote
 */
export async function compareExpected(lake: Lake, engine: QueryEngine, directory: string): Promise<ExpectedComparison> {
  const problems: Problem[] = [];
  let differences = 0;
  const differ = (subject: string, message: string) => {
    differences++;
    if (problems.length < MAX_PROBLEMS) problems.push({ subject, message });
  };
  const windows = await compareWindows(engine, directory, differ);
  const reportRows = await compareReports(engine, directory, differ);
  const rejected = await compareRejected(engine, directory, differ);
  await compareCounts(lake, directory, differ);
  return { windows, reportRows, rejected, differences, problems };
}

type Differ = (subject: string, message: string) => void;

async function compareWindows(engine: QueryEngine, directory: string, differ: Differ): Promise<number> {
  const { rows } = await engine.query(
    `SELECT component_name, metric_name, unit, from_timestamp, to_timestamp, source, min_value, max_value, sum_value, sample_count
    FROM windowed_metrics_current`,
    { maxRows: 50_000_000 },
  );
  const actual = new Map(rows.map((row) => [JSON.stringify(row.slice(0, 6)), row]));
  let count = 0;
  for await (const row of expectedRows(directory, 'windowed_metrics.jsonl')) {
    count++;
    const key = JSON.stringify(
      ['componentName', 'metricName', 'unit', 'fromTimestamp', 'toTimestamp', 'source'].map((name) => row[name]),
    );
    const found = actual.get(key);
    if (!found) {
      differ(key, 'The window is expected, but not in the lake.');
      continue;
    }
    actual.delete(key);
    const [min, max, sum, samples] = found.slice(6) as [number, number, number | null, number | null];
    const wrong = [
      ...(min === row['minValue'] ? [] : [`minimum ${min}, expected ${text(row['minValue'])}`]),
      ...(max === row['maxValue'] ? [] : [`maximum ${max}, expected ${text(row['maxValue'])}`]),
      ...(samples === (row['sampleCount'] ?? null)
        ? []
        : [`count ${text(samples)}, expected ${text(row['sampleCount'])}`]),
      ...(isSameSum(sum, row['sumValue'] as number | null, row)
        ? []
        : [`sum ${text(sum)}, expected ${text(row['sumValue'])}`]),
    ];
    if (wrong.length > 0) differ(key, `The window differs: ${wrong.join('; ')}.`);
  }
  for (const key of actual.keys()) differ(key, 'The window is in the lake, but not expected.');
  return count;
}

/** Within 1e-9 × max(|sum|, count × max(|min|, |max|)): what compensated sums in any order agree to. */
function isSameSum(actual: number | null, expected: number | null | undefined, row: Row): boolean {
  if (actual === null || expected === null || expected === undefined) return actual === (expected ?? null);
  const samples = Number(row['sampleCount'] ?? 1);
  const magnitude = Math.max(Math.abs(Number(row['minValue'])), Math.abs(Number(row['maxValue'])));
  return Math.abs(actual - expected) <= RELATIVE_TOLERANCE * Math.max(Math.abs(expected), samples * magnitude);
}

async function compareReports(engine: QueryEngine, directory: string, differ: Differ): Promise<number> {
  const { rows } = await engine.query(
    'SELECT source, target, report_date, total_requests, failed_requests FROM traffic_reports',
  );
  const actual = multiset(rows.map((row) => JSON.stringify(row)));
  let count = 0;
  for await (const row of expectedRows(directory, 'traffic_reports.jsonl')) {
    count++;
    const key = JSON.stringify(
      ['source', 'target', 'reportDate', 'totalRequests', 'failedRequests'].map((name) => row[name]),
    );
    if (!take(actual, key)) differ(key, 'The report row is expected, but not in the lake.');
  }
  for (const key of actual.keys()) differ(key, 'The report row is in the lake, but not expected.');
  return count;
}

async function compareRejected(engine: QueryEngine, directory: string, differ: Differ): Promise<number> {
  const { rows } = await engine.query(
    `SELECT stage, reason, raw, raw_base64, coalesce(truncated, false) FROM rejected_records WHERE reason <> 'late'`,
    { maxRows: 50_000_000 },
  );
  const actual = multiset(rows.map((row) => JSON.stringify(row)));
  let count = 0;
  for await (const row of expectedRows(directory, 'rejected_records.jsonl')) {
    if (row['reason'] === 'late') continue;
    count++;
    const key = JSON.stringify([
      row['stage'],
      row['reason'],
      row['raw'] ?? null,
      row['rawBase64'] ?? null,
      row['truncated'] ?? false,
    ]);
    if (!take(actual, key)) differ(key, 'The rejected record is expected, but not in the lake.');
  }
  for (const key of actual.keys()) differ(key, 'The rejected record is in the lake, but not expected.');
  return count;
}

/** The ledger's sums of each stage against the manifest. */
async function compareCounts(lake: Lake, directory: string, differ: Differ): Promise<void> {
  const manifest = await readManifest(directory);
  const { runs } = await lake.ledger();
  for (const [stage, expected] of Object.entries(manifest.stages)) {
    const ofStage = runs.filter((run) => run.stage === stage);
    // Late events are accepted in the end: whether redrive has brought them home is seen in the windows.
    const late = ofStage.reduce((total, { rejectedByReason }) => total + (rejectedByReason.late ?? 0), 0);
    const atLast: Partial<RunCounts> = { accepted: late, rejected: -late };
    for (const name of Object.keys(RunCountsSchema.shape) as (keyof RunCounts)[]) {
      const sum = ofStage.reduce((total, { counts }) => total + counts[name], atLast[name] ?? 0);
      if (sum !== expected[name]) differ(stage, `The ledger counts ${sum} ${name}, expected ${expected[name]}.`);
    }
    const reasons = new Set([
      ...Object.keys(expected.rejectedByReason),
      ...ofStage.flatMap((run) => Object.keys(run.rejectedByReason)),
    ]);
    reasons.delete('late');
    for (const reason of reasons) {
      const sum = ofStage.reduce((total, run) => total + (run.rejectedByReason[reason as RejectReason] ?? 0), 0);
      const wanted = expected.rejectedByReason[reason] ?? 0;
      if (sum !== wanted) differ(stage, `The ledger counts ${sum} rejected as ${reason}, expected ${wanted}.`);
    }
  }
}

async function* expectedRows(directory: string, name: string): AsyncGenerator<Row> {
  let rows: Row[] = [];
  const reader = new LineReader({
    maxRecordBytes: Number.MAX_SAFE_INTEGER,
    onLine: (bytes, start, end) => rows.push(JSON.parse(bytes.toString('utf8', start, end)) as Row),
    onRejected: ({ line, message }) => {
      throw new LakeError(`${join(directory, name)}:${line}: ${message}`);
    },
  });
  try {
    for await (const chunk of createReadStream(join(directory, name))) {
      reader.push(chunk as Buffer);
      yield* rows;
      rows = [];
    }
    reader.end();
    yield* rows;
  } catch (error) {
    throw error instanceof LakeError ? error : notExpected(directory, name, error);
  }
}

async function readManifest(directory: string): Promise<z.infer<typeof ManifestSchema>> {
  const name = 'manifest.json';
  try {
    return ManifestSchema.parse(JSON.parse(await readFile(join(directory, name), 'utf8')));
  } catch (error) {
    throw notExpected(directory, name, error);
  }
}

function notExpected(directory: string, name: string, error: unknown): LakeError {
  const what = isNotFound(error) ? 'is missing' : error instanceof Error ? error.message : String(error);
  return new LakeError(
    `${join(directory, name)}: ${what}. Name the expected/ folder that pulselake generate wrote, or the folder that holds it.`,
    { cause: error },
  );
}

function multiset(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function take(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key);
  if (count === undefined) return false;
  if (count === 1) counts.delete(key);
  else counts.set(key, count - 1);
  return true;
}

function text(value: QueryValue | undefined): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
