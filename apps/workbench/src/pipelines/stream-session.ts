import type { PipelineRun, WindowSettings } from '@pulselake/data-model';
import { type JournalBegin, type Lake, StreamJournal } from '@pulselake/lake';
import { StreamCommitter } from './stream-committer.js';
import { type AbandonedStream, committerOf } from './replay-streams.js';
import { encodeBatch, type StreamBatch } from './stream-batch.js';
import { encodeSnapshot } from './stream-state.js';
import { type BatchOutcome, type StreamResults, StreamWindows } from './stream-windows.js';

export interface StreamSessionOptions {
  readonly settings: WindowSettings;
  /** The clock that `future` is judged by and by which silence is measured, in milliseconds since the epoch. */
  readonly clock: () => number;
  /** How often finished windows are committed, in milliseconds. Default 5,000. */
  readonly commitIntervalMs?: number;
  /** The journal is cut when it has as many bytes since the last cut, or as many as the state then had. Default 16 MiB. */
  readonly segmentBytes?: number;
  /** Results that may wait for a commit before {@link StreamSession.room} makes whoever pushes wait. Default 50,000. */
  readonly pendingResults?: number;
  /** Told after each commit. */
  readonly onCommit?: (run: PipelineRun) => void;
  /** Told once, when it has failed. */
  readonly onFailure?: (error: unknown) => void;
}

const SYNC_INTERVAL_MS = 200;
const CLOCK_INTERVAL_MS = 1000;
/** Corrections, rejected records and the ledger's counts are committed this often when no new window is due. */
const ACCOUNT_INTERVAL_MS = 60_000;
const SEGMENT_BYTES = 16 * 1024 * 1024;
const PENDING_RESULTS = 50_000;

/**
 * A live stream on its way into the lake.
 *
 * What is pushed goes to the journal first, which is synced every 200 ms; windows are committed as they fall due. After a
 * crash the journal is replayed under the same run and part, so nothing synced is lost and nothing counts twice.
 *
 * Each time the journal is cut, the stream itself goes on from the state that a replay would start with.
 */
export class StreamSession {
  #windows: StreamWindows;
  readonly #committer: StreamCommitter;
  readonly #timers: NodeJS.Timeout[] = [];
  #work: Promise<void> = Promise.resolve();
  #committing: Promise<void> | undefined;
  #failure: unknown;
  #lastCommitMs: number;
  #lastRead = 0;
  #closed = false;

  private constructor(
    private readonly journal: StreamJournal,
    readonly runId: string,
    private readonly begin: JournalBegin,
    private readonly options: StreamSessionOptions,
    { windows, committer }: { readonly windows: StreamWindows; readonly committer: StreamCommitter },
  ) {
    this.#windows = windows;
    this.#committer = committer;
    this.#lastCommitMs = options.clock();
    this.#every(SYNC_INTERVAL_MS, () => journal.sync());
    this.#every(CLOCK_INTERVAL_MS, () => this.#tick());
  }

  static async open(lake: Lake, options: StreamSessionOptions): Promise<StreamSession> {
    const begin = { atMs: options.clock(), bytes: Buffer.from(JSON.stringify(options.settings)) };
    const runId = lake.newRunId('stream-windows');
    const journal = await StreamJournal.create(lake.root, lake.files, runId, begin);
    return new StreamSession(journal, runId, begin, options, {
      windows: StreamWindows.start(options.settings, begin.atMs),
      committer: new StreamCommitter({ lake, runId, startedAtMs: begin.atMs }),
    });
  }

  /** Goes on with a stream whose process is gone, as the same run: its windows are still open, and their ids held. */
  static async goOn(lake: Lake, stream: AbandonedStream, options: StreamSessionOptions): Promise<StreamSession> {
    const { journal: abandoned, windows, startedAtMs } = stream;
    const committer = committerOf(lake, stream);
    windows.wake(options.clock());
    const state = windows.state();
    const begin = { atMs: startedAtMs, bytes: Buffer.from(JSON.stringify(options.settings)) };
    const snapshot = encodeSnapshot({ windows: state, committed: committer.committed });
    const journal = await abandoned.goOn(snapshot, begin);
    return new StreamSession(journal, abandoned.runId, begin, options, {
      windows: StreamWindows.resume(options.settings, state),
      committer,
    });
  }

  /** What the stream read, and where it went. */
  get account() {
    return this.#windows.account;
  }

  /** Windows held in memory. */
  get heldWindows(): number {
    return this.#windows.heldWindows;
  }

  /** Why it takes nothing any more. What its journal holds is brought in by the next replay. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * Takes bytes of JSON Lines, cut anywhere. They are safe after the next {@link synced}.
   *
   * @throws the error of an earlier commit that failed
   */
  push(bytes: Uint8Array): BatchOutcome {
    return this.#append('batch', Buffer.from(bytes), (atMs) => this.#windows.push(bytes, atMs));
  }

