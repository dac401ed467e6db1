import { formatInstant, type PipelineRun, type RejectReason, type RunOutput, utcDay } from '@pulselake/data-model';
import {
  inputWindowsName,
  type Lake,
  liveFiles,
  nextSequence,
  RejectedWriter,
  type RunTransaction,
  type WindowPart,
  WindowsWriter,
  type WindowsWriterOptions,
} from '@pulselake/lake';
import type { WindowResult } from '@pulselake/processing';
import { NO_COUNTS } from './ingest-outcome.js';
import type { StreamResults } from './stream-windows.js';

/** What was committed of a stream, as JSON. */
export interface CommittedState {
  /** Commits so far. Outputs of later ones are made again by a replay from here. */
  readonly commits: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Partial<Record<RejectReason, number>>>;
}

export interface StreamCommitterOptions {
  readonly lake: Lake;
  readonly runId: string;
  readonly startedAtMs: number;
  /** The entry of the crashed stream that a replay goes on with. */
  readonly earlier?: PipelineRun;
  /** What of it stays: the replay starts behind it. Default nothing. */
  readonly committed?: CommittedState;
}

const NOTHING: CommittedState = { commits: 0, rejected: 0, rejectedByReason: {} };

/** Commits a stream's results: one entry of the ledger that grows with each commit. */
export class StreamCommitter {
  readonly #options: StreamCommitterOptions;
  #kept: PipelineRun['outputs'];
  #replaced: PipelineRun['replaced'];
  /** What a replay makes anew under other names. */
  #stale: PipelineRun['outputs'];
  #committed: CommittedState;
  #number: number;

  constructor(options: StreamCommitterOptions) {
    const { earlier, committed = NOTHING } = options;
    this.#options = options;
    this.#committed = committed;
    const outputs = earlier?.outputs ?? [];
    this.#kept = outputs.filter(({ uri }) => commitOf(uri) < committed.commits);
    this.#stale = outputs.filter(({ uri }) => commitOf(uri) >= committed.commits);
    this.#replaced = earlier?.replaced;
    this.#number = Math.max(committed.commits, ...outputs.map(({ uri }) => commitOf(uri) + 1));
  }

  /** What is in the lake when no commit is under way. */
  get committed(): CommittedState {
    return this.#committed;
  }

  async commit(results: StreamResults, status: 'running' | 'succeeded'): Promise<PipelineRun> {
    const { lake, runId } = this.#options;
    const transaction = await lake.begin(runId, this.#number);
    try {
      const rejects = await this.#stage(transaction, results);
      const committed = addRejected(this.#committed, rejects.byReason, this.#number + 1);
      const run = await this.#record(transaction, results, committed, status);
      this.#kept = run.outputs;
      this.#stale = [];
      this.#replaced = run.replaced;
      this.#committed = committed;
      this.#number++;
      return run;
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  }

  async #stage(transaction: RunTransaction, { windows, rejected, series }: StreamResults): Promise<RejectedWriter> {
    const { lake, runId } = this.#options;
    const emittedAtMs = lake.now();
    const rejects = await RejectedWriter.open(transaction, {
      stage: 'stream-windows',
      day: utcDay(emittedAtMs),
      inputId: runId,
      name: `${runId}-${this.#number}`,
    });
    for (const line of rejected) rejects.write(line);
    rejects.close();
    await writeWindows(
      windows,
      { transaction, series, source: 'stream', name: inputWindowsName('stream', runId, `-${this.#number}`) },
      { partId: runId, inputId: runId, emittedAtMs, account: 'samples' },
    );
    return rejects;
  }

  #record(
    transaction: RunTransaction,
    { account, stream }: StreamResults,
    { rejected, rejectedByReason }: CommittedState,
    status: 'running' | 'succeeded',
  ): Promise<PipelineRun> {
    const { lake, runId, startedAtMs } = this.#options;
    return lake.locked(({ runs }) => {
      const live = liveFiles(runs);
      const stale = this.#stale.filter(({ uri }) => live.has(uri));
      // Another run has merged the others: its account needs the entry, and the view takes the replay's rows for theirs.
      const merged = this.#stale.filter((output) => !stale.includes(output)).map(withoutRecords);
      const earlier = [...this.#kept, ...merged];
      return transaction.commit(
        {
          runId,
          stage: 'stream-windows',
          startedAt: formatInstant(startedAtMs),
          ...(status === 'succeeded' && { finishedAt: formatInstant(lake.now()) }),
          status,
          inputs: [],
          counts: {
            ...NO_COUNTS,
            read: account.read,
            accepted: account.accepted,
            duplicate: account.duplicate,
            rejected,
          },
          rejectedByReason,
          open: account.open,
          windowsCorrected: account.windowsCorrected,
          ...(this.#replaced && { replaced: this.#replaced }),
          ...(stream && { stream }),
        },
        {
          sequence: nextSequence(runs),
          ...(this.#number > 0 && { earlier }),
          remove: stale.map(({ uri }) => uri),
        },
      );
    });
  }
}

function addRejected(
  before: CommittedState,
  byReason: Partial<Record<RejectReason, number>>,
  commits: number,
): CommittedState {
  const rejectedByReason = { ...before.rejectedByReason };
  let rejected = before.rejected;
  for (const [reason, rows] of Object.entries(byReason) as [RejectReason, number][]) {
    rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + rows;
    rejected += rows;
  }
  return { commits, rejected, rejectedByReason };
}

/** The file, accounting for no record any more. */
function withoutRecords(output: RunOutput): RunOutput {
  const rest = { ...output };
  delete rest.records;
  return rest;
}

async function writeWindows(
  due: readonly WindowResult[],
  options: WindowsWriterOptions,
  part: WindowPart,
): Promise<void> {
  if (due.length === 0) return;
  const writer = await WindowsWriter.open(options);
  try {
    writer.begin(part);
    await writer.addAll(due);
    await writer.flush();
  } finally {
    writer.release();
  }
}

const COMMIT_NUMBER = /-(\d+)-\d+\.(?:parquet|jsonl)$/;

/** Which commit of its run wrote a file: its name says so. */
function commitOf(uri: string): number {
  return Number(COMMIT_NUMBER.exec(uri)?.[1] ?? -1);
}
