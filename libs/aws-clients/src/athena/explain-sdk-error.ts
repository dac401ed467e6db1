import { QueryError } from '@pulselake/dashboards';
import { queryFailure } from './query-failure.js';
import {
  AthenaAccessDeniedError,
  AthenaCredentialsError,
  AthenaError,
  AthenaThrottledError,
  AthenaUnreachableError,
  AthenaWorkGroupError,
} from './errors.js';

const THROTTLED = new Set([
  'TooManyRequestsException',
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'RequestLimitExceeded',
  'SlowDown',
]);

const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation']);

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

/** Faults that Athena answers a request of the client's with. */
const REQUEST = new Set(['InvalidRequestException', 'MetadataException', 'ResourceNotFoundException']);

/** What an error of the SDK means for people, as one of the errors of this folder or a `QueryError`. */
export function explainSdkError(error: unknown): Error {
  if (!(error instanceof Error)) return new AthenaUnreachableError(`Athena could not be asked: ${String(error)}`);
  if (error instanceof QueryError || error instanceof AthenaError) return error;
  const { name, message } = error;
  const options = { cause: error };
  if (THROTTLED.has(name)) {
    return new AthenaThrottledError(`Athena takes no more requests just now (${message}). Try again later.`, options);
  }
  if (DENIED.has(name)) {
    return new AthenaAccessDeniedError(
      `AWS does not allow this: ${message}. Queries need athena:StartQueryExecution, GetQueryExecution, GetQueryResults and StopQueryExecution, glue:GetTable and GetPartitions, and read and write access to the buckets.`,
      options,
    );
  }
  if (CREDENTIALS.has(name) || /credential|security token/i.test(message)) {
    return new AthenaCredentialsError(
      `The AWS credentials cannot be used: ${message}. Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID.`,
      options,
    );
  }
  if (/region is missing/i.test(message)) {
    return new AthenaCredentialsError('No AWS region is set. Name one, or set AWS_REGION.', options);
  }
  if (REQUEST.has(name)) {
    return /work ?group|output location/i.test(message)
      ? new AthenaWorkGroupError(
          `${message}${/[.!]$/.test(message) ? '' : '.'} Name a work group that exists and says where results go, or give an output location.`,
          options,
        )
      : queryFailure(message, options);
  }
  return new AthenaUnreachableError(`Athena could not be asked: ${oneLine(message) || name}`, options);
}

/** Messages may hold whole pages that some proxy answered with. */
function oneLine(message: string): string {
  const text = message.split(/\s*\n\s*/).join(' ');
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}
