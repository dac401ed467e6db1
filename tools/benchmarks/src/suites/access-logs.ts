import { deepStrictEqual } from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accessLogChunks } from '@pulselake/generators';
import { alternate } from '../measure.js';
import { atLeast, secondsText, spreadOf, withinMemory } from '../verdict.js';
import { writeChunks } from '../write-chunks.js';
import type { Suite, SuiteOptions } from './suite.js';

const LINES = 3_000_000;
const MEMORY_MB = 150;

/** Access logs → committed report, against the mawk program that counts the same. */
export const accessLogs: Suite = {
  async compare(options) {
    const { folder, rounds, scale, baselines } = options;
    const { bytes, ...ingest } = make(options);
    const program = join(baselines, 'traffic.awk');
    const [ours, mawk] = await alternate(
      [ingest, { name: 'mawk', command: ['mawk', '-v', 'target=order-service', '-f', program, logIn(folder)] }],
      rounds,
    );
    const report = await readFile(join(folder, 'lake/traffic_reports/report_date=2024-03-01/report.json'), 'utf8');
    deepStrictEqual(rowsOfReport(report), rowsOfMawk(mawk!.stdout));
    await rm(folder, { recursive: true });
    return [
      {
        work: `access logs → report, ${Math.round(bytes / 1e6)} MB`,
        figure: secondsText(ours!.seconds),
        baseline: `mawk ${secondsText(mawk!.seconds)}`,
        ...withinMemory(atLeast(mawk!.seconds / ours!.seconds, scale >= 4 ? 3 : 2), ours!.rssMB, MEMORY_MB),
        spread: spreadOf(ours!, mawk!),
      },
    ];
  },
  alone: (options) => Promise.resolve(make(options)),
};

function logIn(folder: string): string {
  return join(folder, 'order-service-2024-03-01.txt');
}

function make({ folder, scale, work }: Pick<SuiteOptions, 'folder' | 'scale' | 'work'>) {
  const log = logIn(folder);
  const lake = join(folder, 'lake');
  return {
    bytes: writeChunks(log, accessLogChunks({ records: LINES * scale, seed: 7, days: 1 })),
    name: 'pulselake ingest logs',
    command: work('pulselake', '--lake', lake, 'ingest', 'logs', log),
    setup: () => rm(lake, { recursive: true, force: true }),
  };
}

function rowsOfReport(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, string | number>)
    .map((row) => ['2024-03-01', row['source'], row['target'], row['totalRequests'], row['failedRequests']].join('\t'))
    .sort();
}

function rowsOfMawk(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.includes('\t'))
    .sort();
}
