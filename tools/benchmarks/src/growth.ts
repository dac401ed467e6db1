import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate } from './measure.js';
import type { Suite, SuiteOptions } from './suites/suite.js';
import { atMost, secondsText, spreadOf, type Verdict } from './verdict.js';

const TIMES = 10;

/** Runs a suite's work on its input and on one ten times larger, alternating: time and memory of one against the other. */
export async function measureGrowth(name: string, suite: Suite, options: SuiteOptions): Promise<Verdict[]> {
  const { folder, scale, rounds, work } = options;
  const contestants = [];
  for (const times of [TIMES, 1]) {
    const own = join(folder, `times-${times}`);
    await mkdir(own);
    contestants.push(await suite.alone!({ folder: own, scale: scale * times, work }));
  }
  const [large, small] = await alternate(contestants, rounds);
  await rm(folder, { recursive: true });
  const spread = spreadOf(large!, small!);
  return [
    {
      work: `${name}, ${TIMES} times the input: time`,
      figure: secondsText(large!.seconds),
      baseline: secondsText(small!.seconds),
      ...atMost(large!.seconds / small!.seconds, TIMES * 1.05),
      spread,
    },
    {
      work: `${name}, ${TIMES} times the input: memory`,
      figure: `${Math.round(large!.rssMB)} MB`,
      baseline: `${Math.round(small!.rssMB)} MB`,
      ...atMost(large!.rssMB / small!.rssMB, 1.2),
      spread,
    },
  ];
}
