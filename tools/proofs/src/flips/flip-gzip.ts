import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Random } from '@pulselake/generators';
import { readLedger } from '@pulselake/lake';
import { contentOf } from '../faults/lake-content.js';
import { runCommand } from '../faults/run-command.js';
import { type Kind, linesOf } from '../faults/small-inputs.js';
import { flippedCopy } from './flip-bit.js';

const NAMES: Readonly<Record<Kind, string>> = {
  metrics: 'cart.csv.gz',
  events: 'cart.ndjson.gz',
  logs: 'cart-2024-03-01.txt.gz',
};

/** The time of the files, in seconds since the epoch. */
const MODIFIED = 1_709_380_800;

/** A name, a comment and a further field, as other programs write them into the header. */
function withLongHeader(gzip: Buffer): Buffer {
  const fields = Buffer.concat([Buffer.from([4, 0]), Buffer.from('more'), Buffer.from('cart\0a comment\0')]);
  const header = Buffer.from(gzip.subarray(0, 10));
  header[3] = 4 | 8 | 16;
  return Buffer.concat([header, fields, gzip.subarray(10)]);
}

/** One file of each kind in each form that gzip files have: short, with a long header, of several members, stored. */
export function gzipForms(kind: Kind): Buffer[] {
  const lines = [...linesOf(kind, 5), 'torn'].map((line) => `${line}\n`);
  const half = Math.floor(lines.length / 2);
  const [all, first, second] = [lines.join(''), lines.slice(0, half).join(''), lines.slice(half).join('')];
  return [
    gzipSync(all),
    withLongHeader(gzipSync(all)),
    Buffer.concat([gzipSync(first), gzipSync(second)]),
    gzipSync(all, { level: 0 }),
  ];
}

/** Ingests gzip inputs with flipped bits, each into a lake of its own. */
export class GzipFlips {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What the lake holds after the intact file. */
  async contentOf(kind: Kind, bytes: Buffer): Promise<string> {
    const { exitCode, stderr } = await this.#ingest(kind, bytes);
    if (exitCode !== 0) throw new Error(`The intact file fails: ${stderr}`);
    return contentOf(this.#root);
  }

  /**
   * Ingests the file with one bit flipped.
   *
   * @param expected what the lake holds after the intact file
   * @throws Error when the flip changes rows in silence, or the file is not named
   */
  async flip(kind: Kind, intact: Buffer, expected: string, random: Random): Promise<'rejected' | 'unchanged'> {
    const { bytes, where } = flippedCopy(intact, random);
    const { exitCode, stderr } = await this.#ingest(kind, bytes);
    const path = this.#pathOf(kind);
    if (exitCode === 0) {
      if ((await contentOf(this.#root)) !== expected)
        throw new Error(`${path}, ${where}: it changes the rows in silence`);
      return 'unchanged';
    }
    const { runs } = await readLedger(this.#root);
    const isFailed = runs.length === 1 && runs[0]!.status === 'failed' && runs[0]!.outputs.length === 0;
    if (exitCode !== 1 || !isFailed || !stderr.includes(path) || !runs[0]!.error?.includes(path)) {
      throw new Error(`${path}, ${where}: exit code ${exitCode}, ledger ${JSON.stringify(runs)}: ${stderr}`);
    }
    return 'rejected';
  }

  get #root(): string {
    return join(this.#folder, 'lake');
  }

  #pathOf(kind: Kind): string {
    return join(this.#folder, NAMES[kind]);
  }

  async #ingest(kind: Kind, bytes: Buffer): Promise<{ exitCode: number; stderr: string }> {
    rmSync(this.#root, { recursive: true, force: true });
    const path = this.#pathOf(kind);
    writeFileSync(path, bytes);
    utimesSync(path, MODIFIED, MODIFIED);
    return runCommand(['--lake', this.#root, 'ingest', kind, path]);
  }
}
