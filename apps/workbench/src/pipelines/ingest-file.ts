import { createHash } from 'node:crypto';
import {
  formatInstant,
  type MetricSource,
  type PipelineRun,
  type PipelineStage,
  type RejectReason,
  type RunCounts,
  type RunInput,
  utcDay,
} from '@pulselake/data-model';
import {
  type IdentifiedInput,
  identifyInput,
  type IdentifyOptions,
  InputError,
  inputWindowsName,
  KnownInputs,
  type Lake,
  mergedWindowsName,
  nextSequence,
  RejectedWriter,
  type RunDraft,
  type RunTransaction,
  takeOut,
  WindowsWriter,
} from '@pulselake/lake';
import { CsvHeaderError, SeriesTable } from '@pulselake/processing';
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

/** What a stage's reading of an input gives; what was accepted is counted from the files that are written. */
export interface Reading {
  /** Counted by the reader, before parsing. */
  readonly read: number;
  readonly duplicate: number;
  readonly windowsCorrected?: number;
}

/** A stage that brings files of metrics or events in. */
export interface MetricsStage {
  readonly stage: 'metrics-etl' | 'stream-windows';
  readonly source: MetricSource;
  /** Reads an input: rows into the writer, after `begin`, and rejected records. */
  readonly read: (version: InputVersion, writer: WindowsWriter, rejects: RejectedWriter) => Promise<Reading>;
}

/** Files up to this size share a run, as many as fit the two other limits. */
const SMALL_BYTES = 1 << 18;
const BATCH_BYTES = 1 << 25;
const BATCH_INPUTS = 1000;

/**
 * Ingests files: one that fails does not stop the others. A file is a run of its own; small ones share a run and its files,
 * since a commit costs more than they do.
 */
export async function ingestFiles(
  lake: Lake,
  stage: MetricsStage,
  inputs: readonly InputPath[],
  options: IngestOptions,
): Promise<IngestOutcome[]> {
  const outcomes: IngestOutcome[] = [];
  const settle = (settled: readonly IngestOutcome[]) => {
    for (const outcome of settled) {
      options.onOutcome?.(outcome);
      outcomes.push(outcome);
    }
  };
  let batch = await Batch.open(lake, stage.stage);
  const commit = async () => {
    if (batch.inputs.length > 0) settle(await ingestBatch(lake, stage, batch, options));
    batch = await Batch.open(lake, stage.stage);
  };
  for (const [done, input] of inputs.entries()) {
    options.signal?.throwIfAborted();
    const address = input.address ?? input.path;
    options.onProgress?.({ done, total: inputs.length, path: address });
    const startedAt = formatInstant(lake.now());
    let version: InputVersion;
    try {
      const versions = input.grows === false ? new KnownInputs([], stage.stage) : batch.known;
      version = await identifyVersion(input.path, address, versions, options);
    } catch (error) {
      settle([
        await fail(
          lake,
          address,
          { ...NEW_RUN, runId: lake.newRunId(stage.stage), stage: stage.stage, startedAt },
          error,
        ),
      ]);
      continue;
    }
    if (!options.force && batch.has(version.identified.input.inputId)) {
      settle([unchanged(address)]);
      continue;
    }
    const isSmall = version.identified.input.contentBytes <= SMALL_BYTES && version.takesOut.size === 0;
    if (!isSmall || batch.isFullWith(version)) await commit();
    batch.add(input, version);
    if (!isSmall) await commit();
  }
  await commit();
  return outcomes;
}

const NEW_RUN = {
  status: 'succeeded',
  inputs: [],
  counts: NO_COUNTS,
  rejectedByReason: {},
} as const satisfies Partial<RunDraft>;

/** Inputs that share a run, and what the lake knew before it. */
class Batch {
  readonly inputs: { readonly input: InputPath; readonly version: InputVersion }[] = [];
  readonly #ids = new Set<string>();
  #bytes = 0;

