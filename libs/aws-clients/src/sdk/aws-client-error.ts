/** What every failure of this library's calls to AWS is. */
export abstract class AwsClientError extends Error {
  /** Whether the same request may succeed when it is sent again a little later. */
  readonly isRetryable: boolean = false;
}

/**
 * Whether the same request may succeed when it is sent again a little later. Of a request whose answer was lost nobody knows
 * whether it was obeyed, so look before one that changes something is repeated. Pure.
 */
export function isRetryable(error: unknown): boolean {
  return error instanceof AwsClientError && error.isRetryable;
}
