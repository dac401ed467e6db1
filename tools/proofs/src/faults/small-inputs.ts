import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accessLogChunks, metricEventChunks, windowedMetricsCsvChunks } from '@pulselake/generators';

/** What `ingest` takes. */
export type Kind = 'metrics' | 'events' | 'logs';

export const KINDS: readonly Kind[] = ['metrics', 'events', 'logs'];

const START_MS = Date.parse('2024-03-01T00:00:00Z');

const LINES: Readonly<Record<Kind, (seed: number) => Iterable<Uint8Array>>> = {
  metrics: (seed) => windowedMetricsCsvChunks({ records: 60, seed, startMs: START_MS, days: 2, components: 3 }),
  events: (seed) =>
    metricEventChunks({ records: 60, seed, startMs: START_MS, days: 2, withIds: true, idPrefix: `${seed}-` }),
  logs: (seed) => accessLogChunks({ records: 60, seed, startMs: START_MS, days: 2 }),
};

const NAMES: Readonly<Record<Kind, (name: string) => string>> = {
  metrics: (name) => `${name}.csv`,
  events: (name) => `${name}.ndjson`,
  logs: (name) => `${name}-2024-03-01.txt`,
};

/** The lines of a small input over two days. */
export function linesOf(kind: Kind, seed: number): string[] {
  return Buffer.concat([...LINES[kind](seed)])
    .toString()
    .trimEnd()
    .split('\n');
}

/** A small file of two days with a line that is rejected. */
export class SmallInput {
  readonly path: string;
  readonly #lines: readonly string[];
  #ageSeconds = 0;

  constructor(folder: string, kind: Kind, name: string, seed: number) {
    this.path = join(folder, NAMES[kind](name));
    const lines = linesOf(kind, seed);
    // What comes last of the events is late where lateness counts.
    const late = kind === 'events' ? lines.splice(0, 5) : [];
    this.#lines = [...lines.slice(0, 20), `torn line ${seed}`, ...lines.slice(20), ...late];
    mkdirSync(dirname(this.path), { recursive: true });
  }

  /** Writes the beginning of the file, or all of it; each time a minute younger. */
  write(lines = this.#lines.length): this {
    writeFileSync(this.path, '');
    for (const line of this.#lines.slice(0, lines)) appendFileSync(this.path, `${line}\n`);
    const seconds = START_MS / 1000 + 200_000 + this.#ageSeconds++ * 60;
    utimesSync(this.path, seconds, seconds);
    return this;
  }
}
