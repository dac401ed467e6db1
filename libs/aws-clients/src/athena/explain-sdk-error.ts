import { QueryError } from '@pulselake/dashboards';
import { sdkFailure } from '../sdk/sdk-failure.js';
import { queryFailure } from './query-failure.js';
import {
  AthenaAccessDeniedError,
  AthenaCredentialsError,
  AthenaError,
  AthenaThrottledError,
  AthenaUnreachableError,
  AthenaWorkGroupError,
} from './errors.js';

/** Faults that Athena answers a request of the client's with. */
const REQUEST = new Set(['InvalidRequestException', 'MetadataException', 'ResourceNotFoundException']);

/** What an error of the SDK means for people, as one of the errors of this folder or a `QueryError`. */
export function explainSdkError(error: unknown): Error {
  if (error instanceof QueryError || error instanceof AthenaError) return error;
  const options = { cause: error };
  const { kind, name, message } = sdkFailure(error);
  if (REQUEST.has(name)) {
    // As it is: a statement's fault may have several lines, and names the place.
    const reason = (error as Error).message;
    return /work ?group|output location/i.test(reason)
      ? new AthenaWorkGroupError(
          `${reason}${/[.!]$/.test(reason) ? '' : '.'} Name a work group that exists and says where results go, or give an output location.`,
          options,
        )
      : queryFailure(reason, options);
  }
  switch (kind) {
    case 'throttled':
      return new AthenaThrottledError(`Athena takes no more requests just now (${message}). Try again later.`, options);
    case 'denied':
      return new AthenaAccessDeniedError(
        `AWS does not allow this: ${message}. Queries need athena:StartQueryExecution, GetQueryExecution, GetQueryResults and StopQueryExecution, glue:GetTable and GetPartitions, and read and write access to the buckets.`,
        options,
      );
    case 'credentials':
      return new AthenaCredentialsError(message, options);
    default:
      return new AthenaUnreachableError(`Athena could not be asked: ${message}`, options);
  }
}
