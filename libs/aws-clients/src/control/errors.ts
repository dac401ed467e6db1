import { AwsClientError } from '../sdk/aws-client-error.js';

/** A service that runs jobs, or the bucket of their code, could not be asked, or did not do what it was asked. */
export class ControlError extends AwsClientError {
  override readonly name: string = 'ControlError';
}

/** What was named does not exist. */
export class MissingError extends ControlError {
  override readonly name = 'MissingError';

  constructor(
    message: string,
    readonly what: 'application' | 'bucket' | 'job' | 'run',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The credentials do not allow what was asked. */
export class ControlAccessDeniedError extends ControlError {
  override readonly name = 'ControlAccessDeniedError';
}

/** There are no credentials or no region, or the credentials are expired or wrong. */
export class ControlCredentialsError extends ControlError {
  override readonly name = 'ControlCredentialsError';
}

/** More was asked than the account's rates give: the same may succeed a little later. */
export class ControlThrottledError extends ControlError {
  override readonly name = 'ControlThrottledError';
  override readonly isRetryable = true;
}

/**
 * It is not in a state that allows this, or was changed since it was described. Describe it again: it may also be that an
 * earlier attempt, whose answer was lost, has done it.
 */
export class ConflictError extends ControlError {
  override readonly name = 'ConflictError';
}

/** The job runs already as often as it may at a time. */
export class ConcurrencyLimitError extends ControlError {
  override readonly name = 'ConcurrencyLimitError';
}

/** The same client token came before with another request. */
export class IdempotencyConflictError extends ControlError {
  override readonly name = 'IdempotencyConflictError';
}

/** A quota of the account is used up: KPUs, applications, snapshots, vCPUs, DPUs. */
export class LimitError extends ControlError {
  override readonly name = 'LimitError';
}

/** The request itself is refused: asking again gives the same answer. */
export class ControlRequestError extends ControlError {
  override readonly name = 'ControlRequestError';
}

/** No answer, a cut connection, a 5xx, or an answer of something else. It may have done what was asked. */
export class ControlUnreachableError extends ControlError {
  override readonly name = 'ControlUnreachableError';
  override readonly isRetryable = true;
}

/** It did not succeed in time; `cause` is the last failure. */
export class ControlDeadlineError extends ControlError {
  override readonly name = 'ControlDeadlineError';

  constructor(
    message: string,
    readonly deadlineMs: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
