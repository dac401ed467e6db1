/** How long what failed is tried again. */
export interface RetryPolicy {
  /** Longest pause before the second attempt; doubled for each further one. Above 0. */
  readonly baseMs: number;
  /** Longest pause of all. */
  readonly capMs: number;
  /** Time from the first moment to the last attempt's start. */
  readonly deadlineMs: number;
}

/** Two minutes, pauses of at most 5 s. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = { baseMs: 100, capMs: 5_000, deadlineMs: 120_000 };

/**
 * The pause before the next attempt, with full jitter: anything from 0 to `baseMs × 2^(failures − 1)`, at most `capMs`.
 * Pure.
 *
 * @param failures attempts that failed so far, at least 1
 * @param random from 0 (inclusive) to 1 (exclusive)
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs({ baseMs, capMs }: RetryPolicy, failures: number, random: number): number {
  return random * Math.min(capMs, baseMs * 2 ** (failures - 1));
}
