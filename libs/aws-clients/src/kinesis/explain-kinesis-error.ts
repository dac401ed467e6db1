import { sdkFailure } from '../sdk/sdk-failure.js';
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
  const options = { cause: error };
  const { kind, name, status, message } = sdkFailure(error);
  if (name === 'ResourceNotFoundException') {
    return new StreamNotFoundError(
      `There is no stream "${streamName}" (${message}). Check its name, the region and the account, or create it.`,
      options,
    );
  }
  if (name === 'ExpiredIteratorException') return new IteratorExpiredError(message, options);
  // A service that is unavailable may have taken the records all the same.
  const isAway = /^ServiceUnavailable/.test(name) || status === 503;
  if (THROTTLED.has(name) || (kind === 'throttled' && !isAway)) {
    return new KinesisThrottledError(
      `Kinesis takes no more just now (${message}). Send or read less, or give the stream more shards.`,
      options,
    );
  }
  if (kind === 'denied' || name === 'KMSAccessDeniedException') {
    return new KinesisAccessDeniedError(
      `AWS does not allow this: ${message}. Sending needs kinesis:PutRecords; reading kinesis:ListShards, GetShardIterator and GetRecords; creating kinesis:CreateStream and DescribeStreamSummary.`,
      options,
    );
  }
  if (kind === 'credentials') return new KinesisCredentialsError(message, options);
  if (kind === 'refused' || REQUEST.has(name)) {
    return new KinesisRequestError(`Kinesis refuses the request: ${message}`, options);
  }
  return new KinesisUnreachableError(`Kinesis could not be asked: ${message}`, options);
}

/** The error of a request that Kinesis does not answer in time. */
export function unansweredByKinesis(timeoutMs: number): KinesisUnreachableError {
  return new KinesisUnreachableError(`Kinesis did not answer within ${timeoutMs} ms.`);
}
