import type { PipelineRun, PipelineStage, RunInput } from '@pulselake/data-model';

/** An input that the lake holds, and the run that brought it. */
export interface KnownInput {
  readonly input: RunInput;
  readonly run: PipelineRun;
}

/** The inputs of a stage that the lake holds: of good runs, and neither replaced by another version nor forgotten since. */
export class KnownInputs {
  readonly #byId = new Map<string, KnownInput[]>();
  readonly #byAddress = new Map<string, KnownInput[]>();

  constructor(runs: readonly PipelineRun[], stage: PipelineStage) {
    const commits = runs
      .filter((run) => run.status === 'succeeded' && (run.stage === stage || run.forgotten))
      .sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0));
    for (const run of commits) {
      for (const inputId of run.forgotten ?? []) this.#byId.delete(inputId);
      if (run.stage !== stage) continue;
      for (const inputId of run.supersedes ?? []) this.#byId.delete(inputId);
      for (const input of run.inputs) {
        const earlier = this.#byId.get(input.inputId) ?? [];
        // Taken out and put in again: the order is that of the last reading.
        this.#byId.delete(input.inputId);
        this.#byId.set(input.inputId, [...earlier, { input, run }]);
      }
    }
    for (const known of this.all) {
      const others = this.#byAddress.get(known.input.uri);
      if (others) others.push(known);
      else this.#byAddress.set(known.input.uri, [known]);
    }
  }

  /** Each reading of each input, in the order of the inputs' last reading. */
  get all(): KnownInput[] {
    return [...this.#byId.values()].flat();
  }

  has(inputId: string): boolean {
    return this.#byId.has(inputId);
  }

  /** The readings of an input, the first one first. */
  readingsOf(inputId: string): readonly KnownInput[] {
    return this.#byId.get(inputId) ?? [];
  }

  /** What an address had, the last first: what a file there may have grown from. */
  versionsAt(uri: string): (KnownInput & { contentBytes: number })[] {
    return (this.#byAddress.get(uri) ?? [])
      .flatMap(({ input, run }) => (input.contentBytes ? [{ input, run, contentBytes: input.contentBytes }] : []))
      .reverse();
  }
}
