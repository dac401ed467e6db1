import { rm } from 'node:fs/promises';
import { alternate } from '../measure.js';
import { atLeast, spreadOf } from '../verdict.js';
import type { Suite, SuiteOptions } from './suite.js';

const ROWS = 4_000_000;

/** The generator of windowed CSV, against template strings. */
export const generator: Suite = {
  async compare(options) {
    const { folder, rounds, scale, work } = options;
    const rows = ROWS * scale;
    const [ours, naive] = await alternate(
      [make(options), { name: 'template strings', command: work('generate-csv-naive', String(rows / 10)) }],
      rounds,
    );
    await rm(folder, { recursive: true });
    const rateOf = (stdout: string, of: number) => of / Number(/seconds ([\d.]+)/.exec(stdout)![1]) / 1e6;
    const rate = rateOf(ours!.stdout, rows);
    return [
      {
        work: 'generator, windowed CSV, M rows/s',
        figure: `${rate.toFixed(2)} M/s`,
        baseline: `template strings ${rateOf(naive!.stdout, rows / 10).toFixed(2)} M/s`,
        ...atLeast(rate, 2),
        rssMB: ours!.rssMB,
        spread: `whole processes ${spreadOf(ours!, naive!)} for a tenth`,
      },
    ];
  },
  alone: (options) => Promise.resolve(make(options)),
};

function make({ scale, work }: Pick<SuiteOptions, 'scale' | 'work'>) {
  return { name: 'byte writer', command: work('generate-csv', String(ROWS * scale)) };
}
