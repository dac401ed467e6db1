import {
  type PipelineRun,
  type PipelineStage,
  REJECTED_RECORDS,
  type RunOutput,
  TRAFFIC_COUNTS,
} from '@pulselake/data-model';
import { isMergedKey, isWindowsKey } from '../lake-layout.js';

/** Stages whose runs take what is in the lake already: their records are no new ones. */
export const UPKEEP_STAGES: ReadonlySet<PipelineStage> = new Set(['compaction', 'redrive', 'removal']);

/**
 * The files that each run overwrote or removed, as the runs before had listed them.
 *
 * @returns a map by run id
 */
export function replacedOutputs(runs: readonly PipelineRun[]): Map<string, RunOutput[]> {
  const commits = runs.flatMap((run) => [
    { sequence: run.sequence ?? 0, run, outputs: run.outputs.filter(({ sequence }) => sequence === undefined) },
    ...run.outputs.flatMap((output) =>
      output.sequence === undefined ? [] : [{ sequence: output.sequence, run: undefined, outputs: [output] }],
    ),
  ]);
  commits.sort((a, b) => a.sequence - b.sequence);
  const listed = new Map<string, RunOutput>();
  const replaced = new Map<string, RunOutput[]>();
  for (const { run, outputs } of commits) {
    if (run?.replaced)
      replaced.set(
        run.runId,
        run.replaced.flatMap((key) => listed.get(key) ?? []),
      );
    for (const key of run?.replaced ?? []) listed.delete(key);
    for (const output of outputs) listed.set(output.uri, output);
  }
  return replaced;
}

/** What does not hold between what a run took out of the lake and what it wrote instead. */
export function upkeepFaults(run: PipelineRun, replaced: readonly RunOutput[]): string[] {
  const { counts, rewritten, stage } = run;
  const faults: string[] = [];
  const equal = (expected: number, found: number, text: string) => {
    if (expected !== found) faults.push(`${text}: ${expected} against ${found}.`);
  };
  const written = sumRows(run.outputs.filter(({ uri, records }) => records === undefined && isWindowsKey(uri)));
  if (stage === 'compaction') {
    equal(sumRows(replaced), counts.read, 'Rows of the files that were merged, against rows read');
    equal(written, counts.accepted, 'Rows of the merged files, against rows kept');
  }
  if (stage === 'removal') {
    const data = replaced.filter(
      ({ uri }) => isWindowsKey(uri) || isIn(uri, REJECTED_RECORDS) || isIn(uri, TRAFFIC_COUNTS),
    );
    equal(sumRows(data), counts.read, 'Rows of the files that were removed or written anew, against rows read');
    equal(written, counts.accepted, 'Rows of the files written anew, against rows kept');
  }
  if (stage === 'redrive') {
    const taken = run.inputs.reduce((sum, { records }) => sum + (records ?? 0), 0);
    equal(taken, counts.read, 'Records taken, against records read');
    const accounted = run.outputs.reduce((sum, { records }) => sum + (records ?? 0), 0);
    equal(
      accounted,
      counts.accepted + counts.external,
      'Records in the files, against records that went into the result',
    );
  }
  if (rewritten) {
    const anew = replaced.filter(({ uri }) => isMergedKey(uri) || (stage === 'redrive' && isWindowsKey(uri)));
    equal(sumRows(anew), rewritten.read, 'Rows of the files that were written anew, against rows read');
    equal(
      rewritten.read,
      rewritten.kept + rewritten.takenOut,
      'Rows read to write files anew, against rows kept and taken out',
    );
    equal(written, rewritten.kept, 'Rows of the files written anew, against rows kept');
  }
  return faults;
}

function isIn(key: string, { prefix }: { readonly prefix: string }): boolean {
  return key.startsWith(`${prefix}/`);
}

function sumRows(outputs: readonly RunOutput[]): number {
  return outputs.reduce((sum, { rows }) => sum + rows, 0);
}
