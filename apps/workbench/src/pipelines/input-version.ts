import type { PipelineRun, PipelineStage, RunInput } from '@pulselake/data-model';
import { type IdentifiedInput, identifyInput, KnownInputs } from '@pulselake/lake';
import type { IngestOptions } from './ingest-outcome.js';

/** What an input is to the lake before its records are read. */
export interface InputVersion {
  readonly identified: IdentifiedInput;
  /** Names the part that this input contributes to windows: its own id, or its first version's. */
  readonly partId: string;
  /** Inputs whose place this one takes, oldest first: versions it has grown from or replaces. Its rows have their number as revision. */
  readonly supersedes: readonly string[];
  /** Inputs in the lake whose rows, counts and rejects this run takes out. */
  readonly takesOut: ReadonlySet<string>;
}

/** Reads a file's identity, and finds the version it has grown from or replaces. */
export async function identifyVersion(
  path: string,
  address: string,
  known: KnownInputs,
  { force = false, replace = false }: Pick<IngestOptions, 'force' | 'replace'>,
  identityOf: (contentDigest: string) => string = (digest) => digest,
): Promise<InputVersion> {
  const earlier = known.versionsAt(address);
  const prefixLengths = earlier.map(({ contentBytes }) => contentBytes);
  const identified = await identifyInput(path, address, prefixLengths);
  const input = { ...identified.input, inputId: identityOf(identified.input.inputId) };
  const older = earlier.find(({ input: { inputId }, contentBytes }) => {
    const prefix = identified.prefixDigests.get(contentBytes);
    return inputId !== input.inputId && prefix !== undefined && identityOf(prefix) === inputId;
  });
  // A forced second reading of a grown file keeps its place in the chain.
  const again = force ? earlier.find(({ input: { inputId } }) => inputId === input.inputId) : undefined;
  const chain = again
    ? (again.run.supersedes ?? [])
    : older
      ? [...(older.run.supersedes ?? []), older.input.inputId]
      : [];
  const others = replace ? earlier.map((version) => version.input.inputId).filter((id) => id !== input.inputId) : [];
  const supersedes = [...new Set([...chain, ...others])];
  return {
    identified: { ...identified, input },
    partId: supersedes[0] ?? input.inputId,
    supersedes,
    takesOut: new Set([
      ...(older ? [older.input.inputId] : []),
      ...others,
      // An earlier reading of the same content may have given files that this one does not write again.
      ...(force ? [input.inputId] : []),
    ]),
  };
}

/**
 * Whether another command has brought one of the inputs, or another version of one, since the ledger was read: what this
 * one would write was made without knowing it.
 */
export function wasOvertaken(
  stage: PipelineStage,
  inputs: readonly RunInput[],
  runsBefore: readonly PipelineRun[],
  runs: readonly PipelineRun[],
): boolean {
  const before = new Set(runsBefore.map(({ runId }) => runId));
  if (runs.every(({ runId }) => before.has(runId))) return false;
  const ids = new Set(inputs.flatMap(({ inputId, uri }) => [inputId, uri]));
  return new KnownInputs(runs, stage).all.some(
    ({ input, run }) => !before.has(run.runId) && (ids.has(input.inputId) || ids.has(input.uri)),
  );
}
