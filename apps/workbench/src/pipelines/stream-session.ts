import {
  formatInstant,
  type PipelineRun,
  type RejectReason,
  utcDay,
  type WindowSettings,
  WindowSettingsSchema,
} from '@pulselake/data-model';
import {
  inputWindowsName,
  JOURNAL,
  type JournalStep,
  type Lake,
  LakeError,
  nextSequence,
  RejectedWriter,
  StreamJournal,
  takeAbandonedJournals,
  type WindowPart,
  WindowsWriter,
  type WindowsWriterOptions,
} from '@pulselake/lake';
import type { WindowResult } from '@pulselake/processing';
import { NO_COUNTS } from './ingest-file.js';
import { StreamWindows } from './stream-windows.js';

export interface StreamSessionOptions {
  readonly settings: WindowSettings;
  /** The clock that `future` is judged by and by which silence is measured, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** How often finished windows are committed, in milliseconds. Default 5,000. */
  readonly commitIntervalMs?: number;
  /** Told after each commit. */
  readonly onCommit?: (run: PipelineRun) => void;
}

const SYNC_INTERVAL_MS = 200;
const CLOCK_INTERVAL_MS = 1000;
/** The ledger's counts are brought up to date this often, also when no window is due. */
const ACCOUNT_INTERVAL_MS = 60_000;

/**
 * A live stream on its way into the lake.
 *
 * What is pushed goes to the journal first, which is synced every 200 ms; windows are committed as they fall due. After a
 * crash the journal is replayed under the same run and part, so nothing synced is lost and nothing counts twice.
 */
export class StreamSession {
  readonly #windows: StreamWindows;
  readonly #committer: StreamCommitter;
  readonly #timers: NodeJS.Timeout[] = [];
  #work: Promise<void> = Promise.resolve();
  #failure: unknown;
  #lastCommitMs: number;
  #lastRead = 0;
  #closed = false;

  private constructor(
    lake: Lake,
    private readonly journal: StreamJournal,
    readonly runId: string,
    private readonly options: StreamSessionOptions,
    startedAtMs: number,
  ) {
    this.#windows = new StreamWindows(options.settings, startedAtMs);
    this.#committer = new StreamCommitter(lake, runId, startedAtMs);
    this.#lastCommitMs = startedAtMs;
  }

  static async open(lake: Lake, options: StreamSessionOptions): Promise<StreamSession> {
    const startedAtMs = options.clock();
    const runId = lake.newRunId('stream-windows');
    const journal = await StreamJournal.create(lake.root, lake.files, runId);
    journal.append({ kind: 'begin', atMs: startedAtMs, bytes: Buffer.from(JSON.stringify(options.settings)) });
    const session = new StreamSession(lake, journal, runId, options, startedAtMs);
    session.#every(SYNC_INTERVAL_MS, () => journal.sync());
    session.#every(CLOCK_INTERVAL_MS, () => session.#tick());
    return session;
  }

  /** What the stream read, and where it went. */
  get account() {
    return this.#windows.account;
  }

  /** Windows held in memory. */
  get heldWindows(): number {
    return this.#windows.heldWindows;
  }

  /**
   * Takes bytes of JSON Lines, cut anywhere.
   *
   * @throws the error of an earlier commit that failed
   */
  push(bytes: Uint8Array): void {
    this.#throwFailure();
    const atMs = this.options.clock();
    this.journal.append({ kind: 'batch', atMs, bytes: Buffer.from(bytes) });
    this.#windows.push(bytes, atMs);
  }

  /** Ends the stream: all windows are written and committed. */
  async close(): Promise<PipelineRun> {
    if (this.#closed) throw new Error('The stream is closed already; this is a bug in pulselake.');
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#work;
    this.#throwFailure();
    this.#windows.finish();
    const run = await this.#committer.commit(this.#windows, 'succeeded');
    await this.journal.remove();
    this.options.onCommit?.(run);
    return run;
  }

  async #tick(): Promise<void> {
    const nowMs = this.options.clock();
    this.journal.append({ kind: 'clock', atMs: nowMs });
    this.#windows.advanceClock(nowMs);
    const sinceMs = nowMs - this.#lastCommitMs;
    const due = this.#windows.hasResults && sinceMs >= (this.options.commitIntervalMs ?? 5000);
    const stale = this.account.read > this.#lastRead && sinceMs >= ACCOUNT_INTERVAL_MS;
    if (!due && !stale) return;
    this.#lastCommitMs = nowMs;
    this.#lastRead = this.account.read;
    // What is committed must not be ahead of what a replay would find.
    await this.journal.sync();
    this.options.onCommit?.(await this.#committer.commit(this.#windows, 'running'));
  }

  /** Runs `work` at intervals, one at a time; its failure ends the stream. */
  #every(intervalMs: number, work: () => Promise<void>): void {
    let busy = false;
    this.#timers.push(
      setInterval(() => {
        if (busy || this.#failure !== undefined) return;
        busy = true;
        const done = work()
          .catch((error: unknown) => {
            this.#failure = error;
          })
          .finally(() => {
            busy = false;
          });
        this.#work = Promise.all([this.#work, done]).then(() => undefined);
      }, intervalMs),
    );
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
  }
}

