import type { ExpectedCounts, GeneratedStage } from './expected-results.js';

/** What `expected/manifest.json` holds. */
export interface ExpectedManifest {
  /** The preset, or the task's `@type`. */
  readonly preset: string;
  readonly seed: number;
  /** The instant to process the data with: `--now`. */
  readonly now: string;
  /** In order of age. */
  readonly files: readonly {
    /** Below the data set's folder, `/`-separated. */
    readonly path: string;
    readonly stage: GeneratedStage;
    /** As stored. */
    readonly bytes: number;
  }[];
  readonly stages: Readonly<Record<GeneratedStage, ExpectedCounts>>;
}
