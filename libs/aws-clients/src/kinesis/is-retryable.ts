import { KinesisError, KinesisThrottledError, KinesisUnreachableError } from './errors.js';
import { explainKinesisError } from './explain-kinesis-error.js';

/** Whether the same request may succeed when it is sent again a little later. Takes errors of the SDK and ours. Pure. */
export function isRetryable(error: unknown): boolean {
  const explained = error instanceof KinesisError ? error : explainKinesisError(error, '');
  return explained instanceof KinesisThrottledError || explained instanceof KinesisUnreachableError;
}
