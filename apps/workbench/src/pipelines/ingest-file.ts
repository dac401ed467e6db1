import {
  formatInstant,
  type PipelineRun,
  type PipelineStage,
  type RunCounts,
  type RunInput,
} from '@pulselake/data-model';
import {
  type IdentifiedInput,
  identifyInput,
  InputError,
  type KnownInput,
  knownInputs,
  type Lake,
  nextSequence,
  type RunDraft,
  type RunTransaction,
  takeOut,
  versionsAt,
} from '@pulselake/lake';
import type { InputPath } from './expand-inputs.js';
import type { IngestOptions, IngestOutcome } from './ingest-outcome.js';

export const NO_COUNTS: RunCounts = { read: 0, accepted: 0, duplicate: 0, external: 0, outOfRange: 0, rejected: 0 };

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

/** What a stage's reading of an input gives; the rest of the ledger's entry is the same for all. */
export type StageResult = Pick<RunDraft, 'counts' | 'rejectedByReason' | 'windowsCorrected'> & {
  readonly message?: string;
};

/** One stage's way to read an input into a transaction. */
export type StageReader = (version: InputVersion, transaction: RunTransaction) => Promise<StageResult>;

/** Ingests files one after the other, each as a run of its own: one that fails does not stop the others. */
export async function ingestFiles(
  lake: Lake,
  stage: PipelineStage,
  inputs: readonly InputPath[],
  read: StageReader,
  options: IngestOptions,
): Promise<IngestOutcome[]> {
  const outcomes: IngestOutcome[] = [];
  const total = inputs.length;
  for (const [done, input] of inputs.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ done, total, path: input.address ?? input.path });
    const outcome = await ingestFile(lake, stage, input, read, options);
    options.onOutcome?.(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function ingestFile(
  lake: Lake,
  stage: PipelineStage,
  { path, address = path, modifiedMs }: InputPath,
  read: StageReader,
  options: IngestOptions,
): Promise<IngestOutcome> {
  const runId = lake.newRunId(stage);
  const startedAt = formatInstant(lake.now());
  const base: RunDraft = {
    runId,
    stage,
    startedAt,
    status: 'succeeded',
    inputs: [],
    counts: NO_COUNTS,
    rejectedByReason: {},
  };
  let version: InputVersion;
  const { runs: runsBefore } = await lake.ledger();
  try {
    version = await identifyVersion(path, address, knownInputs(runsBefore, stage), options);
  } catch (error) {
    return fail(lake, address, base, error);
  }
  const { input } = version.identified;
  if (!options.force && (await isKnown(lake, stage, input.inputId))) return unchanged(address);
  const transaction = await lake.begin(runId);
  let result: StageResult;
  try {
    result = await read(version, transaction);
  } catch (error) {
    await transaction.abort();
    return fail(lake, address, { ...base, inputs: [input] }, error);
  }
  const run = await lake.locked(async ({ runs }) => {
    if (wasOvertaken(stage, [input], runsBefore, runs)) return undefined;
    const { remove, rewritten } = await takeOut(lake.root, transaction, runs, { stage, inputIds: version.takesOut });
    const draft: RunDraft = {
      ...base,
      inputs: [input],
      counts: result.counts,
      rejectedByReason: result.rejectedByReason,
      ...(result.windowsCorrected !== undefined && { windowsCorrected: result.windowsCorrected }),
      finishedAt: formatInstant(lake.now()),
      ...(version.supersedes.length > 0 && { supersedes: [...version.supersedes] }),
      ...(rewritten && { rewritten }),
    };
    return transaction.commit(draft, { sequence: nextSequence(runs), remove });
  });
  if (!run) {
    await transaction.abort();
    return ingestFile(lake, stage, { path, address, modifiedMs }, read, options);
  }
  return { path: address, status: 'ingested', run, ...(result.message !== undefined && { message: result.message }) };
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
  const since = knownInputs(runs, stage).filter(({ run }) => !before.has(run.runId));
  return since.some((known) =>
    inputs.some(({ inputId, uri }) => known.input.inputId === inputId || known.input.uri === uri),
  );
}

/** Reads a file's identity, and finds the version it has grown from or replaces. */
export async function identifyVersion(
  path: string,
  address: string,
  known: readonly KnownInput[],
  { force = false, replace = false }: Pick<IngestOptions, 'force' | 'replace'>,
  identityOf: (contentDigest: string) => string = (digest) => digest,
): Promise<InputVersion> {
  const earlier = versionsAt(known, address);
  const identified = await identifyInput(
    path,
    address,
    earlier.map(({ contentBytes }) => contentBytes),
  );
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

async function isKnown(lake: Lake, stage: PipelineStage, inputId: string): Promise<boolean> {
  return knownInputs((await lake.ledger()).runs, stage).some(({ input }) => input.inputId === inputId);
}

function unchanged(path: string): IngestOutcome {
  return {
    path,
    status: 'unchanged',
    message: 'The lake holds this content already; nothing to do (--force reads it again).',
  };
}

/** Records a run that failed: an input of it is not used at all. */
export async function fail(lake: Lake, path: string, base: RunDraft, error: unknown): Promise<IngestOutcome> {
  if (!(error instanceof InputError) && !(error instanceof Error && error.name === 'CsvHeaderError')) throw error;
  const message = error.message.startsWith(path) ? error.message : `${path}: ${error.message}`;
  const transaction = await lake.begin(base.runId);
  const run = await lake.locked(({ runs }) =>
    transaction.commit(
      { ...base, status: 'failed', finishedAt: formatInstant(lake.now()), error: message },
      { sequence: nextSequence(runs) },
    ),
  );
  return { path, status: 'failed', run, message };
}
