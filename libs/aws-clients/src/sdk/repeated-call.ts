import type { AwsClientError } from './aws-client-error.js';
import { boundedCall } from './bounded-call.js';
import { type CallEnvironment, timerSleep } from './call-environment.js';
import { backoffMs, type RetryPolicy } from './retry-policy.js';

export interface RepeatedCallOptions<E extends AwsClientError> extends CallEnvironment {
  readonly retry: RetryPolicy;
  /** Time until an attempt is given up. Above 0. */
  readonly requestTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What was thrown as an error of the service. */
  readonly explain: (thrown: unknown) => E;
  /** The error of an attempt that was given up. */
  readonly unanswered: (timeoutMs: number) => E;
  /** The error when the policy's time is over. */
  readonly late: (last: E, failures: number) => E;
  /** Whether to try again after it. Default what the error says. */
  readonly isWorthIt?: ((error: E) => boolean) | undefined;
  /** Told why a request is sent again, before the pause. */
  readonly onRetry?: ((error: E, pauseMs: number) => void) | undefined;
}

/** What `work` gives, tried again after failures that are worth it, until the policy's time is over. */
export async function repeatedCall<T, E extends AwsClientError>(
  work: (signal: AbortSignal) => Promise<T>,
  options: RepeatedCallOptions<E>,
): Promise<T> {
  const { retry, requestTimeoutMs, signal, clock, random, sleep = timerSleep, unanswered } = options;
  const { isWorthIt = (error: E) => error.isRetryable } = options;
  const startedMs = clock();
  for (let failures = 1; ; failures++) {
    try {
      return await boundedCall(work, { timeoutMs: requestTimeoutMs, unanswered, signal });
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = options.explain(thrown);
      if (!isWorthIt(error)) throw error;
      const pauseMs = backoffMs(retry, failures, random());
      if (clock() + pauseMs - startedMs > retry.deadlineMs) throw options.late(error, failures);
      options.onRetry?.(error, pauseMs);
      await sleep(pauseMs, signal);
    }
  }
}
