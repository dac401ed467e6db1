import type { PipelineRun } from '@pulselake/data-model';
import { dayOfKey, isWindowsKey } from '../lake-layout.js';
import type { Problem } from './problem.js';
import { latestSamples } from './recount.js';

/**
 * Holds what Flink jobs counted into windows against what came out of the streams they write to: the samples of each
 * window's last revision.
 *
 * Streams whose delivered files were merged meanwhile are held against the merged files together: the rows of one can no
 * longer be told from those of another. Streams of which days were removed cannot be held against anything.
 *
 * @param liveKeys the intact files of each run
 */
export async function deliveryFaults(
  root: string,
  runs: readonly PipelineRun[],
  liveKeys: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const live = new Set([...liveKeys.values()].flatMap((keys) => [...keys]));
  const merged: { stream: string; counted: number; keys: ReadonlySet<string> }[] = [];
  const streams = new Set(runs.flatMap(({ job }) => job?.outputStream ?? []));
  for (const stream of [...streams].sort()) {
    const delivered = runs
      .filter((run) => run.stage === 'delivery' && run.stream?.name === stream)
      .flatMap(({ outputs }) => outputs.map(({ uri }) => uri).filter(isWindowsKey));
    const keys = whereRowsAre(runs, live, delivered);
    if (keys === undefined) continue;
    const counted = runs
      .filter(({ job }) => job?.outputStream === stream)
      .reduce((sum, { counts, open = 0 }) => sum + counts.accepted - open, 0);
    if (delivered.every((key) => keys.has(key))) {
      problems.push(...faultOf(`stream ${stream}`, counted, await latestSamples(root, [...keys])));
    } else merged.push({ stream, counted, keys });
  }
  if (merged.length === 0) return problems;
  const keys = new Set(merged.flatMap((each) => [...each.keys]));
  const counted = merged.reduce((sum, each) => sum + each.counted, 0);
  const subject = merged.map(({ stream }) => `stream ${stream}`).join(', ');
  return [...problems, ...faultOf(subject, counted, await latestSamples(root, [...keys], `input_id = ''`))];
}

/**
 * The files that hold what was delivered as some files: these, or those that they were merged into, again and again.
 *
 * @returns nothing when some of it was removed, or is in a file that is not intact
 */
function whereRowsAre(
  runs: readonly PipelineRun[],
  live: ReadonlySet<string>,
  delivered: readonly string[],
): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  const seen = new Set<string>(delivered);
  // Grows while it is gone through.
  for (const key of seen) {
    if (live.has(key)) {
      found.add(key);
      continue;
    }
    const day = dayOfKey(key);
    const taker = runs.find(({ replaced }) => replaced?.includes(key));
    const heirs =
      taker?.outputs.map(({ uri }) => uri).filter((uri) => isWindowsKey(uri) && dayOfKey(uri) === day) ?? [];
    if (heirs.length === 0) return undefined;
    for (const heir of heirs) seen.add(heir);
  }
  return found;
}

function faultOf(subject: string, counted: number, delivered: number): Problem[] {
  if (delivered === counted) return [];
  return [
    {
      subject,
      message: `Not proved yet: the Flink job counted ${counted} events into windows it has written, and the windows delivered hold ${delivered}. Run pulselake deliver when the job has made its next checkpoint.`,
    },
  ];
}