  private constructor(
    readonly runsBefore: readonly PipelineRun[],
    readonly known: KnownInputs,
  ) {}

  static async open(lake: Lake, stage: PipelineStage): Promise<Batch> {
    const { runs } = await lake.ledger();
    return new Batch(runs, new KnownInputs(runs, stage));
  }

  has(inputId: string): boolean {
    return this.#ids.has(inputId) || this.known.has(inputId);
  }

  isFullWith({ identified: { input } }: InputVersion): boolean {
    return this.inputs.length >= BATCH_INPUTS || this.#bytes + input.contentBytes > BATCH_BYTES;
  }

  add(input: InputPath, version: InputVersion): void {
    this.inputs.push({ input, version });
    this.#ids.add(version.identified.input.inputId);
    this.#bytes += version.identified.input.contentBytes;
  }
}

/** Ingests the inputs of a batch in one run. When one fails after it gave rows, each is ingested by itself. */
async function ingestBatch(
  lake: Lake,
  { stage, source, read }: MetricsStage,
  { inputs, runsBefore }: Batch,
  options: IngestOptions,
): Promise<IngestOutcome[]> {
  const base: RunDraft = { ...NEW_RUN, runId: lake.newRunId(stage), stage, startedAt: formatInstant(lake.now()) };
  const againOneByOne = async () => {
    const outcomes: IngestOutcome[] = [];
    for (const { input } of inputs)
      outcomes.push(...(await ingestFiles(lake, { stage, source, read }, [input], quiet(options))));
    return outcomes;
  };
  const transaction = await lake.begin(base.runId);
  const writer = await WindowsWriter.open({
    transaction,
    series: new SeriesTable(),
    source,
    name: nameOf(source, inputs),
  });
  const good: (InputPath & { version: InputVersion; read: number })[] = [];
  const failed: IngestOutcome[] = [];
  const counts = { ...NO_COUNTS };
  const reasons: Partial<Record<RejectReason, number>> = {};
  let windowsCorrected = 0;
  try {
    for (const { input, version } of inputs) {
      const { identified } = version;
      const rejects = await RejectedWriter.open(transaction, {
        stage,
        day: utcDay(identified.modifiedMs),
        file: identified.input.uri,
        inputId: identified.input.inputId,
      });
      const rowsBefore = writer.rows;
      try {
        const reading = await read(version, writer, rejects);
        rejects.close();
        counts.read += reading.read;
        counts.duplicate += reading.duplicate;
        counts.rejected += rejects.rows;
        windowsCorrected += reading.windowsCorrected ?? 0;
        for (const [reason, rows] of Object.entries(rejects.byReason) as [RejectReason, number][]) {
          reasons[reason] = (reasons[reason] ?? 0) + rows;
        }
        good.push({ ...input, version, read: reading.read });
      } catch (error) {
        if (!isInputFault(error)) throw error;
        const address = identified.input.uri;
        if (inputs.length === 1) {
          await transaction.abort();
          return [await fail(lake, address, { ...base, inputs: [identified.input] }, error)];
        }
        if (writer.rows > rowsBefore || rejects.rows > 0) {
          await transaction.abort();
          return await againOneByOne();
        }
        failed.push(
          await fail(lake, address, { ...base, runId: lake.newRunId(stage), inputs: [identified.input] }, error),
        );
      }
    }
    await writer.flush();
  } catch (error) {
    await transaction.abort();
    throw error;
  } finally {
    writer.release();
  }
  if (good.length === 0) {
    await transaction.abort();
    return failed;
  }
  const versions = good.map(({ version }) => version);
  const draft = {
    ...base,
    counts: { ...counts, accepted: writer.records },
    rejectedByReason: reasons,
    ...(stage === 'stream-windows' && { windowsCorrected }),
  };
  const run = await commitVersions(lake, transaction, draft, versions, runsBefore);
  if (!run) return [...failed, ...(await againOneByOne())];
  return [
    ...failed,
    ...good.map(({ version, read: records }) => ({
      path: version.identified.input.uri,
      status: 'ingested' as const,
      run,
      ...(records === 0 && { message: 'It holds no record.' }),
    })),
  ];
}

