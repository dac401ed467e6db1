import type { CallEnvironment } from '../sdk/call-environment.js';
import { repeatedCall } from '../sdk/repeated-call.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../sdk/retry-policy.js';
import { KinesisDeadlineError, type KinesisError } from './errors.js';
import { explainKinesisError, unansweredByKinesis } from './explain-kinesis-error.js';

export interface RetryOptions extends CallEnvironment {
  readonly streamName: string;
  readonly retry?: RetryPolicy | undefined;
  /** Time until an attempt is given up, default 30,000. */
  readonly requestTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What `work` gives, tried again after failures that are worth it.
 *
 * @throws KinesisError that is not worth a further attempt
 * @throws KinesisDeadlineError when the policy's time is over, with the last failure as `cause`
 */
export function withRetries<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { streamName, retry = DEFAULT_RETRY_POLICY, requestTimeoutMs = 30_000, ...environment }: RetryOptions,
): Promise<T> {
  const { clock, random, sleep, signal } = environment;
  return repeatedCall<T, KinesisError>(work, {
    clock,
    random,
    sleep,
    signal,
    retry,
    requestTimeoutMs,
    explain: (thrown) => explainKinesisError(thrown, streamName),
    unanswered: unansweredByKinesis,
    late: (last, failures) =>
      new KinesisDeadlineError(
        `The stream "${streamName}" could not be used for ${Math.round(retry.deadlineMs / 1000)} s (${failures} attempts): ${last.message}`,
        retry.deadlineMs,
        { cause: last },
      ),
  });
}
