import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { compareText, duckDbTypes, formatInstant, type PipelineRun, WINDOWED_METRICS } from '@pulselake/data-model';
import { rowsOf, withDuckDb } from '../duckdb-session.js';
import { isNotFound } from '../lake-files.js';
import { type Lake, nextSequence } from '../lake.js';
import { dayOfKey, isWindowsKey, mergedWindowsKey } from '../lake-layout.js';
import { type LiveFile, liveFiles } from '../live-files.js';
import type { RunTransaction } from '../run-transaction.js';
import { globLiteral, sqlLiteral } from '../sql-literal.js';
import { copyWindows } from './copy-windows.js';

/** What is compacted, and how large its files become. */
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
 * corrected. Files from before a column was added are written anew with it, also large ones. One run a day.
 *
 * The work is done beside the lake's writers; the lock is held for the commit alone. A day whose files changed meanwhile
 * is done again.
 *
 * @returns the runs, none for days with nothing to merge
 */
export async function compactLake(lake: Lake, options: CompactOptions = {}): Promise<PipelineRun[]> {
  const { runs: before } = await lake.ledger();
  const outdated = await outdatedFiles(lake.root, before, options.days);
  const days = daysToCompact(before, outdated, options);
  const runs: PipelineRun[] = [];
  for (const [done, day] of days.entries()) {
    options.onProgress?.(day, done, days.length);
    let run: PipelineRun | 'changed' | undefined;
    do {
      options.signal?.throwIfAborted();
      run = await compactDay(lake, day, { outdated, targetBytes: options.targetBytes ?? TARGET_BYTES });
    } while (run === 'changed');
    if (run) runs.push(run);
  }
  return runs;
}

/** Which files there is something to do for. */
interface Selection {
  /** Those that lack a column, by their keys. */
  readonly outdated: ReadonlySet<string>;
  readonly targetBytes: number;
}

function daysToCompact(
  runs: readonly PipelineRun[],
  outdated: ReadonlySet<string>,
  { days, targetBytes = TARGET_BYTES }: CompactOptions,
): string[] {
  const small = new Map<string, number>();
  for (const { output } of liveFiles(runs).values()) {
    if (!isSelected(output, { outdated, targetBytes })) continue;
    const day = dayOfKey(output.uri)!;
    // One is nothing to merge, unless it is to be written anew.
    small.set(day, (small.get(day) ?? 0) + (outdated.has(output.uri) ? 2 : 1));
  }
  return [...small].flatMap(([day, files]) => (files > 1 && (!days || days.includes(day)) ? [day] : [])).sort();
}

/**
 * The files of windows that lack a column of the contract, by their keys: only footers are read. A day with a file that went
 * meanwhile, or is damaged, has none: that is said by whoever reads its rows.
 */
async function outdatedFiles(
  root: string,
  runs: readonly PipelineRun[],
  days: readonly string[] | undefined,
): Promise<Set<string>> {
  const keys = new Map<string, string[]>();
  for (const key of liveFiles(runs).keys()) {
    if (!isWindowsKey(key)) continue;
    const day = dayOfKey(key)!;
    if (days && !days.includes(day)) continue;
    const ofDay = keys.get(day);
    if (ofDay) ofDay.push(key);
    else keys.set(day, [key]);
  }
  const wanted = WINDOWED_METRICS.columns.map(({ name }) => sqlLiteral(name)).join(', ');
  const outdated = new Set<string>();
  await withDuckDb(async (connection) => {
    for (const ofDay of keys.values()) {
      const paths = ofDay.map((key) => sqlLiteral(globLiteral(join(root, key)))).join(', ');
      const found = await rowsOf(
        connection,
        `SELECT file_name FROM parquet_schema([${paths}]) GROUP BY file_name
          HAVING count(CASE WHEN name IN (${wanted}) THEN 1 END) < ${WINDOWED_METRICS.columns.length}`,
      ).catch(() => []);
      for (const { file_name: file } of found) outdated.add(relative(root, String(file)).replaceAll('\\', '/'));
    }
  });
  return outdated;
}

async function compactDay(lake: Lake, day: string, selection: Selection): Promise<PipelineRun | 'changed' | undefined> {
  const startedAt = formatInstant(lake.now());
  const groups = groupsOf(selectedFiles((await lake.ledger()).runs, day, selection), selection);
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
      if (groupsOf(selectedFiles((await lake.ledger()).runs, day, selection), selection).length === 0) return undefined;
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
  const columns = duckDbTypes(WINDOWED_METRICS);
  const none = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`).join(', ');
  const from = `(SELECT ${none} WHERE false UNION ALL BY NAME
    SELECT * FROM read_parquet([${paths.join(', ')}], hive_partitioning = false, union_by_name = true))`;
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

function selectedFiles(runs: readonly PipelineRun[], day: string, selection: Selection): LiveFile[] {
  return [...liveFiles(runs).values()]
    .filter(({ output }) => isSelected(output, selection) && dayOfKey(output.uri) === day)
    .sort((a, b) => compareText(a.output.uri, b.output.uri));
}

function isSelected({ uri, bytes }: { uri: string; bytes: number }, { outdated, targetBytes }: Selection): boolean {
  return isWindowsKey(uri) && (bytes < targetBytes || outdated.has(uri));
}

/** Cuts files into groups of about the wanted size; a group of one file that lacks nothing has nothing to merge. */
function groupsOf(files: readonly LiveFile[], { outdated, targetBytes }: Selection): LiveFile[][] {
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
  return groups.filter((group) => group.length > 1 || outdated.has(group[0]!.output.uri));
}
