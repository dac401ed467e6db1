import { deepStrictEqual } from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accessLogChunks } from '@pulselake/generators';
import { alternate } from '../measure.js';
import { atLeast } from '../verdict.js';
import { writeChunks } from '../write-chunks.js';
import { secondsText, type Suite } from './suite.js';

const LINES = 3_000_000;

/** Access logs → committed report, against the mawk program that counts the same. */
export const accessLogs: Suite = async ({ folder, rounds, scale, work, baselines }) => {
  const log = join(folder, 'order-service-2024-03-01.txt');
  const bytes = writeChunks(log, accessLogChunks({ records: LINES * scale, seed: 7, days: 1 }));
  const lake = join(folder, 'lake');
  const [ours, mawk] = await alternate(
    [
      {
        name: 'pulselake ingest logs',
        command: work('pulselake', '--lake', lake, 'ingest', 'logs', log),
        setup: () => rm(lake, { recursive: true, force: true }),
      },
      { name: 'mawk', command: ['mawk', '-v', 'target=order-service', '-f', join(baselines, 'traffic.awk'), log] },
    ],
    rounds,
  );
  const report = await readFile(join(lake, 'traffic_reports/report_date=2024-03-01/report.json'), 'utf8');
  deepStrictEqual(rowsOfReport(report), rowsOfMawk(mawk!.stdout));
  await rm(folder, { recursive: true });
  return [
    {
      work: `access logs → report, ${Math.round(bytes / 1e6)} MB`,
      figure: secondsText(ours!.seconds),
      baseline: `mawk ${secondsText(mawk!.seconds)}`,
      ...atLeast(mawk!.seconds / ours!.seconds, scale >= 4 ? 3 : 2),
      rssMiB: ours!.rssMiB,
      spread: `${secondsText(ours!.secondsMin)}–${secondsText(ours!.secondsMax)}`,
    },
  ];
};

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
