import { strictEqual } from 'node:assert/strict';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { windowedMetricsCsvChunks } from '@pulselake/generators';
import { alternate } from '../measure.js';
import { atLeast, atMost, secondsText, spreadOf, withinMemory } from '../verdict.js';
import { writeChunks } from '../write-chunks.js';
import type { Suite, SuiteOptions } from './suite.js';

const ROWS = 2_000_000;
const MEMORY_MB = 450;
/** parquetjs-lite is slow: a tenth of the rows is enough to know its speed. */
const PARQUETJS_SHARE = 10;

/** Windowed CSV → committed Parquet, against bare DuckDB and against parquetjs-lite. */
export const windowedCsv: Suite = {
  async compare(options) {
    const { folder, rounds, scale, work, baselines } = options;
    const rows = ROWS * scale;
    const small = join(folder, 'small.csv');
    writeChunks(small, windowedMetricsCsvChunks({ records: rows / PARQUETJS_SHARE, seed: 7 }));
    const bare = join(folder, 'bare');
    const [ours, duckDb, parquetJs] = await alternate(
      [
        make(options),
        {
          name: 'DuckDB COPY',
          command: work('duckdb-copy', csvIn(folder), bare),
          setup: async () => {
            await rm(bare, { recursive: true, force: true });
            await mkdir(bare);
          },
        },
        {
          name: 'parquetjs-lite',
          command: [process.execPath, join(baselines, 'parquetjs.mjs'), small, join(folder, 'small.parquet')],
        },
      ],
      rounds,
    );
    const sums = await alternate(
      [
        { name: 'ours', command: work('sum-parquet', `${folder}/lake/windowed_metrics/*/*.parquet`) },
        { name: 'bare', command: work('sum-parquet', `${bare}/*/*.parquet`) },
      ],
      1,
    );
    strictEqual(sums[0]!.stdout, sums[1]!.stdout);
    await rm(folder, { recursive: true });
    const ourRate = rows / ours!.seconds;
    const parquetJsRate = rows / PARQUETJS_SHARE / parquetJs!.seconds;
    return [
      {
        work: `windowed CSV → committed Parquet, ${rows / 1e6} M rows`,
        figure: secondsText(ours!.seconds),
        baseline: `DuckDB COPY ${secondsText(duckDb!.seconds)}`,
        ...withinMemory(atMost(ours!.seconds / duckDb!.seconds, 1.5), ours!.rssMB, MEMORY_MB),
        spread: spreadOf(ours!, duckDb!),
      },
      {
        work: 'the same against parquetjs-lite, rows/s',
        figure: `${Math.round(ourRate / 1000)} k/s`,
        baseline: `${Math.round(parquetJsRate / 1000)} k/s`,
        ...atLeast(ourRate / parquetJsRate, 15),
        spread: `${spreadOf(ours!, parquetJs!)} for a tenth`,
      },
    ];
  },
  alone: (options) => Promise.resolve(make(options)),
};

function csvIn(folder: string): string {
  return join(folder, 'metrics.csv');
}

function make({ folder, scale, work }: Pick<SuiteOptions, 'folder' | 'scale' | 'work'>) {
  const csv = csvIn(folder);
  const lake = join(folder, 'lake');
  writeChunks(csv, windowedMetricsCsvChunks({ records: ROWS * scale, seed: 7 }));
  return {
    name: 'pulselake ingest metrics',
    command: work('pulselake', '--lake', lake, 'ingest', 'metrics', csv),
    setup: () => rm(lake, { recursive: true, force: true }),
  };
}