  /**
   * Takes what was read of a shard, and how far: after a crash it is read on from there.
   *
   * @throws the error of an earlier commit that failed
   */
  pushBatch(batch: StreamBatch): void {
    this.#append('records', encodeBatch(batch), (atMs) => this.#windows.pushBatch(batch, atMs));
  }

  /** Makes all that was pushed safe. */
  async synced(): Promise<void> {
    this.#throwFailure();
    try {
      await this.journal.sync();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  /** Waits until what waits for a commit is within bounds: whoever pushes much asks before more. */
  async room(): Promise<void> {
    while (!this.#closed && this.#windows.pendingResults >= (this.options.pendingResults ?? PENDING_RESULTS)) {
      this.#throwFailure();
      await this.#commit();
    }
  }

  /** Ends the stream: all windows are written and committed. */
  async close(): Promise<PipelineRun> {
    if (this.#closed) throw new Error('The stream is closed already; this is a bug in pulselake.');
    await this.#stop();
    this.#throwFailure();
    this.#windows.finish();
    const run = await this.#committer.commit(this.#windows.takeResults(), 'succeeded');
    await this.journal.remove();
    this.options.onCommit?.(run);
    return run;
  }

  /** Gives up after a failure: the next replay, also one in this process, brings in what the journal holds. May be called again. */
  async abandon(): Promise<void> {
    await this.#stop();
    await this.journal.abandon();
  }

  /** Waits for what is under way: a sync, a commit, a cut. */
  async settled(): Promise<void> {
    await this.#work;
    await this.#committing?.catch(() => undefined);
  }

  #append<T>(kind: 'batch' | 'records', bytes: Buffer, take: (atMs: number) => T): T {
    this.#throwFailure();
    if (this.#closed) throw new Error('The stream has ended.');
    const atMs = this.options.clock();
    try {
      this.journal.append({ kind, atMs, bytes });
    } catch (error) {
      // Half a step may be in the journal: what came behind it would not be read.
      this.#fail(error);
      throw error;
    }
    return take(atMs);
  }

  async #stop(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.settled();
  }

  async #tick(): Promise<void> {
    const nowMs = this.options.clock();
    this.journal.append({ kind: 'clock', atMs: nowMs });
    this.#windows.advanceClock(nowMs);
    if (this.#isCommitDue(nowMs)) await this.#commit();
    const { bytes, stateBytes } = this.journal;
    if (bytes >= Math.max(this.options.segmentBytes ?? SEGMENT_BYTES, stateBytes)) await this.#cut();
  }

  #isCommitDue(nowMs: number): boolean {
    const sinceMs = nowMs - this.#lastCommitMs;
    if (this.#windows.hasNewWindows) return sinceMs >= (this.options.commitIntervalMs ?? 5000);
    const hasMore = this.#windows.pendingResults > 0 || this.account.read > this.#lastRead;
    return hasMore && sinceMs >= ACCOUNT_INTERVAL_MS;
  }

  /** Commits what waits; a commit under way is awaited instead. */
  #commit(): Promise<void> {
    this.#committing ??= this.#commitOnce(this.#windows.takeResults())
      .catch((error: unknown) => {
        this.#fail(error);
        throw error;
      })
      .finally(() => {
        this.#committing = undefined;
      });
    return this.#committing;
  }

  async #commitOnce(results: StreamResults): Promise<void> {
    this.#lastCommitMs = this.options.clock();
    this.#lastRead = results.account.read;
    // What is committed must not be ahead of what a replay would find.
    await this.journal.sync();
    const run = await this.#committer.commit(results, 'running');
    this.options.onCommit?.(run);
  }

  /** Leaves behind what is no longer needed: of the journal, and of the memory. */
  async #cut(): Promise<void> {
    // What a commit has taken is in no state until it is done; by then the next one may have begun.
    while (this.#committing) await this.#committing;
    const windows = this.#windows.state();
    this.#windows = StreamWindows.resume(this.options.settings, windows);
    await this.journal.cut(encodeSnapshot({ windows, committed: this.#committer.committed }), this.begin);
  }

  /** Runs `work` at intervals, one at a time; its failure ends the stream. */
  #every(intervalMs: number, work: () => Promise<void>): void {
    let busy = false;
    this.#timers.push(
      setInterval(() => {
        if (busy || this.#failure !== undefined) return;
        busy = true;
        const done = work()
          .catch((error: unknown) => this.#fail(error))
          .finally(() => {
            busy = false;
          });
        this.#work = Promise.all([this.#work, done]).then(() => undefined);
      }, intervalMs),
    );
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.options.onFailure?.(error);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
  }
}
