import { WaitEndedError } from '@pulselake/job-control';

export interface WaitingOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly signal: AbortSignal;
  /** Time for everything, from the first moment on. */
  readonly timeoutMs: number;
  /** Pause between two looks. */
  readonly pollMs: number;
}

/** One command's waiting: its pauses, its end, and what is known when it is cut short. */
export class Waiting {
  readonly signal: AbortSignal;
  readonly clock: () => number;
  /** What goes on in AWS, for whoever ends the waiting; undefined before anything is known. */
  situation: string | undefined;
  readonly #endMs: number;

  constructor(private readonly options: WaitingOptions) {
    this.signal = options.signal;
    this.clock = options.clock;
    this.#endMs = options.clock() + options.timeoutMs;
  }

  /** @throws WaitEndedError when the time is over */
  async pause(): Promise<void> {
    const { sleep, clock, pollMs, timeoutMs } = this.options;
    const leftMs = this.#endMs - clock();
    if (leftMs <= 0) {
      throw new WaitEndedError(
        `After ${Math.round(timeoutMs / 1000)} s, ${this.situation ?? 'nothing is known'}. AWS goes on with it.`,
      );
    }
    await sleep(Math.min(pollMs, leftMs), this.signal);
  }
}
