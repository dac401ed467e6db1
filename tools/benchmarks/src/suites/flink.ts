import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alternate, type Contestant, type Figure } from '../measure.js';
import { atLeast, spreadOf } from '../verdict.js';
import type { Suite } from './suite.js';

const EVENTS = 8_000_000;
/** More often than in use, so that a run of some ten seconds has several. */
const CHECKPOINT_SECONDS = 5;
const MAIN = 'io.pulselake.windowaggregator.bench.WindowBenchmark';
const OPENED = ['java.base/java.util', 'java.base/java.lang', 'java.base/java.time'];
// From the bundle in dist.
const TARGET = fileURLToPath(new URL('../../../apps/window-aggregator/target', import.meta.url));

/** The Flink job with everything on against a bare keyed window on the same generated events, parallelism 2. */
export const flink: Suite = {
  async compare({ folder, rounds, scale }) {
    const classPath = ['test-classes', 'window-aggregator.jar', 'flink'].map((name) => join(TARGET, name));
    const missing = classPath.find((path) => !existsSync(path));
    if (missing !== undefined) {
      throw new Error(`${missing} is missing: npx nx run @pulselake/window-aggregator:build-bench makes it.`);
    }
    const contestant = async (name: string, kind: string): Promise<Contestant> => {
      const checkpoints = join(folder, kind);
      await mkdir(checkpoints);
      return {
        name,
        command: [
          'java',
          '-Xmx4g',
          ...OPENED.map((module) => `--add-opens=${module}=ALL-UNNAMED`),
          ...['-cp', [classPath[0], classPath[1], `${classPath[2]}/*`].join(delimiter), MAIN],
          ...[kind, String(EVENTS * scale), String(CHECKPOINT_SECONDS), checkpoints],
        ],
      };
    };
    const [ours, bare] = await alternate(
      [await contestant('the job', 'ours'), await contestant('a bare keyed window', 'bare')],
      rounds,
    );
    const rateOf = ({ stdout }: Figure) => (EVENTS * scale) / Number(/seconds ([\d.]+)/.exec(stdout)![1]) / 1e3;
    return [
      {
        work: 'Flink job with ids, revisions, rejects, account; thousand events/s',
        figure: `${rateOf(ours!).toFixed(0)} k/s`,
        baseline: `bare keyed window ${rateOf(bare!).toFixed(0)} k/s`,
        ...atLeast(rateOf(ours!) / rateOf(bare!), 0.8),
        spread: `whole processes ${spreadOf(ours!, bare!)}`,
      },
    ];
  },
};
