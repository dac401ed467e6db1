import { strictEqual } from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { metricEventChunks } from '@pulselake/generators';
import { alternate } from '../measure.js';
import { atLeast, type Verdict } from '../verdict.js';
import { writeChunks } from '../write-chunks.js';
import type { Suite } from './suite.js';

const EVENTS = 2_000_000;

/** JSON Lines of events → windows in memory, one core, against JSON.parse and a Map. */
export const events: Suite = async ({ folder, rounds, scale, work }) => {
  const verdicts: Verdict[] = [];
  const count = EVENTS * scale;
  for (const withIds of [false, true]) {
    const path = join(folder, `events-${withIds}.ndjson`);
    writeChunks(path, metricEventChunks({ records: count, seed: 7, withIds }));
    const [ours, naive] = await alternate(
      [
        { name: 'MetricEventParser and WindowAggregator', command: work('events-windows', path) },
        { name: 'JSON.parse and Map', command: work('events-naive', path) },
      ],
      rounds,
    );
    strictEqual(ours!.stdout.split('\n')[0], naive!.stdout.split('\n')[0]);
    const rateOf = (stdout: string) => count / Number(/seconds ([\d.]+)/.exec(stdout)![1]);
    const rate = rateOf(ours!.stdout);
    verdicts.push({
      work: `events → windows, ${withIds ? 'with ids' : 'without ids'}, M events/s`,
      figure: `${(rate / 1e6).toFixed(2)} M/s`,
      baseline: `JSON.parse + Map ${(rateOf(naive!.stdout) / 1e6).toFixed(2)} M/s`,
      ...atLeast(rate / 1e6, withIds ? 0.8 : 2),
      rssMiB: ours!.rssMiB,
      spread: `${(count / ours!.secondsMax / 1e6).toFixed(2)}–${(count / ours!.secondsMin / 1e6).toFixed(2)} M/s whole process`,
    });
  }
  await rm(folder, { recursive: true });
  return verdicts;
};
