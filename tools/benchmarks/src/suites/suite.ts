import type { Verdict } from '../verdict.js';

/** What a suite is given. */
export interface SuiteOptions {
  /** A folder of its own. */
  readonly folder: string;
  readonly rounds: number;
  /** Multiplies the size of the input, 1 is what the targets speak of. */
  readonly scale: number;
  /** The command that runs a piece of work in a process of its own. */
  readonly work: (name: string, ...args: readonly string[]) => [string, ...string[]];
  /** Folder of the baseline programs. */
  readonly baselines: string;
}

export type Suite = (options: SuiteOptions) => Promise<Verdict[]>;

/** Seconds for people. */
export function secondsText(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}