/**
 * Brings what crashed streams left in their journals into the lake. The windows of a replay stand for all that the stream
 * had written before.
 *
 * @returns the runs that were completed
 */
export async function replayAbandonedStreams(lake: Lake): Promise<PipelineRun[]> {
  const abandoned = await lake.locked(() => takeAbandonedJournals(lake.root, lake.files));
  const runs: PipelineRun[] = [];
  for (const journal of abandoned) {
    const earlier = (await lake.ledger()).runs.find(({ runId }) => runId === journal.runId);
    if (earlier?.status !== 'succeeded') {
      const [begin, ...steps] = await journal.steps();
      if (begin?.kind === 'begin') {
        const windows = replay(begin, steps);
        const committer = new StreamCommitter(lake, journal.runId, begin.atMs, earlier);
        runs.push(await committer.commit(windows, 'succeeded'));
      } else if (earlier) {
        // Its first step was synced before its first commit: only damage takes it away, and nothing may be guessed then.
        throw new LakeError(
          `The journal of ${journal.runId} is damaged from its start; what it had committed is in the lake. Move ${JOURNAL}/${journal.runId} out of the lake to go on without the rest.`,
        );
      }
    }
    await journal.remove();
  }
  return runs;
}

function replay(begin: Extract<JournalStep, { kind: 'begin' }>, steps: readonly JournalStep[]): StreamWindows {
  const settings = WindowSettingsSchema.parse(JSON.parse(begin.bytes.toString()));
  const windows = new StreamWindows(settings, begin.atMs);
  for (const step of steps) {
    if (step.kind === 'batch') windows.push(step.bytes, step.atMs);
    else windows.advanceClock(step.atMs);
  }
  windows.finish();
  return windows;
}

/** Commits a stream's results: one entry of the ledger that grows with each commit. */
class StreamCommitter {
  #run: PipelineRun | undefined;
  #commits = 0;
  readonly #reasons: Partial<Record<RejectReason, number>> = {};
  #rejected = 0;

  /** @param replaced the entry of the crashed stream that a replay stands for */
  constructor(
    private readonly lake: Lake,
    private readonly runId: string,
    private readonly startedAtMs: number,
    private readonly replaced?: PipelineRun,
  ) {
    this.#commits = commitsOf(replaced);
  }

  async commit(windows: StreamWindows, status: 'running' | 'succeeded'): Promise<PipelineRun> {
    const { lake, runId } = this;
    const { account, windows: due, rejected } = windows.takeResults();
    const number = this.#commits++;
    const transaction = await lake.begin(runId, number);
    const emittedAtMs = lake.now();
    const rejects = await RejectedWriter.open(transaction, {
      stage: 'stream-windows',
      day: utcDay(emittedAtMs),
      inputId: runId,
      name: `${runId}-${number}`,
    });
    for (const line of rejected) rejects.write(line);
    rejects.close();
    for (const [reason, rows] of Object.entries(rejects.byReason) as [RejectReason, number][]) {
      this.#reasons[reason] = (this.#reasons[reason] ?? 0) + rows;
    }
    this.#rejected += rejects.rows;
    await writeWindows(
      due,
      {
        transaction,
        series: windows.series,
        source: 'stream',
        name: inputWindowsName('stream', runId, `-${number}`),
      },
      { partId: runId, inputId: runId, emittedAtMs, account: 'samples' },
    );
    this.#run = await lake.locked(({ runs }) =>
      transaction.commit(
        {
          runId,
          stage: 'stream-windows',
          startedAt: formatInstant(this.startedAtMs),
          ...(status === 'succeeded' && { finishedAt: formatInstant(lake.now()) }),
          status,
          inputs: [],
          counts: {
            ...NO_COUNTS,
            read: account.read,
            accepted: account.accepted,
            duplicate: account.duplicate,
            rejected: this.#rejected,
          },
          rejectedByReason: this.#reasons,
          open: account.open,
          windowsCorrected: account.windowsCorrected,
          ...(this.#run?.replaced && { replaced: this.#run.replaced }),
        },
        {
          sequence: nextSequence(runs),
          ...(this.#run && { earlier: this.#run.outputs }),
          ...(this.replaced && { remove: this.replaced.outputs.map(({ uri }) => uri) }),
        },
      ),
    );
    return this.#run;
  }
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

/** How many commits a run's outputs show: file names of a replay must not be those of before. */
function commitsOf(run: PipelineRun | undefined): number {
  const numbers = (run?.outputs ?? []).map(({ uri }) => Number(COMMIT_NUMBER.exec(uri)?.[1] ?? -1));
  return Math.max(-1, ...numbers) + 1;
}
