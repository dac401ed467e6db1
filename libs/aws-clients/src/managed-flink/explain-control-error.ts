import {
  ConflictError,
  ControlAccessDeniedError,
  ControlCredentialsError,
  ControlError,
  ControlRequestError,
  ControlThrottledError,
  ControlUnreachableError,
  LimitError,
  MissingError,
} from './errors.js';

/** What was asked, for messages. */
export interface AskedOf {
  readonly service: 'Managed Flink' | 'S3';
  /** The application, or the bucket. */
  readonly name: string;
  /** Rights that the request needs. */
  readonly needs: string;
}

const THROTTLED = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ResourceProvisionedThroughputExceededException',
  'SlowDown',
  'ServiceUnavailable',
  'ServiceUnavailableException',
]);

const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'AllAccessDisabled']);

const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredTokenException',
  'ExpiredToken',
  'InvalidToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'RequestTimeTooSkewed',
]);

const CONFLICT = new Set(['ConcurrentModificationException', 'ResourceInUseException', 'OperationAborted']);

/** What an error of the SDK means for people, as one of the errors of this folder. Pure. */
export function explainControlError(error: unknown, { service, name: asked, needs }: AskedOf): ControlError {
  if (error instanceof ControlError) return error;
  if (!(error instanceof Error)) return new ControlUnreachableError(`${service} could not be asked: ${String(error)}`);
  const { name } = error;
  const message = oneLine(error.message) || name;
  const options = { cause: error };
  const status = statusOf(error);
  if (CREDENTIALS.has(name) || /could not load credentials|security token/i.test(message)) {
    return new ControlCredentialsError(
      `The AWS credentials cannot be used: ${message}. Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID.`,
      options,
    );
  }
  if (/region is missing/i.test(message)) {
    return new ControlCredentialsError('No AWS region is set. Name one, or set AWS_REGION.', options);
  }
  if (name === 'NoSuchBucket' || (service === 'S3' && status === 404)) {
    return new MissingError(
      `There is no bucket "${asked}" (${message}). Check its name and the account, or create it.`,
      'bucket',
      options,
    );
  }
  if (name === 'ResourceNotFoundException') {
    return new MissingError(
      `There is no application "${asked}", or not what it was asked for (${message}). Check the name, the region and the account.`,
      'application',
      options,
    );
  }
  if (THROTTLED.has(name) || status === 429 || status === 503) {
    return new ControlThrottledError(`${service} takes no more just now (${message}). Try again later.`, options);
  }
  // An answer to HEAD has no body, and so no name.
  if (DENIED.has(name) || status === 403) {
    return new ControlAccessDeniedError(
      `AWS does not allow this on "${asked}": ${message}. It needs ${needs}.`,
      options,
    );
  }
  if (CONFLICT.has(name)) {
    return new ConflictError(`"${asked}" cannot be changed just now: ${message}`, options);
  }
  if (name === 'LimitExceededException') {
    return new LimitError(
      `A quota of the account is used up: ${message}. Delete what is not needed, or ask AWS for more under Service Quotas.`,
      options,
    );
  }
  if (status !== undefined && status >= 300 && status < 400) {
    return new ControlRequestError(
      `${service} sends requests for "${asked}" elsewhere (${message}): it lies in another region. Name its region.`,
      options,
    );
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 408) {
    return new ControlRequestError(`${service} refuses the request for "${asked}": ${message}`, options);
  }
  return new ControlUnreachableError(`${service} could not be asked: ${message}`, options);
}

/** The status of the answer that the SDK made an error of. */
function statusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Messages may hold whole pages that some proxy answered with. */
function oneLine(message: string): string {
  // The SDK's advice to programmers.
  const text = message
    .replace(/\s*Deserialization error: to see the raw response.*/s, '')
    .split(/\s*\n\s*/)
    .join(' ');
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}
