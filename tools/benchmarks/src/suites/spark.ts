import { atMost } from '../verdict.js';
import { runPython } from './run-python.js';
import type { Suite } from './suite.js';

const LINES = 2_000_000;

interface SparkFigures {
  readonly lines: number;
  readonly seconds: Readonly<Record<'baseline' | 'ours', readonly number[]>>;
  readonly medians: Readonly<Record<'baseline' | 'ours', number>>;
  readonly ratio: number;
}

/** Counting the calls of access logs with Spark against one `regexp_replace` and `split`, `local[2]`, 1 GB of heap. */
export const spark: Suite = {
  async compare({ rounds, scale }) {
    const lines = Math.round(LINES * scale);
    const told = await runPython('traffic-report', [
      'bench/compare.py',
      ...['--lines', String(lines), '--rounds', String(rounds)],
    ]);
    const { medians, ratio, seconds } = JSON.parse(told.trim().split('\n').at(-1)!) as SparkFigures;
    const range = (of: readonly number[]) => `${Math.min(...of)}–${Math.max(...of)} s`;
    return [
      {
        work: 'Spark, access logs to pairs, rejects and counts',
        figure: `${medians.ours.toFixed(1)} s`,
        baseline: `regexp_replace, split, count ${medians.baseline.toFixed(1)} s`,
        ...atMost(ratio, 1.3),
        spread: `${range(seconds.ours)} against ${range(seconds.baseline)}`,
      },
    ];
  },
};
