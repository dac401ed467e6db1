import {
  IteratorExpiredError,
  KinesisAccessDeniedError,
  KinesisCredentialsError,
  KinesisError,
  KinesisRequestError,
  KinesisThrottledError,
  KinesisUnreachableError,
  StreamNotFoundError,
} from './errors.js';

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'KMSThrottlingException',
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'SlowDown',
]);

const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation', 'KMSAccessDeniedException']);

const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredTokenException',
  'ExpiredToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
]);

const REQUEST = new Set([
  'InvalidArgumentException',
  'ValidationException',
  'SerializationException',
  'ResourceInUseException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'KMSOptInRequired',
]);

/** What an error of the SDK means for people, as one of the errors of this folder. Pure. */
export function explainKinesisError(error: unknown, streamName: string): KinesisError {
  if (error instanceof KinesisError) return error;
  if (!(error instanceof Error)) return new KinesisUnreachableError(`Kinesis could not be asked: ${String(error)}`);
  const { name } = error;
  const message = oneLine(error.message) || name;
  const options = { cause: error };
  if (name === 'ResourceNotFoundException') {
    return new StreamNotFoundError(
      `There is no stream "${streamName}" (${message}). Check its name, the region and the account, or create it.`,
      options,
    );
  }
  if (name === 'ExpiredIteratorException') return new IteratorExpiredError(message, options);
  if (THROTTLED.has(name)) {
    return new KinesisThrottledError(
      `Kinesis takes no more just now (${message}). Send or read less, or give the stream more shards.`,
      options,
    );
  }
  if (DENIED.has(name)) {
    return new KinesisAccessDeniedError(
      `AWS does not allow this: ${message}. Sending needs kinesis:PutRecords; reading kinesis:ListShards, GetShardIterator and GetRecords; creating kinesis:CreateStream and DescribeStreamSummary.`,
      options,
    );
  }
  if (CREDENTIALS.has(name) || /could not load credentials|security token/i.test(message)) {
    return new KinesisCredentialsError(
      `The AWS credentials cannot be used: ${message}. Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID.`,
      options,
    );
  }
  if (/region is missing/i.test(message)) {
    return new KinesisCredentialsError('No AWS region is set. Name one, or set AWS_REGION.', options);
  }
  const status = statusOf(error);
  if (REQUEST.has(name) || (status !== undefined && status >= 400 && status < 500 && status !== 408)) {
    return status === 429
      ? new KinesisThrottledError(`Kinesis takes no more just now (${message}). Try again later.`, options)
      : new KinesisRequestError(`Kinesis refuses the request: ${message}`, options);
  }
  return new KinesisUnreachableError(`Kinesis could not be asked: ${message}`, options);
}

/** The status of the answer that the SDK made an error of. */
function statusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

/** Messages may hold whole pages that some proxy answered with. */
function oneLine(message: string): string {
  const text = message.split(/\s*\n\s*/).join(' ');
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}
