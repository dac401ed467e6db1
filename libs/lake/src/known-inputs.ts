import type { PipelineRun, PipelineStage, RunInput } from '@pulselake/data-model';

/** An input that the lake holds, and the run that brought it. */
export interface KnownInput {
  readonly input: RunInput;
  readonly run: PipelineRun;
}

/** The inputs of a stage that the lake holds: of good runs, and not replaced by a grown version. */
export function knownInputs(runs: readonly PipelineRun[], stage: PipelineStage): KnownInput[] {
  const good = runs.filter((run) => run.stage === stage && run.status === 'succeeded');
  const superseded = new Set(good.flatMap((run) => run.supersedes ?? []));
  return good.flatMap((run) =>
    run.inputs.filter(({ inputId }) => !superseded.has(inputId)).map((input) => ({ input, run })),
  );
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
