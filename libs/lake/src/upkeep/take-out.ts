import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { MetricSource, PipelineRun, PipelineStage, RewrittenRows } from '@pulselake/data-model';
import { rowsOf, withDuckDb } from '../duckdb-session.js';
import { dayOfKey, inputOfKey, isMergedKey, isWindowsKey, mergedWindowsKey } from '../lake-layout.js';
import { type LiveFile, liveFiles } from '../live-files.js';
import type { RunTransaction } from '../run-transaction.js';
import { globLiteral, sqlLiteral } from '../sql-literal.js';
import { copyWindows } from './copy-windows.js';

/** What is to leave the lake: all that came from some inputs of a stage, or only some parts of them. */
export interface TakeOut {
  readonly stage: PipelineStage;
  readonly inputIds: ReadonlySet<string>;
  /** Only these parts of the inputs' windows; everything when absent. */
  readonly partIds?: ReadonlySet<string>;
}

/** What a run has to take out of the lake, once the files it writes instead are staged. */
export interface TakenOut {
  /** Keys to remove. */
  readonly remove: readonly string[];
  readonly rewritten?: RewrittenRows;
}

/**
 * Finds the files that came from some inputs, and stages those that hold rows of other inputs too, without the rows of
 * these. The caller holds the lock.
 */
export async function takeOut(
  root: string,
  transaction: RunTransaction,
  runs: readonly PipelineRun[],
  { stage, inputIds, partIds }: TakeOut,
): Promise<TakenOut> {
  if (inputIds.size === 0) return { remove: [] };
  const live = liveFiles(runs);
  const isOf = (key: string) => {
    const of = inputOfKey(key);
    return of !== undefined && of.stage === stage && inputIds.has(of.inputId);
  };
  const own = partIds ? [] : [...live.keys()].filter(isOf);
  const source = SOURCES[stage];
  if (source === undefined) return { remove: own };
  const shared = partIds
    ? [...live.values()].filter(({ output: { uri } }) => isWindowsKey(uri) && (isOf(uri) || isMergedKey(uri)))
    : sharedFiles(runs, live, isOf, inputIds);
  if (shared.length === 0) return { remove: own };
  const leaves = `source = ${sqlLiteral(source)} AND input_id IN (${literals(inputIds)})${partIds ? ` AND part_id IN (${literals(partIds)})` : ''}`;
  const { remove, rewritten } = await rewrite(root, transaction, shared, leaves);
  return { remove: [...own, ...remove], ...(rewritten && { rewritten }) };
}

const SOURCES: Partial<Record<PipelineStage, MetricSource>> = {
  'metrics-etl': 'batch',
  'stream-windows': 'stream',
};

/** Merged files that may hold rows of the inputs: on days for which their own files are gone, or never were. */
function sharedFiles(
  runs: readonly PipelineRun[],
  live: ReadonlyMap<string, LiveFile>,
  isOf: (key: string) => boolean,
  inputIds: ReadonlySet<string>,
): LiveFile[] {
  const days = new Set<string | undefined>();
  for (const run of runs) {
    const reads = run.inputs.some(({ inputId }) => inputIds.has(inputId));
    for (const { uri } of run.outputs) {
      if ((isOf(uri) && !live.has(uri)) || (reads && isMergedKey(uri))) days.add(dayOfKey(uri));
    }
  }
  return [...live.values()].filter(({ output: { uri } }) => isMergedKey(uri) && days.has(dayOfKey(uri)));
}

async function rewrite(
  root: string,
  transaction: RunTransaction,
  files: readonly LiveFile[],
  leaves: string,
): Promise<{ remove: string[]; rewritten?: RewrittenRows }> {
  const remove: string[] = [];
  const rows = { read: 0, kept: 0, takenOut: 0 };
  await withDuckDb(
    async (connection) => {
      for (const { output } of files) {
        const from = `read_parquet(${sqlLiteral(globLiteral(join(root, output.uri)))}, hive_partitioning = false)`;
        const [counted] = await rowsOf(connection, `SELECT count(*) AS leaving FROM ${from} WHERE ${leaves}`);
        const leaving = Number(counted!['leaving']);
        if (leaving === 0) continue;
        remove.push(output.uri);
        rows.read += output.rows;
        rows.takenOut += leaving;
        if (leaving === output.rows) continue;
        const digest = createHash('sha256').update(`${output.uri}\0${transaction.runId}`).digest('hex');
        const key = mergedWindowsKey(dayOfKey(output.uri)!, digest);
        rows.kept += await copyWindows(connection, transaction, key, `SELECT * FROM ${from} WHERE NOT (${leaves})`);
      }
    },
    { scratch: transaction.scratch },
  );
  return remove.length > 0 ? { remove, rewritten: rows } : { remove };
}

function literals(texts: ReadonlySet<string>): string {
  return [...texts].map((text) => sqlLiteral(text)).join(', ');
}
