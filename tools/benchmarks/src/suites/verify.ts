import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { alternate, runOnce } from '../measure.js';
import { atLeast, secondsText, spreadOf } from '../verdict.js';
import type { Suite, SuiteOptions } from './suite.js';

/** A lake of 1 GB. */
const ROWS = 44_000_000;

/** `verify` of a lake of high-entropy windows, against `sha256sum` on the same files. */
export const verify: Suite = {
  async compare(options) {
    const { folder, rounds } = options;
    const { made, ...ours } = await make(options, ROWS);
    const files = `find '${join(folder, 'lake/windowed_metrics')}' -type f`;
    const [verified, sha256sum] = await alternate(
      [ours, { name: 'sha256sum', command: ['sh', '-c', `${files} | xargs sha256sum`] }],
      rounds,
    );
    await rm(folder, { recursive: true });
    return [
      {
        work: `verify, ${made}`,
        figure: secondsText(verified!.seconds),
        baseline: `sha256sum ${secondsText(sha256sum!.seconds)}`,
        ...atLeast(sha256sum!.seconds / verified!.seconds, 0.8),
        rssMB: verified!.rssMB,
        spread: spreadOf(verified!, sha256sum!),
      },
    ];
  },
  // Ten times this is the lake of 1 GB.
  alone: (options) => make(options, ROWS / 10),
};

async function make({ folder, scale, work }: Pick<SuiteOptions, 'folder' | 'scale' | 'work'>, rows: number) {
  const lake = join(folder, 'lake');
  const { stdout } = await runOnce({ name: 'make-lake', command: work('make-lake', lake, String(rows * scale)) });
  return { made: stdout.trim(), name: 'pulselake verify', command: work('pulselake', '--lake', lake, 'verify') };
}
