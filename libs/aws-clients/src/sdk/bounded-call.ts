export interface BoundedCallOptions {
  /** Above 0. */
  readonly timeoutMs: number;
  /** The error of a call that takes longer. */
  readonly unanswered: (timeoutMs: number) => Error;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What `work` gives, unless it takes longer than `timeoutMs` or `signal` is aborted: the work's own signal is aborted
 * then, and its result is not waited for.
 */
export async function boundedCall<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, unanswered, signal }: BoundedCallOptions,
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
    timer = setTimeout(() => end(unanswered(Math.round(timeoutMs))), timeoutMs);
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
