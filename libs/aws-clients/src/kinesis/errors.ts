import { AwsClientError } from '../sdk/aws-client-error.js';

/** Kinesis could not be asked, or did not do what it was asked. */
export class KinesisError extends AwsClientError {
  override readonly name: string = 'KinesisError';
}

/** The stream does not exist, or was deleted while it was read or written. */
export class StreamNotFoundError extends KinesisError {
  override readonly name = 'StreamNotFoundError';
}

/** More was asked than the shards or the account give: the same may succeed a little later. */
export class KinesisThrottledError extends KinesisError {
  override readonly name = 'KinesisThrottledError';
  override readonly isRetryable = true;
}

/** The credentials do not allow what was asked. */
export class KinesisAccessDeniedError extends KinesisError {
  override readonly name = 'KinesisAccessDeniedError';
}

/** There are no credentials or no region, or the credentials are expired or wrong. */
export class KinesisCredentialsError extends KinesisError {
  override readonly name = 'KinesisCredentialsError';
}

/** Kinesis refuses the request itself: asking again gives the same answer. */
export class KinesisRequestError extends KinesisError {
  override readonly name = 'KinesisRequestError';
}

/** No answer, a cut connection, a 5xx, or an answer that is not one of Kinesis. It may have done what was asked. */
export class KinesisUnreachableError extends KinesisError {
  override readonly name = 'KinesisUnreachableError';
  override readonly isRetryable = true;
}

/** An iterator is older than 5 minutes. */
export class IteratorExpiredError extends KinesisError {
  override readonly name = 'IteratorExpiredError';
}

/** It did not succeed in time; `cause` is the last failure. */
export class KinesisDeadlineError extends KinesisError {
  override readonly name = 'KinesisDeadlineError';

  constructor(
    message: string,
    readonly deadlineMs: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
