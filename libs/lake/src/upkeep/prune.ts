import { formatInstant, PIPELINE_RUNS, type PipelineRun, TABLES } from '@pulselake/data-model';
import { type Lake, nextSequence } from '../lake.js';
import { dayOfKey, isReportKey } from '../lake-layout.js';
import { liveFiles } from '../live-files.js';

/**
 * Removes every UTC day before one, of all tables but the ledger, in one run. Access logs read later do not bring those
 * days back.
 *
 * @param before `YYYY-MM-DD`
 * @returns the run; none when the lake holds nothing that old
 */
export async function pruneLake(lake: Lake, before: string): Promise<PipelineRun | undefined> {
  const startedAt = formatInstant(lake.now());
  return lake.locked(async ({ runs }) => {
    const old = [...liveFiles(runs).values()].filter(({ output: { uri } }) => {
      const day = dayOfKey(uri);
      return day !== undefined && day < before && isData(uri);
    });
    if (old.length === 0) return undefined;
    const runId = lake.newRunId('removal');
    const transaction = await lake.begin(runId);
    // Reports are sums of the counts that go with them.
    const rows = old.filter(({ output }) => !isReportKey(output.uri)).reduce((sum, { output }) => sum + output.rows, 0);
    try {
      return await transaction.commit(
        {
          runId,
          stage: 'removal',
          startedAt,
          finishedAt: formatInstant(lake.now()),
          status: 'succeeded',
          inputs: [],
          counts: { read: rows, accepted: 0, duplicate: 0, external: 0, outOfRange: rows, rejected: 0 },
          rejectedByReason: {},
          prunedBefore: before,
        },
        { sequence: nextSequence(runs), remove: old.map(({ output }) => output.uri) },
      );
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  });
}

/** The day before which the lake was pruned last, if it was. */
export function prunedBefore(runs: readonly PipelineRun[]): string | undefined {
  return runs
    .flatMap((run) => run.prunedBefore ?? [])
    .sort()
    .at(-1);
}

function isData(key: string): boolean {
  return TABLES.some(({ prefix }) => prefix !== PIPELINE_RUNS.prefix && key.startsWith(`${prefix}/`));
}
