import { setTimeout as sleepFor } from 'node:timers/promises';

/** What a library must not have of itself: time, chance, waiting. */
export interface CallEnvironment {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 (inclusive) to 1 (exclusive): spreads repeated attempts. */
  readonly random: () => number;
  /** Waits; rejects when the signal is aborted. Default a timer. */
  readonly sleep?: ((ms: number, signal?: AbortSignal) => Promise<unknown>) | undefined;
}

/** Waits on a timer. */
export const timerSleep = (ms: number, signal?: AbortSignal): Promise<unknown> =>
  sleepFor(ms, undefined, signal ? { signal } : {});
