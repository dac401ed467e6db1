import { rm } from 'node:fs/promises';
import { alternate } from '../measure.js';
import { atLeast } from '../verdict.js';
import type { Suite } from './suite.js';

const ROWS = 4_000_000;

/** The generator of windowed CSV, against template strings. */
export const generator: Suite = async ({ folder, rounds, work }) => {
  const [ours, naive] = await alternate(
    [
      { name: 'byte writer', command: work('generate-csv', String(ROWS)) },
      { name: 'template strings', command: work('generate-csv-naive', String(ROWS / 10)) },
    ],
    rounds,
  );
  await rm(folder, { recursive: true });
  const rateOf = (stdout: string, rows: number) => rows / Number(/seconds ([\d.]+)/.exec(stdout)![1]) / 1e6;
  const rate = rateOf(ours!.stdout, ROWS);
  return [
    {
      work: 'generator, windowed CSV, M rows/s',
      figure: `${rate.toFixed(2)} M/s`,
      baseline: `template strings ${rateOf(naive!.stdout, ROWS / 10).toFixed(2)} M/s`,
      ...atLeast(rate, 2),
      rssMiB: ours!.rssMiB,
      spread: `${(ROWS / ours!.secondsMax / 1e6).toFixed(2)}–${(ROWS / ours!.secondsMin / 1e6).toFixed(2)} M/s whole process`,
    },
  ];
};
