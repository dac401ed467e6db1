/** A record as it was read from a shard. */
export interface ReadRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** When Kinesis took it, to the millisecond. */
  readonly arrivedAt: Date;
}

/** What one read of a shard gave. */
export interface StreamBatch {
  readonly shardId: string;
  /** In the shard's order. Empty when the shard had nothing new, or ended. */
  readonly records: readonly ReadRecord[];
  /** What to give in `positions` to go on after this batch. */
  readonly position: string;
  /** How far the shard's newest record is ahead, 0 at its tip. */
  readonly behindLatestMs: number;
  /** The shard was split or merged, and this was the last of it. */
  readonly shardEnded: boolean;
}
