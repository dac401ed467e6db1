import { setTimeout as sleepFor } from 'node:timers/promises';
import { backoffMs, type RetryPolicy } from '../kinesis/retry-policy.js';
import { ControlDeadlineError, type ControlError, ControlThrottledError, ControlUnreachableError } from './errors.js';
import { type AskedOf, explainControlError } from './explain-control-error.js';
import { isRetryable } from './is-retryable.js';

/** What a library must not have of itself: time, chance, waiting. */
export interface ControlEnvironment {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 (inclusive) to 1 (exclusive): spreads repeated attempts. */
  readonly random: () => number;
  /** Waits; rejects when the signal is aborted. Default a timer. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<unknown>) | undefined;
  /** Told why a request is sent again, before the pause. */
  readonly onRetry?: ((error: ControlError, pauseMs: number) => void) | undefined;
}

export interface CallServiceOptions extends ControlEnvironment, AskedOf {
  readonly retry: RetryPolicy;
  /** Time until an attempt is given up. Above 0. */
  readonly requestTimeoutMs: number;
  /** Whether the request may be sent again when nobody knows whether it was obeyed. */
  readonly isRepeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Waits on a timer. */
export const timerSleep = (ms: number, signal?: AbortSignal): Promise<unknown> =>
  sleepFor(ms, undefined, signal ? { signal } : {});

/**
 * What `work` gives, tried again after failures that are worth it.
 *
 * @throws ControlError that is not worth a further attempt; ControlUnreachableError at once unless `isRepeatable`
 * @throws ControlDeadlineError when the policy's time is over, with the last failure as `cause`
 */
export async function callService<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: CallServiceOptions,
): Promise<T> {
  const { service, name, retry, isRepeatable, signal, clock, random, sleep = timerSleep, onRetry } = options;
  const startedMs = clock();
  for (let failures = 1; ; failures++) {
    try {
      return await bounded(work, options);
    } catch (thrown) {
      signal?.throwIfAborted();
      const error = explainControlError(thrown, options);
      if (!(isRepeatable ? isRetryable(error) : error instanceof ControlThrottledError)) throw error;
      const pauseMs = backoffMs(retry, failures, random());
      if (clock() + pauseMs - startedMs > retry.deadlineMs) {
        throw new ControlDeadlineError(
          `${service} could not be asked about "${name}" for ${Math.round(retry.deadlineMs / 1000)} s (${failures} attempts): ${error.message}`,
          retry.deadlineMs,
          { cause: error },
        );
      }
      onRetry?.(error, pauseMs);
      await sleep(pauseMs, signal);
    }
  }
}

/** The work is told to end when its time is over or the signal is aborted, and is not waited for then. */
async function bounded<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { service, requestTimeoutMs, signal }: CallServiceOptions,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let end: (reason: Error) => void = () => undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    end = (reason) => {
      reject(reason);
      controller.abort(reason);
    };
  });
  const timer = setTimeout(
    () => end(new ControlUnreachableError(`${service} did not answer within ${Math.round(requestTimeoutMs)} ms.`)),
    requestTimeoutMs,
  );
  const onAbort = () => end(signal!.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
