import { KinesisUnreachableError } from './errors.js';

export interface BoundedCallOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What `work` gives, unless it takes longer than `timeoutMs` or `signal` is aborted: the work's own signal is aborted
 * then, and its result is not waited for.
 *
 * @throws KinesisUnreachableError when the time is over
 */
export async function boundedCall<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, signal }: BoundedCallOptions,
): Promise<T> {
  signal?.throwIfAborted();
  // Not AbortSignal.any: made for each call, it grows with the life of a signal that is never aborted.
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    const end = (reason: Error) => {
      reject(reason);
      controller.abort(reason);
    };
    timer = setTimeout(
      () => end(new KinesisUnreachableError(`Kinesis did not answer within ${Math.round(timeoutMs)} ms.`)),
      timeoutMs,
    );
    onAbort = () => end(signal!.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}
