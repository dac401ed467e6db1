import { atLeast, withinMemory } from '../verdict.js';
import { runPython } from './run-python.js';
import type { Suite } from './suite.js';

const ROWS = 5_000_000;
/** The job has 1 GB; half of that is left for what Glue itself needs. */
const MEMORY_MB = 400;

/** The Glue script against pandas and against bare Arrow, on the same CSV of 30 interleaved days. */
export const glue: Suite = {
  async compare({ rounds, scale }) {
    const rows = Math.round(ROWS * scale);
    const told = await runPython('metrics-etl', [
      'bench/compare.py',
      '--rows',
      String(rows),
      '--rounds',
      String(rounds),
    ]);
    const figure = (way: string) => {
      const [, seconds, peak] = new RegExp(`^${way} +([\\d.]+) s .*peak +([\\d.]+) MB`, 'm').exec(told) ?? [];
      if (seconds === undefined || peak === undefined)
        throw new Error(`The benchmark told no figure of ${way}: ${told}`);
      return { seconds: Number(seconds), peakMB: Number(peak) };
    };
    const [job, pandas, arrow] = [figure('job'), figure('pandas'), figure('arrow')];
    const rate = ({ seconds }: { seconds: number }) => `${(rows / seconds / 1e6).toFixed(2)} M rows/s`;
    const against = (other: { seconds: number; peakMB: number }, target: number, name: string) => ({
      work: 'Glue script, windowed CSV to Parquet of 30 days, validated',
      figure: rate(job),
      baseline: `${name} ${rate(other)}, ${other.peakMB} MB`,
      ...withinMemory(atLeast(other.seconds / job.seconds, target), job.peakMB, MEMORY_MB),
      spread: 'printed above',
    });
    process.stderr.write(told);
    return [against(pandas, 1.2, 'whole-file pandas'), against(arrow, 0.7, 'bare Arrow')];
  },
};