/** @returns nothing when another command was faster; then nothing is staged any more */
async function commitVersions(
  lake: Lake,
  transaction: RunTransaction,
  draft: RunDraft,
  versions: readonly InputVersion[],
  runsBefore: readonly PipelineRun[],
): Promise<PipelineRun | undefined> {
  const { stage } = draft;
  const inputs = versions.map(({ identified }) => identified.input);
  try {
    return await lake.locked(async ({ runs }) => {
      if (wasOvertaken(stage, inputs, runsBefore, runs)) {
        await transaction.abort();
        return undefined;
      }
      const supersedes = versions.flatMap((version) => version.supersedes);
      const inputIds = new Set(versions.flatMap(({ takesOut }) => [...takesOut]));
      const { remove, rewritten } = await takeOut(lake.root, transaction, runs, { stage, inputIds });
      const entry: RunDraft = {
        ...draft,
        inputs,
        finishedAt: formatInstant(lake.now()),
        ...(supersedes.length > 0 && { supersedes }),
        ...(rewritten && { rewritten }),
      };
      return transaction.commit(entry, { sequence: nextSequence(runs), remove });
    });
  } catch (error) {
    await transaction.abort();
    throw error;
  }
}

/** Files of one input carry its id; those of several a digest of all. */
function nameOf(source: MetricSource, inputs: readonly { readonly version: InputVersion }[]): string {
  const ids = inputs.map(({ version }) => version.identified.input.inputId);
  return ids.length === 1
    ? inputWindowsName(source, ids[0]!)
    : mergedWindowsName(
        createHash('sha256')
          .update(`${source}\0${ids.join('\0')}`)
          .digest('hex'),
      );
}

/** Outcomes are told by whoever asked for the batch. */
function quiet({ force, replace, onRead, signal }: IngestOptions): IngestOptions {
  return {
    ...(force !== undefined && { force }),
    ...(replace !== undefined && { replace }),
    ...(onRead && { onRead }),
    ...(signal && { signal }),
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

type IdentifyVersionOptions = Pick<IngestOptions, 'force' | 'replace'> & Pick<IdentifyOptions, 'inThread'>;

/** Reads a file's identity, and finds the version it has grown from or replaces. */
export async function identifyVersion(
  path: string,
  address: string,
  known: KnownInputs,
  { force = false, replace = false, inThread = false }: IdentifyVersionOptions,
  identityOf: (contentDigest: string) => string = (digest) => digest,
): Promise<InputVersion> {
  const earlier = known.versionsAt(address);
  const prefixLengths = earlier.map(({ contentBytes }) => contentBytes);
  const identified = await identifyInput(path, address, { prefixLengths, inThread });
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

function unchanged(path: string): IngestOutcome {
  return {
    path,
    status: 'unchanged',
    message: 'The lake holds this content already; nothing to do (--force reads it again).',
  };
}

/** Whether the input is at fault, and not the lake or the program. */
function isInputFault(error: unknown): error is Error {
  return error instanceof InputError || error instanceof CsvHeaderError;
}

/** Records a run that failed: an input of it is not used at all. */
export async function fail(lake: Lake, path: string, base: RunDraft, error: unknown): Promise<IngestOutcome> {
  if (!isInputFault(error)) throw error;
  const message = error.message.startsWith(path) ? error.message : `${path}: ${error.message}`;
  const transaction = await lake.begin(base.runId);
  try {
    const run = await lake.locked(({ runs }) =>
      transaction.commit(
        { ...base, status: 'failed', finishedAt: formatInstant(lake.now()), error: message },
        { sequence: nextSequence(runs) },
      ),
    );
    return { path, status: 'failed', run, message };
  } catch (fault) {
    await transaction.abort();
    throw fault;
  }
}
