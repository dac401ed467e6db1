/** The process around a command, so that tests can run it without one. */
export interface JobIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** A text that no other start has: 1 to 64 letters, digits, `.`, `_` or `-`. */
  readonly newToken: () => string;
  /** The first Ctrl-C: a run that is waited for is cancelled. */
  readonly signal: AbortSignal;
  /** The second: nothing is waited for any more. */
  readonly leave: AbortSignal;
  /** The project's folder, with the job's sources. */
  readonly home: string;
}
