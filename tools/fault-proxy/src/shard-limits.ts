import { createHash } from 'node:crypto';

/** What a shard takes in a second. */
export interface ShardLimitOptions {
  /** Default 1,000. */
  readonly recordsPerSecond?: number;
  /** Default 1 MiB. */
  readonly bytesPerSecond?: number;
}

/** The part of the hash keys that an open shard takes. */
export interface ShardRange {
  readonly shardId: string;
  readonly from: bigint;
  readonly to: bigint;
}

/** Where a partition key lies among the hash keys. */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey).digest('hex')}`);
}

/** Counts what each shard took, and says what it takes no more: a bucket of one second that refills as time goes on. */
export class ShardLimits {
  readonly #records: number;
  readonly #bytes: number;
  readonly #buckets = new Map<string, { records: number; bytes: number; atMs: number }>();

  constructor({ recordsPerSecond = 1_000, bytesPerSecond = 1_048_576 }: ShardLimitOptions = {}) {
    this.#records = recordsPerSecond;
    this.#bytes = bytesPerSecond;
  }

  /** Whether a shard takes a record now; if so it is counted. */
  take(shardId: string, sizeBytes: number, nowMs: number): boolean {
    let bucket = this.#buckets.get(shardId);
    if (!bucket) this.#buckets.set(shardId, (bucket = { records: this.#records, bytes: this.#bytes, atMs: nowMs }));
    const seconds = Math.max(0, nowMs - bucket.atMs) / 1000;
    bucket.records = Math.min(this.#records, bucket.records + seconds * this.#records);
    bucket.bytes = Math.min(this.#bytes, bucket.bytes + seconds * this.#bytes);
    bucket.atMs = nowMs;
    if (bucket.records < 1 || bucket.bytes < sizeBytes) return false;
    bucket.records--;
    bucket.bytes -= sizeBytes;
    return true;
  }
}
