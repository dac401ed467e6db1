/** A record on its way into a stream. */
export interface StreamRecord {
  /** Records of one key go to one shard and keep their order. 1 to 256 characters. */
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/**
 * Why a record was given up.
 *
 * - `invalid`, `too-large`: no stream takes it; it was not sent
 * - `deadline`: it was not accepted in time
 * - `refused`: Kinesis refuses the request it was in
 * - `stream-missing`, `access-denied`, `credentials`: nothing can be sent; all further records fail with the same reason
 * - `aborted`: the caller's signal was aborted
 */
export type FailureReason =
  'invalid' | 'too-large' | 'deadline' | 'refused' | 'stream-missing' | 'access-denied' | 'credentials' | 'aborted';

/** What became of a record. */
export type Outcome<R extends StreamRecord = StreamRecord> =
  | {
      readonly status: 'accepted';
      readonly record: R;
      readonly shardId: string;
      readonly sequenceNumber: string;
      /** Requests that the record was in. */
      readonly attempts: number;
      /** An earlier request with it had no answer, so the stream may hold it a second time. */
      readonly possiblyTwice: boolean;
    }
  | {
      readonly status: 'failed';
      readonly record: R;
      readonly reason: FailureReason;
      /** One sentence for people. */
      readonly message: string;
      readonly attempts: number;
      /** A request with it had no answer, so the stream may hold it. */
      readonly possiblyAccepted: boolean;
    };

/** The account of a sink: `put = accepted + failed`, always. */
export interface Settlement {
  readonly put: number;
  readonly accepted: number;
  readonly failed: number;
  readonly failedByReason: Readonly<Partial<Record<FailureReason, number>>>;
  /** Requests sent. */
  readonly requests: number;
  /** Records that were sent more than once. */
  readonly retried: number;
  /** Accepted records that the stream may hold more than once. */
  readonly possiblyTwice: number;
  /** Bytes of the accepted records, keys included. */
  readonly bytes: number;
}

/** Takes records for a stream. */
export interface RecordSink<R extends StreamRecord = StreamRecord> {
  /**
   * Takes a record, and resolves when there is room for the next: back-pressure, and nothing about what becomes of it.
   *
   * @throws Error when the sink is closed
   */
  put(record: R): Promise<void>;
  /** Waits until every record is accepted or given up, and says how many. */
  close(): Promise<Settlement>;
}
