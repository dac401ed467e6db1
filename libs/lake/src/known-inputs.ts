import type { PipelineRun, PipelineStage, RunInput } from '@pulselake/data-model';

/** An input that the lake holds, and the run that brought it. */
export interface KnownInput {
  readonly input: RunInput;
  readonly run: PipelineRun;
}

/** The inputs of a stage that the lake holds: of good runs, and neither replaced by another version nor forgotten since. */
export function knownInputs(runs: readonly PipelineRun[], stage: PipelineStage): KnownInput[] {
  const known = new Map<string, KnownInput[]>();
  const commits = [...runs].sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
  for (const run of commits) {
    if (run.status !== 'succeeded') continue;
    for (const inputId of run.forgotten ?? []) known.delete(inputId);
    if (run.stage !== stage) continue;
    for (const inputId of run.supersedes ?? []) known.delete(inputId);
    for (const input of run.inputs) {
      const earlier = known.get(input.inputId) ?? [];
      // Taken out and put in again: the order is that of the last reading.
      known.delete(input.inputId);
      known.set(input.inputId, [...earlier, { input, run }]);
    }
  }
  return [...known.values()].flat();
}

/** Earlier versions at an address, the last one first: what a file there may have grown from. */
export function versionsAt(known: readonly KnownInput[], uri: string): (KnownInput & { contentBytes: number })[] {
  return known
    .flatMap(({ input, run }) =>
      input.uri === uri && input.contentBytes !== undefined && input.contentBytes > 0
        ? [{ input, run, contentBytes: input.contentBytes }]
        : [],
    )
    .reverse();
}
