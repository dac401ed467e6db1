import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetRecordsOutput,
  type GetShardIteratorInput,
  type KinesisClient,
} from '@aws-sdk/client-kinesis';
import { boundedCall } from '../sdk/bounded-call.js';
import { IteratorExpiredError, KinesisRequestError, KinesisUnreachableError } from './errors.js';
import { explainKinesisError, unansweredByKinesis } from './explain-kinesis-error.js';
import type { ReadRecord, StreamBatch } from './stream-batch.js';
import { arrivalOf, iteratorAfter, SHARD_END } from './stream-position.js';
import { withRetries, type RetryOptions } from './with-retries.js';

export interface ShardReaderOptions extends RetryOptions {
  readonly client: Pick<KinesisClient, 'send'>;
  readonly shardId: string;
  /** Where to go on. */
  readonly position: string;
  /** Whether the first iterator stands at the tip instead; `position` is then the moment of that. */
  readonly fromTip: boolean;
  readonly maxRecordsPerRead: number;
}

/** Unanswered questions for an iterator at an instant before the reader helps itself. */
const UNANSWERED = 2;
/** Time for such a question. */
const AT_TIMESTAMP_TIMEOUT_MS = 5_000;

/** Reads one shard, a batch at a time. */
export class ShardReader {
  readonly shardId: string;
  #position: string;
  #fromTip: boolean;
  #iterator: string | undefined;
  /** Records that arrived earlier are skipped, because the service gives no iterator at an instant. */
  #skipBefore: Date | undefined;

  constructor(private readonly options: ShardReaderOptions) {
    this.shardId = options.shardId;
    this.#position = options.position;
    this.#fromTip = options.fromTip;
  }

  /** The next batch, after as many attempts as it takes. */
  async next(): Promise<StreamBatch> {
    const output = await this.#read();
    this.#iterator = output.NextShardIterator;
    const records: ReadRecord[] = [];
    for (const { SequenceNumber, PartitionKey, Data, ApproximateArrivalTimestamp } of output.Records ?? []) {
      this.#position = SequenceNumber!;
      const arrivedAt = ApproximateArrivalTimestamp ?? new Date(0);
      if (this.#skipBefore && arrivedAt < this.#skipBefore) continue;
      records.push({
        shardId: this.shardId,
        sequenceNumber: SequenceNumber!,
        partitionKey: PartitionKey!,
        data: Data!,
        arrivedAt,
      });
    }
    const shardEnded = this.#iterator === undefined;
    if (shardEnded) this.#position = SHARD_END;
    return {
      shardId: this.shardId,
      records,
      position: this.#position,
      behindLatestMs: output.MillisBehindLatest ?? 0,
      shardEnded,
    };
  }

  async #read(): Promise<GetRecordsOutput> {
    for (;;) {
      this.#iterator ??= await this.#newIterator();
      const command = new GetRecordsCommand({
        ShardIterator: this.#iterator,
        Limit: this.options.maxRecordsPerRead,
      });
      try {
        return await withRetries(async (abortSignal) => {
          const output = await this.options.client.send(command, { abortSignal });
          // Something between us and Kinesis answered: to take it as the end of the shard would lose the rest.
          if (!Array.isArray(output.Records)) throw new KinesisUnreachableError('The answer is not one of Kinesis.');
          return output;
        }, this.options);
      } catch (error) {
        if (!(error instanceof IteratorExpiredError)) throw error;
        this.#iterator = undefined;
      }
    }
  }

  async #newIterator(): Promise<string> {
    if (this.#fromTip) {
      this.#fromTip = false;
      return this.#ask({ ShardIteratorType: 'LATEST' });
    }
    const arrival = arrivalOf(this.#position);
    if (!arrival) return this.#ask(iteratorAfter(this.#position));
    if (!this.#skipBefore) {
      const iterator = await this.#askAtInstant();
      if (iterator !== undefined) return iterator;
      this.#skipBefore = arrival;
    }
    return this.#ask({ ShardIteratorType: 'TRIM_HORIZON' });
  }

  /** An iterator at an instant, or `undefined` when the service, being an emulator, has none. */
  async #askAtInstant(): Promise<string | undefined> {
    const { signal, streamName } = this.options;
    for (let attempt = 1; attempt <= UNANSWERED; attempt++) {
      try {
        return await boundedCall((abortSignal) => this.#send(iteratorAfter(this.#position), abortSignal), {
          timeoutMs: AT_TIMESTAMP_TIMEOUT_MS,
          unanswered: unansweredByKinesis,
          signal,
        });
      } catch (thrown) {
        signal?.throwIfAborted();
        const error = explainKinesisError(thrown, streamName);
        if (error instanceof KinesisRequestError) return undefined;
        if (!(error instanceof KinesisUnreachableError)) return this.#ask(iteratorAfter(this.#position));
      }
    }
    // Whether the service is away or only silent about instants: this question tells.
    await this.#ask({ ShardIteratorType: 'TRIM_HORIZON' });
    return undefined;
  }

  #ask(where: Partial<GetShardIteratorInput>): Promise<string> {
    return withRetries((abortSignal) => this.#send(where, abortSignal), this.options);
  }

  async #send(where: Partial<GetShardIteratorInput>, abortSignal: AbortSignal): Promise<string> {
    const command = new GetShardIteratorCommand({
      StreamName: this.options.streamName,
      ShardId: this.shardId,
      ShardIteratorType: 'TRIM_HORIZON',
      ...where,
    });
    const { ShardIterator: iterator } = await this.options.client.send(command, { abortSignal });
    if (!iterator) throw new KinesisUnreachableError('The answer holds no iterator: it is not one of Kinesis.');
    return iterator;
  }
}
