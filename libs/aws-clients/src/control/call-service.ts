import type { CallEnvironment } from '../sdk/call-environment.js';
import { repeatedCall } from '../sdk/repeated-call.js';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../sdk/retry-policy.js';
import { ControlDeadlineError, type ControlError, ControlThrottledError, ControlUnreachableError } from './errors.js';
import { type AskedOf, explainControlError } from './explain-control-error.js';

/** What a library must not have of itself: time, chance, waiting; and who is told. */
export interface ControlEnvironment extends CallEnvironment {
  /** Told why a request is sent again, before the pause. */
  readonly onRetry?: ((error: ControlError, pauseMs: number) => void) | undefined;
}

/** What the adapters of this library are made with. */
export interface ControlOptions<Client> extends ControlEnvironment {
  /** The caller's to destroy. */
  readonly client: Client;
  /** How a request is tried again, default two minutes with pauses of at most 5 s. */
  readonly retry?: RetryPolicy | undefined;
  /** Time until an attempt is given up; default 30,000, for a bucket 600,000. */
  readonly requestTimeoutMs?: number | undefined;
}

/** Of one call of a port. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** One request. */
export interface ControlRequest extends AskedOf, CallOptions {
  /** Whether the request may be sent again when nobody knows whether it was obeyed. */
  readonly isRepeatable: boolean;
}

/**
 * What `work` gives, tried again after failures that are worth it.
 *
 * @throws ControlError that is not worth a further attempt; ControlUnreachableError at once unless `isRepeatable`
 * @throws ControlDeadlineError when the policy's time is over, with the last failure as `cause`
 */
export function callService<T>(
  work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  request: ControlRequest,
  { retry = DEFAULT_RETRY_POLICY, requestTimeoutMs = 30_000, ...environment }: ControlOptions<unknown>,
): Promise<T> {
  const { clock, random, sleep, onRetry } = environment;
  const { service, name, isRepeatable, signal } = request;
  return repeatedCall<T, ControlError>((abortSignal) => work({ abortSignal }), {
    clock,
    random,
    sleep,
    onRetry,
    signal,
    retry,
    requestTimeoutMs,
    explain: (thrown) => explainControlError(thrown, request),
    unanswered: (timeoutMs) => new ControlUnreachableError(`${service} did not answer within ${timeoutMs} ms.`),
    isWorthIt: (error) => (isRepeatable ? error.isRetryable : error instanceof ControlThrottledError),
    late: (last, failures) =>
      new ControlDeadlineError(
        `${service} could not be asked about "${name}" for ${Math.round(retry.deadlineMs / 1000)} s (${failures} attempts): ${last.message}`,
        retry.deadlineMs,
        { cause: last },
      ),
  });
}
