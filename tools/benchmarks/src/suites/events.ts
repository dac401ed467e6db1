import { strictEqual } from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { metricEventChunks } from '@pulselake/generators';
import { alternate, type Contestant, type Figure } from '../measure.js';
import { atLeast, spreadOf, type Verdict, withinMemory } from '../verdict.js';
import { writeChunks } from '../write-chunks.js';
import type { Suite, SuiteOptions } from './suite.js';

const EVENTS = 2_000_000;
const MEMORY_MB = 200;

/** JSON Lines of events → windows in memory, one core, against JSON.parse and a Map. */
export const events: Suite = {
  async compare(options) {
    const { folder, rounds, scale, work } = options;
    const verdicts: Verdict[] = [];
    const rateOf = ({ stdout }: Figure) => (EVENTS * scale) / secondsInside(stdout) / 1e6;
    for (const withIds of [false, true]) {
      const [ours, naive] = await alternate(
        [
          make(options, withIds),
          { name: 'JSON.parse and Map', command: work('events-naive', fileIn(folder, withIds)) },
        ],
        rounds,
      );
      strictEqual(ours!.stdout.split('\n')[0], naive!.stdout.split('\n')[0]);
      const rate = rateOf(ours!);
      verdicts.push({
        work: `events → windows, ${withIds ? 'with ids' : 'without ids'}, M events/s`,
        figure: `${rate.toFixed(2)} M/s`,
        baseline: `JSON.parse + Map ${rateOf(naive!).toFixed(2)} M/s`,
        ...withinMemory(atLeast(rate, withIds ? 0.8 : 2), ours!.rssMB, MEMORY_MB),
        spread: `whole processes ${spreadOf(ours!, naive!)}`,
      });
    }
    await rm(folder, { recursive: true });
    return verdicts;
  },
  // Ids are held, 16 bytes each: only without them the memory does not grow.
  alone: (options) => Promise.resolve(make(options, false)),
};

function fileIn(folder: string, withIds: boolean): string {
  return join(folder, `events-${withIds ? 'with' : 'without'}-ids.ndjson`);
}

function make({ folder, scale, work }: Pick<SuiteOptions, 'folder' | 'scale' | 'work'>, withIds: boolean): Contestant {
  const path = fileIn(folder, withIds);
  writeChunks(path, metricEventChunks({ records: EVENTS * scale, seed: 7, withIds }));
  return { name: 'MetricEventParser and WindowAggregator', command: work('events-windows', path) };
}

function secondsInside(stdout: string): number {
  return Number(/seconds ([\d.]+)/.exec(stdout)![1]);
}
