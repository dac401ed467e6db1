import type { Contestant } from '../measure.js';
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

/** Some work of ours. */
export interface Suite {
  /** Measures it against its baseline; the results are compared first. */
  readonly compare: (options: SuiteOptions) => Promise<Verdict[]>;
  /** The same work by itself, its input made in the folder: to see how it grows with `scale`. Absent where that is not asked. */
  readonly alone?: (options: Omit<SuiteOptions, 'baselines' | 'rounds'>) => Promise<Contestant>;
}
