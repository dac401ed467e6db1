import { AwsClientError } from '../sdk/aws-client-error.js';

/** Athena could not be asked, or did not answer in time. A statement that failed is a `QueryError` instead. */
export class AthenaError extends AwsClientError {
  override readonly name: string = 'AthenaError';
}

/** Too many requests or queries at once, also after the retries. */
export class AthenaThrottledError extends AthenaError {
  override readonly name = 'AthenaThrottledError';
  override readonly isRetryable = true;
}

/** The credentials do not allow what was asked. */
export class AthenaAccessDeniedError extends AthenaError {
  override readonly name = 'AthenaAccessDeniedError';
}

/** There are no credentials or no region, or the credentials are expired or wrong. */
export class AthenaCredentialsError extends AthenaError {
  override readonly name = 'AthenaCredentialsError';
}

/** The work group does not exist, is disabled, or says not where results go. */
export class AthenaWorkGroupError extends AthenaError {
  override readonly name = 'AthenaWorkGroupError';
}

/** The query did not end in time; it was asked to stop. */
export class AthenaDeadlineError extends AthenaError {
  override readonly name = 'AthenaDeadlineError';

  constructor(
    message: string,
    readonly deadlineMs: number,
    readonly queryId?: string,
  ) {
    super(message);
  }
}

/** Nothing answered, or something that is not Athena. */
export class AthenaUnreachableError extends AthenaError {
  override readonly name = 'AthenaUnreachableError';
  override readonly isRetryable = true;
}
