import { ControlThrottledError, ControlUnreachableError } from './errors.js';

/**
 * Whether the same request may succeed when it is sent again a little later. After a `ControlUnreachableError` it may have
 * been obeyed already, so look before a request that changes something is repeated. Pure.
 */
export function isRetryable(error: unknown): boolean {
  return error instanceof ControlThrottledError || error instanceof ControlUnreachableError;
}
