import { setTimeout as sleepFor } from 'node:timers/promises';
import { boundedCall } from './bounded-call.js';
import { KinesisDeadlineError } from './errors.js';
import { explainKinesisError } from './explain-kinesis-error.js';
import { isRetryable } from './is-retryable.js';
import { backoffMs, DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-policy.js';

/** What a library must not have of itself: time, chance, waiting. */
export interface CallEnvironment {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 (inclusive) to 1 (exclusive): spreads repeated attempts. */
  readonly random: () => number;
  /** Waits; rejects when the signal is aborted. Default a timer. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<unknown>) | undefined;
}

export interface RetryOptions extends CallEnvironment {
  readonly streamName: string;
  readonly retry?: RetryPolicy | undefined;
  /** Time until an attempt is given up, default 30,000. */
  readonly requestTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Waits on a timer. */
export const timerSleep = (ms: number, signal?: AbortSignal): Promise<unknown> =>
  sleepFor(ms, undefined, signal ? { signal } : {});

/**
 * What `work` gives, tried again after failures that are worth it.
 *
 * @throws KinesisError that is not worth a further attempt
 * @throws KinesisDeadlineError when the policy's time is over, with the last failure as `cause`
 */
export async function withRetries<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { streamName, retry = DEFAULT_RETRY_POLICY, requestTimeoutMs = 30_000, signal, ...environment }: RetryOptions,
): Promise<T> {
  const { clock, random, sleep = timerSleep } = environment;
  const startedMs = clock();
  for (let failures = 1; ; failures++) {
    try {
      return await boundedCall(work, { timeoutMs: requestTimeoutMs, signal });
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = explainKinesisError(thrown, streamName);
      if (!isRetryable(error)) throw error;
      const pauseMs = backoffMs(retry, failures, random());
      if (clock() + pauseMs - startedMs > retry.deadlineMs) {
        throw new KinesisDeadlineError(
          `The stream "${streamName}" could not be used for ${Math.round(retry.deadlineMs / 1000)} s (${failures} attempts): ${error.message}`,
          retry.deadlineMs,
          { cause: error },
        );
      }
      await sleep(pauseMs, signal);
    }
  }
}
