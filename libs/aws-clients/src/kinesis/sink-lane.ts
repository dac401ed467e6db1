import type { PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { planPutRecords, type PutRecordsQuota } from './plan-put-records.js';
import type { FailureReason, StreamRecord } from './record-sink.js';
import { backoffMs, type RetryPolicy } from '../sdk/retry-policy.js';
import { sendRecords, type SendOptions } from './send-records.js';
import { type QueuedRecord, SinkQueue } from './sink-queue.js';
import type { KinesisError } from './errors.js';

/** What a lane needs of its sink. */
export interface LaneContext<R extends StreamRecord> extends Omit<SendOptions, 'timeoutMs'> {
  readonly quota: PutRecordsQuota;
  readonly retry: RetryPolicy;
  readonly lingerMs: number;
  readonly requestTimeoutMs: number;
  readonly clock: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** Whether no more records come, so that none has to wait for company. */
  readonly isClosing: () => boolean;
  readonly onRequest: () => void;
  readonly onAccepted: (item: QueuedRecord<R>, entry: PutRecordsResultEntry) => void;
  readonly onFailed: (item: QueuedRecord<R>, reason: FailureReason, message: string) => void;
  /** Nothing more can be sent, by any lane. */
  readonly onFatal: (error: KinesisError) => void;
  readonly reasonOf: (error: KinesisError) => FailureReason;
}

const STOPPED = 'The sending was stopped.';

/**
 * The records of some partition keys, sent by one request at a time: so a key's records are never in two requests at once,
 * and what has to be sent again comes before what follows.
 */
export class SinkLane<R extends StreamRecord> {
  readonly #queue = new SinkQueue<QueuedRecord<R>>();
  #running = Promise.resolve();
  #isRunning = false;
  #wake: (() => void) | undefined;
  #failures = 0;
  #lastError = '';

  constructor(private readonly context: LaneContext<R>) {}

  push(item: QueuedRecord<R>): void {
    this.#queue.push(item);
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#running = this.#run();
    } else if (this.#isFull()) {
      this.#wake?.();
    }
  }

  /** Waits until nothing is left. */
  async drain(): Promise<void> {
    this.#wake?.();
    await this.#running;
  }

  /** Gives up all that waits; a request under way is ended by the sink's signal. */
  giveUp(reason: FailureReason, message: string): void {
    for (let item = this.#queue.shift(); item; item = this.#queue.shift()) {
      this.context.onFailed(item, reason, message);
    }
    this.#wake?.();
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#untilWorthIt();
      this.#dropExpired();
      const { quota } = this.context;
      const items = planPutRecords(this.#queue.peek(quota.maxRecords), quota).requests[0];
      if (!items) continue;
      this.#queue.remove(items);
      await this.#send(items);
    }
    // In the same turn as the look at the queue: what comes later starts a new run.
    this.#isRunning = false;
  }

  async #send(items: readonly QueuedRecord<R>[]): Promise<void> {
    const { client, streamName, signal, requestTimeoutMs: timeoutMs } = this.context;
    this.context.onRequest();
    for (const item of items) item.attempts++;
    const result = await sendRecords(items, { client, streamName, signal, timeoutMs });
    if (result.kind === 'answered') {
      await this.#answered(items, result.entries);
      return;
    }
    const { error, isAmbiguous } = result;
    for (const item of items) item.isAmbiguous ||= isAmbiguous;
    if (signal.aborted || !error.isRetryable) {
      const reason = signal.aborted ? 'aborted' : this.context.reasonOf(error);
      const message = signal.aborted ? STOPPED : error.message;
      for (const item of items) this.context.onFailed(item, reason, message);
      if (reason !== 'refused' && reason !== 'aborted') this.context.onFatal(error);
      return;
    }
    await this.#again(items, error.message, ++this.#failures);
  }

  async #answered(items: readonly QueuedRecord<R>[], entries: readonly PutRecordsResultEntry[]): Promise<void> {
    const failed: QueuedRecord<R>[] = [];
    let message = '';
    for (const [index, item] of items.entries()) {
      const entry = entries[index]!;
      if (entry.SequenceNumber !== undefined && entry.ErrorCode === undefined) {
        this.context.onAccepted(item, entry);
      } else {
        failed.push(item);
        message = `${entry.ErrorCode ?? 'no sequence number'}: ${entry.ErrorMessage ?? 'no message'}`;
      }
    }
    // Where some were taken, the shards are busy and not away: what is left need not wait for long.
    this.#failures = failed.length === items.length ? this.#failures + 1 : 0;
    if (failed.length > 0) await this.#again(failed, message, this.#failures + 1);
  }

  async #again(items: readonly QueuedRecord<R>[], message: string, failures: number): Promise<void> {
    const { signal, retry, random, clock, sleep, onFailed } = this.context;
    if (signal.aborted) {
      for (const item of items) onFailed(item, 'aborted', STOPPED);
      return;
    }
    this.#lastError = message;
    this.#queue.putBack(items);
    const leftMs = items[0]!.putMs + retry.deadlineMs - clock();
    const pauseMs = Math.max(0, Math.min(backoffMs(retry, failures, random()), leftMs));
    // Ended by an abort; what waits was given up by then.
    await sleep(pauseMs, signal).catch(() => undefined);
  }

  /** Waits for company: until a request is full, its first record has waited for long enough, or no more come. */
  async #untilWorthIt(): Promise<void> {
    const { lingerMs, clock, isClosing } = this.context;
    const waitMs = (this.#queue.first?.putMs ?? 0) + lingerMs - clock();
    if (waitMs <= 0 || isClosing() || this.#isFull()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #isFull(): boolean {
    const { maxRecords, maxRequestBytes } = this.context.quota;
    return this.#queue.length >= maxRecords || this.#queue.sizeBytes >= maxRequestBytes;
  }

  #dropExpired(): void {
    const { clock, retry, onFailed } = this.context;
    const latestMs = clock() - retry.deadlineMs;
    for (let first = this.#queue.first; first && first.putMs <= latestMs; first = this.#queue.first) {
      this.#queue.shift();
      const after = this.#lastError === '' ? '' : ` Last: ${this.#lastError}`;
      onFailed(first, 'deadline', `It was not accepted within ${Math.round(retry.deadlineMs / 1000)} s.${after}`);
    }
  }
}
