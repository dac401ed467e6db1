import { sdkFailure } from '../sdk/sdk-failure.js';
import {
  ConcurrencyLimitError,
  ConflictError,
  ControlAccessDeniedError,
  ControlCredentialsError,
  ControlError,
  ControlRequestError,
  ControlThrottledError,
  ControlUnreachableError,
  IdempotencyConflictError,
  LimitError,
  MissingError,
} from './errors.js';

/** What was asked, for messages. */
export interface AskedOf {
  /** For people: `Managed Flink`, `S3`, `Glue`. */
  readonly service: string;
  /** What requests to the service are about when nothing is said of it. */
  readonly what: MissingError['what'];
  /** The application, the job, the run, or the bucket. */
  readonly name: string;
  /** Rights that the request needs. */
  readonly needs: string;
}

const MISSING = new Set(['ResourceNotFoundException', 'EntityNotFoundException']);

const CONFLICT = new Set([
  'ConcurrentModificationException',
  'ResourceInUseException',
  'OperationAborted',
  'ConflictException',
]);

const LIMIT = new Set([
  'LimitExceededException',
  'ResourceNumberLimitExceededException',
  'ServiceQuotaExceededException',
]);

/** What an error of the SDK means for people, as one of the errors of this folder. Pure. */
export function explainControlError(error: unknown, { service, what, name: asked, needs }: AskedOf): ControlError {
  if (error instanceof ControlError) return error;
  const options = { cause: error };
  const { kind, name, status, message } = sdkFailure(error);
  if (kind === 'credentials') return new ControlCredentialsError(message, options);
  if (name === 'NoSuchBucket' || (what === 'bucket' && status === 404)) {
    return new MissingError(
      `There is no bucket "${asked}" (${message}). Check its name and the account, or create it.`,
      'bucket',
      options,
    );
  }
  if (MISSING.has(name)) {
    return new MissingError(
      `There is no ${what} "${asked}", or not what it was asked for (${message}). Check the name, the region and the account.`,
      what,
      options,
    );
  }
  if (name === 'ConcurrentRunsExceededException') {
    return new ConcurrencyLimitError(`"${asked}" runs already as often as it may at a time: ${message}`, options);
  }
  if (name === 'IdempotentParameterMismatchException') {
    return new IdempotencyConflictError(
      `The client token was given before with another request for "${asked}": ${message}`,
      options,
    );
  }
  if (CONFLICT.has(name)) {
    return new ConflictError(`"${asked}" cannot be changed just now: ${message}`, options);
  }
  if (LIMIT.has(name)) {
    return new LimitError(
      `A quota of the account is used up: ${message}. Delete what is not needed, or ask AWS for more under Service Quotas.`,
      options,
    );
  }
  // Glue's, and a 400.
  if (name === 'OperationTimeoutException') {
    return new ControlUnreachableError(`${service} did not end the request in time: ${message}`, options);
  }
  switch (kind) {
    case 'throttled':
      return new ControlThrottledError(`${service} takes no more just now (${message}). Try again later.`, options);
    case 'denied':
      return new ControlAccessDeniedError(
        `AWS does not allow this on "${asked}": ${message}. It needs ${needs}.`,
        options,
      );
    case 'elsewhere':
      return new ControlRequestError(
        `${service} sends requests for "${asked}" elsewhere (${message}): it lies in another region. Name its region.`,
        options,
      );
    case 'refused':
      return new ControlRequestError(`${service} refuses the request for "${asked}": ${message}`, options);
    case 'unreachable':
      return new ControlUnreachableError(`${service} could not be asked: ${message}`, options);
  }
}
