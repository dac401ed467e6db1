import { setMaxListeners } from 'node:events';
import type { KinesisClient, Shard } from '@aws-sdk/client-kinesis';
import { HandOver } from './hand-over.js';
import { listShards } from './list-shards.js';
import type { RetryPolicy } from '../sdk/retry-policy.js';
import { ancestorsOf, readableShards } from './shard-lineage.js';
import { ShardReader } from './shard-reader.js';
import type { StreamBatch } from './stream-batch.js';
import { positionAt, SHARD_END, TRIM_HORIZON } from './stream-position.js';
import { timerSleep, type CallEnvironment } from '../sdk/call-environment.js';

/** Which stream is read, from where, and until when. */
export interface ReadStreamOptions extends CallEnvironment {
  readonly streamName: string;
  /** Where shards without a position begin; an instant is one of arrival. */
  readonly from: 'earliest' | 'latest' | Date;
  /** By shard: the `position` of the last batch that was dealt with. */
  readonly positions?: ReadonlyMap<string, string>;
  /** Ends once everything was read that had arrived when reading began. Default false: goes on for ever. */
  readonly untilCaughtUp?: boolean;
  /** 1 to 10,000, the default. */
  readonly maxRecordsPerRead?: number;
  /** Pause after a read that reached a shard's tip, default 1,000. Kinesis allows five reads a second and shard. */
  readonly pollMs?: number;
  /** Pause between two looks for new shards, default 30,000; the end of a shard is followed by one at once. */
  readonly relistMs?: number;
  /** How long one question is repeated when it fails. Default two minutes. */
  readonly retry?: RetryPolicy;
  /** Time until a request is given up, default 30,000. */
  readonly requestTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** How far Kinesis' clock may be ahead of ours. */
const CLOCK_SKEW_MS = 2_000;

/**
 * Reads all shards of a stream at the same time, each in its order and, after a split or merge, later than the shards it
 * came from. Nothing is skipped, and nothing is given twice.
 *
 * A batch counts as dealt with when the next one is asked for. A shard at its tip gives a batch without records after
 * every `pollMs`: a chance to commit while nothing comes. At most one batch of each shard is held.
 *
 * @throws StreamNotFoundError when there is no such stream, or it was deleted in the meantime
 * @throws KinesisDeadlineError when Kinesis was away for longer than `retry` says
 * @throws KinesisError when credentials, permissions or the request are not in order; the signal's reason after an abort
 * @example
 * for await (const { shardId, records, position } of readStream(client, { streamName: 'metrics', from: 'earliest', clock: Date.now, random: Math.random })) {
 *   for (const { data } of records) console.log(Buffer.from(data).toString());
 *   positions.set(shardId, position);
 * }
 */
export async function* readStream(
  client: Pick<KinesisClient, 'send'>,
  options: ReadStreamOptions,
): AsyncGenerator<StreamBatch, void, undefined> {
  const { signal } = options;
  signal?.throwIfAborted();
  const reading = new StreamReading(client, options);
  const onAbort = () => reading.fail(signal!.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    reading.start();
    yield* reading.batches();
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await reading.stop();
  }
}

/** One reading of a stream: a loop for each shard, and one which looks for new shards. */
class StreamReading {
  readonly #out = new HandOver<StreamBatch>();
  readonly #ending = new AbortController();
  readonly #loops = new Set<Promise<void>>();
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #startedMs: number;
  readonly #sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  #isFirstLook = true;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly client: Pick<KinesisClient, 'send'>,
    private readonly options: ReadStreamOptions,
  ) {
    this.#startedMs = options.clock();
    // Each shard listens to it.
    setMaxListeners(0, this.#ending.signal);
    this.#sleep = options.sleep ?? timerSleep;
    for (const [shardId, position] of options.positions ?? []) if (position === SHARD_END) this.#end(shardId);
  }

  start(): void {
    this.#loop(async () => {
      await this.#look();
      if (this.options.untilCaughtUp) return;
      for (;;) {
        await this.#sleep(this.options.relistMs ?? 30_000, this.#ending.signal);
        await this.#look();
      }
    });
  }

  batches(): AsyncGenerator<StreamBatch, void, undefined> {
    return this.#out.items();
  }

  /** Ends the reading with an error. */
  fail(error: Error): void {
    this.#out.fail(error);
    this.#ending.abort(error);
  }

  async stop(): Promise<void> {
    this.#ending.abort(new Error('The reading has ended.'));
    this.#out.close();
    await Promise.all(this.#loops);
  }

  #loop(work: () => Promise<void>): void {
    const loop = work()
      .catch((error: unknown) => this.fail(error as Error))
      .finally(() => {
        this.#loops.delete(loop);
        if (this.#loops.size === 0) this.#out.close();
      });
    this.#loops.add(loop);
  }

  /** Looks for shards that may be read now, and begins with them. Looks at the same time are one after the other. */
  async #look(): Promise<void> {
    const before = this.#looking;
    const look = (async () => {
      await before;
      const shards = await listShards(this.client, this.#callOptions());
      if (this.#isFirstLook) this.#settleStart(shards);
      this.#isFirstLook = false;
      for (const shard of readableShards(shards, this.#begun, this.#ended)) this.#begin(shard);
    })();
    this.#looking = look.catch(() => undefined);
    await look;
  }

  /** What of the first listing is not to be read. */
  #settleStart(shards: readonly Shard[]): void {
    // A shard is read after its parents' end, so its position says that they were read to theirs.
    for (const id of ancestorsOf(this.options.positions?.keys() ?? [], shards)) this.#end(id);
    if (this.options.from !== 'latest' || (this.options.positions?.size ?? 0) > 0) return;
    for (const { ShardId: id, SequenceNumberRange: range } of shards) {
      if (range?.EndingSequenceNumber !== undefined) this.#end(id!);
      else this.#tips.add(id!);
    }
  }

  /** Shards that were open when a reading of what comes from now on began. */
  readonly #tips = new Set<string>();

  #end(shardId: string): void {
    this.#begun.add(shardId);
    this.#ended.add(shardId);
  }

  #begin(shard: Shard): void {
    const shardId = shard.ShardId!;
    this.#begun.add(shardId);
    const { positions, from, maxRecordsPerRead = 10_000 } = this.options;
    const isAtTip = this.#tips.has(shardId);
    const start =
      from instanceof Date
        ? positionAt(from)
        : isAtTip
          ? positionAt(new Date(this.#startedMs))
          : // Not listed when reading began, so all of it is new.
            TRIM_HORIZON;
    const position = positions?.get(shardId) ?? start;
    const reader = new ShardReader({
      ...this.#callOptions(),
      client: this.client,
      shardId,
      position,
      fromTip: isAtTip,
      maxRecordsPerRead,
    });
    const isClosed = shard.SequenceNumberRange?.EndingSequenceNumber !== undefined;
    this.#loop(() => this.#read(reader, isClosed));
  }

  async #read(reader: ShardReader, isClosed: boolean): Promise<void> {
    const { untilCaughtUp = false, pollMs = 1_000, maxRecordsPerRead: fullRead = 10_000 } = this.options;
    for (;;) {
      const batch = await reader.next();
      if (!(await this.#out.give(batch))) return;
      if (batch.shardEnded) {
        this.#ended.add(reader.shardId);
        await this.#look();
        return;
      }
      const { records, behindLatestMs } = batch;
      if (untilCaughtUp) {
        // Of a closed shard only its end says that its children may be read.
        if (!isClosed && behindLatestMs === 0 && this.#isNew(records.at(-1)?.arrivedAt)) return;
      } else if (behindLatestMs === 0 && records.length < fullRead) {
        await this.#sleep(pollMs, this.#ending.signal);
      }
    }
  }

  /** Whether what follows a record has arrived after the reading began. */
  #isNew(lastArrival: Date | undefined): boolean {
    return lastArrival === undefined || lastArrival.getTime() > this.#startedMs + CLOCK_SKEW_MS;
  }

  #callOptions() {
    const { streamName, clock, random, sleep, retry, requestTimeoutMs } = this.options;
    return { streamName, clock, random, sleep, retry, requestTimeoutMs, signal: this.#ending.signal };
  }
}
