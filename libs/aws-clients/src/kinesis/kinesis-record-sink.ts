import { setMaxListeners } from 'node:events';
import type { KinesisClient, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { KinesisAccessDeniedError, KinesisCredentialsError, type KinesisError, StreamNotFoundError } from './errors.js';
import { laneOfKey } from './lane-of-key.js';
import { PUT_RECORDS_QUOTA, type PutRecordsQuota } from './plan-put-records.js';
import type { FailureReason, Outcome, RecordSink, Settlement, StreamRecord } from './record-sink.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../sdk/retry-policy.js';
import { SinkLane } from './sink-lane.js';
import type { QueuedRecord } from './sink-queue.js';
import { type CallEnvironment, timerSleep } from '../sdk/call-environment.js';

/** Where a {@link KinesisRecordSink} sends records, and how many it holds. */
export interface KinesisRecordSinkOptions<R extends StreamRecord = StreamRecord> extends CallEnvironment {
  /** The SDK's client; `createKinesisClient` makes one. `close` leaves it open. */
  readonly client: Pick<KinesisClient, 'send'>;
  readonly streamName: string;
  /** Requests under way at a time, default 8. A partition key always has at most one of them. */
  readonly maxRequestsInFlight?: number;
  /** Records held, those under way included, at which `put` makes its caller wait. Default 5,000. */
  readonly maxBufferedRecords?: number;
  /** Bytes of data and keys held at which `put` makes its caller wait. Default 64 MiB. */
  readonly maxBufferedBytes?: number;
  /** Longest time that a record waits for others to share its request. Default 50. */
  readonly lingerMs?: number;
  /** Time until a request without an answer is given up and sent again, default 15,000. */
  readonly requestTimeoutMs?: number;
  /** `deadlineMs` counts from `put`. Default two minutes. */
  readonly retry?: RetryPolicy;
  readonly quota?: PutRecordsQuota;
  /** Ends everything at once: what is not accepted yet fails as `aborted`. */
  readonly signal?: AbortSignal;
  /** Told what became of each record, as soon as it is known. Must not throw. */
  readonly onSettled?: (outcome: Outcome<R>) => void;
}

/** Longest partition key, in Unicode code points. */
const MAX_KEY_LENGTH = 256;
const READY = Promise.resolve();

/**
 * Sends records to a Kinesis data stream: at least once, each partition key in order, with bounded memory.
 *
 * Only what failed is sent again. A request without an answer is sent again whole, so that the stream may hold its records
 * twice. Within a request Kinesis may refuse a record and take a later one of the same key; `quota.maxRecordsPerKey: 1`
 * excludes that.
 *
 * @example
 * const sink = new KinesisRecordSink({ client, streamName: 'metrics', clock: Date.now, random: Math.random });
 * await sink.put({ partitionKey: 'cart_cpu', data: Buffer.from('{}') });
 * const { accepted, failed } = await sink.close();
 */
export class KinesisRecordSink<R extends StreamRecord = StreamRecord> implements RecordSink<R> {
  readonly #options: KinesisRecordSinkOptions<R>;
  readonly #quota: PutRecordsQuota;
  readonly #maxRecords: number;
  readonly #maxBytes: number;
  readonly #lanes: SinkLane<R>[];
  readonly #ending = new AbortController();
  readonly #failedByReason: Partial<Record<FailureReason, number>> = {};
  readonly #tally = { put: 0, accepted: 0, failed: 0, requests: 0, retried: 0, possiblyTwice: 0, bytes: 0 };
  #heldRecords = 0;
  #heldBytes = 0;
  #waiting: (() => void)[] = [];
  #closing: Promise<Settlement> | undefined;
  #failure: { readonly reason: FailureReason; readonly error: Error } | undefined;
  #listenerError: { readonly error: unknown } | undefined;

  constructor(options: KinesisRecordSinkOptions<R>) {
    this.#options = options;
    this.#quota = options.quota ?? PUT_RECORDS_QUOTA;
    this.#maxRecords = options.maxBufferedRecords ?? 5_000;
    this.#maxBytes = options.maxBufferedBytes ?? 64 * 1_048_576;
    this.#lanes = Array.from({ length: options.maxRequestsInFlight ?? 8 }, () => this.#newLane());
    // Each request under way listens to it.
    setMaxListeners(0, this.#ending.signal);
    const { signal } = options;
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** Why nothing more can be sent, when that is so: a caller may as well stop. */
  get failure(): Error | undefined {
    return this.#failure?.error;
  }

  /** Whether `put` would resolve at once: a caller of many may look at this, which is cheaper than to await each. */
  get hasRoom(): boolean {
    return !this.#isCrowded();
  }

  put(record: R): Promise<void> {
    if (this.#closing) return Promise.reject(new Error('The sink is closed; it takes no more records.'));
    const { partitionKey, data } = record;
    const sizeBytes = data.byteLength + Buffer.byteLength(partitionKey);
    const putMs = this.#options.clock();
    const item = {
      record,
      Data: data,
      PartitionKey: partitionKey,
      partitionKey,
      sizeBytes,
      putMs,
      attempts: 0,
      isAmbiguous: false,
    };
    this.#tally.put++;
    this.#heldRecords++;
    this.#heldBytes += sizeBytes;
    const fault = this.#faultOf(item);
    if (fault) this.#onFailed(item, ...fault);
    else this.#lanes[laneOfKey(partitionKey, this.#lanes.length)]!.push(item);
    return this.#isCrowded() ? new Promise((resolve) => this.#waiting.push(resolve)) : READY;
  }

  close(): Promise<Settlement> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<Settlement> {
    // So that `#closing` is set when the lanes ask.
    await READY;
    await Promise.all(this.#lanes.map((lane) => lane.drain()));
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    if (this.#listenerError) throw this.#listenerError.error;
    return { ...this.#tally, failedByReason: { ...this.#failedByReason } };
  }

  #newLane(): SinkLane<R> {
    const { client, streamName, clock, random, sleep = timerSleep, retry = DEFAULT_RETRY_POLICY } = this.#options;
    const { lingerMs = 50, requestTimeoutMs = 15_000 } = this.#options;
    return new SinkLane<R>({
      client,
      streamName,
      clock,
      random,
      sleep,
      retry,
      lingerMs,
      requestTimeoutMs,
      quota: this.#quota,
      signal: this.#ending.signal,
      isClosing: () => this.#closing !== undefined,
      onRequest: () => {
        this.#tally.requests++;
      },
      onAccepted: (item, entry) => this.#onAccepted(item, entry),
      onFailed: (item, reason, message) => this.#onFailed(item, reason, message),
      onFatal: (error) => this.#end(reasonOf(error), error),
      reasonOf,
    });
  }

  #faultOf({ partitionKey: key, sizeBytes }: QueuedRecord<R>): [FailureReason, string] | undefined {
    if (this.#failure) return [this.#failure.reason, this.#failure.error.message];
    if (key === '' || (key.length > MAX_KEY_LENGTH && Array.from(key).length > MAX_KEY_LENGTH)) {
      return ['invalid', `The partition key has ${key.length} characters; it must have 1 to ${MAX_KEY_LENGTH}.`];
    }
    const most = Math.min(this.#quota.maxRecordBytes, this.#quota.maxRequestBytes);
    if (sizeBytes > most) {
      return ['too-large', `The record has ${sizeBytes} bytes with its key; at most ${most} are allowed.`];
    }
    return undefined;
  }

  #onAccepted(item: QueuedRecord<R>, { ShardId, SequenceNumber }: PutRecordsResultEntry): void {
    const { record, attempts, isAmbiguous, sizeBytes } = item;
    this.#tally.accepted++;
    this.#tally.bytes += sizeBytes;
    if (isAmbiguous) this.#tally.possiblyTwice++;
    if (this.#options.onSettled) {
      this.#tell({
        status: 'accepted',
        record,
        shardId: ShardId ?? '',
        sequenceNumber: SequenceNumber!,
        attempts,
        possiblyTwice: isAmbiguous,
      });
    }
    this.#release(item);
  }

  #onFailed(item: QueuedRecord<R>, reason: FailureReason, message: string): void {
    const { record, attempts, isAmbiguous } = item;
    this.#tally.failed++;
    this.#failedByReason[reason] = (this.#failedByReason[reason] ?? 0) + 1;
    this.#tell({ status: 'failed', record, reason, message, attempts, possiblyAccepted: isAmbiguous });
    this.#release(item);
  }

  #tell(outcome: Outcome<R>): void {
    try {
      this.#options.onSettled?.(outcome);
    } catch (error) {
      this.#listenerError ??= { error };
    }
  }

  #release({ sizeBytes, attempts }: QueuedRecord<R>): void {
    if (attempts > 1) this.#tally.retried++;
    this.#heldRecords--;
    this.#heldBytes -= sizeBytes;
    if (this.#waiting.length === 0 || this.#isCrowded()) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #isCrowded(): boolean {
    return this.#heldRecords >= this.#maxRecords || this.#heldBytes >= this.#maxBytes;
  }

  readonly #onAbort = () => {
    const reason: unknown = this.#options.signal?.reason;
    this.#end('aborted', reason instanceof Error ? reason : new Error('The sending was stopped.'));
    this.#ending.abort(this.#failure?.error);
  };

  /** Gives up all that waits, and all that comes. */
  #end(reason: FailureReason, error: Error): void {
    this.#failure ??= { reason, error };
    for (const lane of this.#lanes) lane.giveUp(reason, error.message);
  }
}

function reasonOf(error: KinesisError): FailureReason {
  if (error instanceof StreamNotFoundError) return 'stream-missing';
  if (error instanceof KinesisAccessDeniedError) return 'access-denied';
  return error instanceof KinesisCredentialsError ? 'credentials' : 'refused';
}
