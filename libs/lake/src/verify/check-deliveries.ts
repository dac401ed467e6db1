import type { PipelineRun } from '@pulselake/data-model';
import { isWindowsKey } from '../lake-layout.js';
import type { Problem } from './problem.js';
import { latestSamples } from './recount.js';

/**
 * Holds what Flink jobs counted into windows against what came out of the streams they write to: the samples of each
 * window's last revision.
 *
 * A stream whose delivered files were merged meanwhile is left out: their rows can no longer be told apart.
 *
 * @param liveKeys the intact files of each run
 */
export async function deliveryFaults(
  root: string,
  runs: readonly PipelineRun[],
  liveKeys: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const streams = new Set(runs.flatMap(({ job }) => job?.outputStream ?? []));
  for (const stream of [...streams].sort()) {
    const jobs = runs.filter(({ job }) => job?.outputStream === stream);
    const deliveries = runs.filter((run) => run.stage === 'delivery' && run.stream?.name === stream);
    const isWhole = deliveries.every(({ runId, outputs }) => outputs.every(({ uri }) => liveKeys.get(runId)?.has(uri)));
    if (!isWhole) continue;
    const keys = deliveries.flatMap(({ outputs }) => outputs.map(({ uri }) => uri)).filter(isWindowsKey);
    const delivered = await latestSamples(root, keys);
    const counted = jobs.reduce((sum, { counts, open = 0 }) => sum + counts.accepted - open, 0);
    if (delivered === counted) continue;
    problems.push({
      subject: `stream ${stream}`,
      message: `Not proved yet: the Flink job counted ${counted} events into windows it has written, and the windows delivered hold ${delivered}. Run pulselake deliver when the job has made its next checkpoint.`,
    });
  }
  return problems;
}
