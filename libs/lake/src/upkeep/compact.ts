import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { compareText, formatInstant, type PipelineRun } from '@pulselake/data-model';
import { rowsOf, withDuckDb } from '../duckdb-session.js';
import { isNotFound } from '../lake-files.js';
import { type Lake, nextSequence } from '../lake.js';
import { dayOfKey, isWindowsKey, mergedWindowsKey } from '../lake-layout.js';
import { type LiveFile, liveFiles } from '../live-files.js';
import type { RunTransaction } from '../run-transaction.js';
import { globLiteral, sqlLiteral } from '../sql-literal.js';
import { copyWindows } from './copy-windows.js';

export interface CompactOptions {
  /** Only these UTC days, `YYYY-MM-DD`; every day when absent. */
  readonly days?: readonly string[];
  /** Files of at least this many bytes are left alone, and a merged file is about this large. Default 128 MiB. */
  readonly targetBytes?: number;
  readonly signal?: AbortSignal;
  /** Told before each day. */
  readonly onProgress?: (day: string, done: number, total: number) => void;
}

const TARGET_BYTES = 128 * 1024 * 1024;

/**
 * Merges the small files of each day, and drops rows that a higher revision of the same part of the same input has
 * corrected. One run a day.
 *
 * The work is done beside the lake's writers; the lock is held for the commit alone. A day whose files changed meanwhile
 * is done again.
 *
 * @returns the runs, none for days with nothing to merge
 */
export async function compactLake(lake: Lake, options: CompactOptions = {}): Promise<PipelineRun[]> {
  const days = daysToCompact((await lake.ledger()).runs, options);
  const runs: PipelineRun[] = [];
  for (const [done, day] of days.entries()) {
    options.onProgress?.(day, done, days.length);
    let run: PipelineRun | 'changed' | undefined;
    do {
      options.signal?.throwIfAborted();
      run = await compactDay(lake, day, options.targetBytes ?? TARGET_BYTES);
    } while (run === 'changed');
    if (run) runs.push(run);
  }
  return runs;
}

function daysToCompact(runs: readonly PipelineRun[], { days, targetBytes = TARGET_BYTES }: CompactOptions): string[] {
  const small = new Map<string, number>();
  for (const { output } of liveFiles(runs).values()) {
    if (!isSmall(output, targetBytes)) continue;
    const day = dayOfKey(output.uri)!;
    small.set(day, (small.get(day) ?? 0) + 1);
  }
  return [...small].flatMap(([day, files]) => (files > 1 && (!days || days.includes(day)) ? [day] : [])).sort();
}

async function compactDay(lake: Lake, day: string, targetBytes: number): Promise<PipelineRun | 'changed' | undefined> {
  const startedAt = formatInstant(lake.now());
  const groups = groupsOf(smallFiles((await lake.ledger()).runs, day, targetBytes), targetBytes);
  if (groups.length === 0) return undefined;
  const runId = lake.newRunId('compaction');
  const transaction = await lake.begin(runId);
  try {
    const counts = { read: 0, accepted: 0, duplicate: 0, external: 0, outOfRange: 0, rejected: 0 };
    await withDuckDb(
      async (connection) => {
        for (const files of groups) {
          counts.read += files.reduce((sum, { output }) => sum + output.rows, 0);
          const { kept, dropped } = await mergeFiles(lake.root, connection, transaction, day, files);
          counts.accepted += kept;
          counts.duplicate += dropped;
        }
      },
      { scratch: transaction.scratch },
    );
    const sources = groups.flat();
    const run = await lake.locked(async ({ runs }) => {
      const live = liveFiles(runs);
      const unchanged = ({ output, run: writer }: LiveFile) => {
        const now = live.get(output.uri);
        return now?.run.runId === writer.runId && now.output.sha256 === output.sha256;
      };
      if (!sources.every(unchanged)) return undefined;
      return transaction.commit(
        {
          runId,
          stage: 'compaction',
          startedAt,
          finishedAt: formatInstant(lake.now()),
          status: 'succeeded',
          inputs: [],
          counts,
          rejectedByReason: {},
          days: [day],
        },
        { sequence: nextSequence(runs), remove: sources.map(({ output }) => output.uri) },
      );
    });
    if (run) return run;
    await transaction.abort();
    return 'changed';
  } catch (error) {
    await transaction.abort();
    // A file went while it was read: another run has replaced it.
    if ((error instanceof Error && isNotFound(error)) || /No such file|No files found/.test(String(error))) {
      if (groupsOf(smallFiles((await lake.ledger()).runs, day, targetBytes), targetBytes).length === 0)
        return undefined;
      return 'changed';
    }
    throw error;
  }
}

/** Merges files into one. @returns the rows kept, counted from the new file, and the rows dropped, counted where that was decided */
async function mergeFiles(
  root: string,
  connection: DuckDBConnection,
  transaction: RunTransaction,
  day: string,
  files: readonly LiveFile[],
): Promise<{ kept: number; dropped: number }> {
  const paths = files.map(({ output }) => sqlLiteral(globLiteral(join(root, output.uri))));
  const from = `read_parquet([${paths.join(', ')}], hive_partitioning = false, union_by_name = true)`;
  const part = `component_name, metric_name, unit, from_timestamp, to_timestamp, source, part_id, input_id`;
  const [{ corrected } = { corrected: 0 }] = await rowsOf(connection, `SELECT max(revision) AS corrected FROM ${from}`);
  const digest = createHash('sha256');
  for (const { output } of files) digest.update(`${output.uri}\0${output.sha256}\0`);
  const key = mergedWindowsKey(day, digest.digest('hex'));
  const order = `ORDER BY component_name, metric_name, unit, from_timestamp, to_timestamp, source, part_id, input_id, revision`;
  if (Number(corrected) === 0) {
    return { kept: await copyWindows(connection, transaction, key, `SELECT * FROM ${from} ${order}`), dropped: 0 };
  }
  const ranked = `SELECT *, revision < max(revision) OVER (PARTITION BY ${part}) AS superseded FROM ${from}`;
  const [{ dropped } = { dropped: 0 }] = await rowsOf(
    connection,
    `SELECT count(*) AS dropped FROM (${ranked}) WHERE superseded`,
  );
  const kept = await copyWindows(
    connection,
    transaction,
    key,
    `SELECT * EXCLUDE (superseded) FROM (${ranked}) WHERE NOT superseded ${order}`,
  );
  return { kept, dropped: Number(dropped) };
}

function smallFiles(runs: readonly PipelineRun[], day: string, targetBytes: number): LiveFile[] {
  return [...liveFiles(runs).values()]
    .filter(({ output }) => isSmall(output, targetBytes) && dayOfKey(output.uri) === day)
    .sort((a, b) => compareText(a.output.uri, b.output.uri));
}

function isSmall({ uri, bytes }: { uri: string; bytes: number }, targetBytes: number): boolean {
  return isWindowsKey(uri) && bytes < targetBytes;
}

/** Cuts files into groups of about the wanted size; a group of one file has nothing to merge. */
function groupsOf(files: readonly LiveFile[], targetBytes: number): LiveFile[][] {
  const groups: LiveFile[][] = [];
  let bytes = Infinity;
  for (const file of files) {
    if (bytes >= targetBytes) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(file);
    bytes += file.output.bytes;
  }
  return groups.filter((group) => group.length > 1);
}
