import { createHash } from 'node:crypto';
import {
  formatInstant,
  type MetricSource,
  type PipelineRun,
  type PipelineStage,
  type RejectReason,
  utcDay,
} from '@pulselake/data-model';
import {
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
import { SeriesTable } from '@pulselake/processing';
import type { InputPath } from './expand-inputs.js';
import { fail, isInputFault } from './failed-run.js';
import { type IngestOutcome, NO_COUNTS } from './ingest-outcome.js';
import { type InputVersion, wasOvertaken } from './input-version.js';

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

export const NEW_RUN = {
  status: 'succeeded',
  inputs: [],
  counts: NO_COUNTS,
  rejectedByReason: {},
} as const satisfies Partial<RunDraft>;

/** Inputs that share a run, and what the lake knew before it. */
export class Batch {
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

  /** Whether an input may share a run: it is small and takes nothing out. */
  static takes({ identified, takesOut }: InputVersion): boolean {
    return identified.input.contentBytes <= SMALL_BYTES && takesOut.size === 0;
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

export interface BatchOutcome {
  readonly outcomes: IngestOutcome[];
  /** Inputs to be ingested anew, each by itself: one of them failed after it gave rows, or another command was faster. */
  readonly again: readonly InputPath[];
}

/** Ingests the inputs of a batch in one run. */
export async function ingestBatch(
  lake: Lake,
  { stage, source, read }: MetricsStage,
  { inputs, runsBefore }: Batch,
): Promise<BatchOutcome> {
  const base: RunDraft = { ...NEW_RUN, runId: lake.newRunId(stage), stage, startedAt: formatInstant(lake.now()) };
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
          return { outcomes: [await fail(lake, address, { ...base, inputs: [identified.input] }, error)], again: [] };
        }
        if (writer.rows > rowsBefore || rejects.rows > 0) {
          await transaction.abort();
          return { outcomes: [], again: inputs.map(({ input: each }) => each) };
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
    return { outcomes: failed, again: [] };
  }
  const versions = good.map(({ version }) => version);
  const draft = {
    ...base,
    counts: { ...counts, accepted: writer.records },
    rejectedByReason: reasons,
    ...(stage === 'stream-windows' && { windowsCorrected }),
  };
  const run = await commitVersions(lake, transaction, draft, versions, runsBefore);
  if (!run) return { outcomes: failed, again: inputs.map(({ input }) => input) };
  const outcomes = [
    ...failed,
    ...good.map(({ version, read: records }) => ({
      path: version.identified.input.uri,
      status: 'ingested' as const,
      run,
      ...(records === 0 && { message: 'It holds no record.' }),
    })),
  ];
  return { outcomes, again: [] };
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
