import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { amountOf, report } from '../src/amount.js';
import { asProgram } from '../src/commands/as-program.js';
import { type Kind, linesOf } from '../src/faults/small-inputs.js';

const FILES = amountOf({ full: 100_000, small: 200 });
const LINES = 3;
const TIMEOUT_MS = 3_600_000;
const MOST_BYTES = 600e6;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pulselake-folder-'));
});
// A hundred thousand files take a while to remove.
afterAll(() => rmSync(folder, { recursive: true, force: true }), 600_000);

/** So many files of three records, all of them different, in folders of a thousand. */
function fill(kind: Kind, root: string): void {
  const [header, ...lines] = linesOf(kind, 21);
  for (let file = 0; file < FILES; file++) {
    const inside = join(root, `${Math.floor(file / 1000)}`);
    if (file % 1000 === 0) mkdirSync(inside, { recursive: true });
    const own = Array.from({ length: LINES }, (_, index) => lines[(file + index) % lines.length]!);
    // A byte more or less makes files of the same records different ones.
    const text =
      [...(kind === 'metrics' ? [header!] : []), ...own].join('\n') + '\n'.repeat(1 + Math.floor(file / lines.length));
    writeFileSync(join(inside, `${file}.${kind === 'metrics' ? 'csv' : 'txt'}`), text);
  }
}

test.each<Kind>(['metrics', 'events', 'logs'])(
  'a folder of very many small files of %s is taken in the time and the memory of its files, and once',
  async (kind) => {
    const [root, inputs] = [join(folder, `lake-${kind}`), join(folder, kind)];
    fill(kind, inputs);
    const started = performance.now();
    const first = await asProgram(['--lake', root, 'ingest', kind, inputs, '--json'], undefined, TIMEOUT_MS);
    const tookMs = performance.now() - started;
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    const { counts, inputs: outcomes } = JSON.parse(first.stdout) as { counts: { read: number }; inputs: unknown[] };
    expect([outcomes.length, counts.read]).toEqual([FILES, FILES * LINES]);
    const again = await asProgram(['--lake', root, 'ingest', kind, inputs, '--json'], undefined, TIMEOUT_MS);
    expect([again.exitCode, (JSON.parse(again.stdout) as { runs: unknown[] }).runs]).toEqual([0, []]);
    const verified = await asProgram(['--lake', root, 'verify'], undefined, TIMEOUT_MS);
    expect([verified.exitCode, verified.stderr]).toEqual([0, '']);
    report(`a folder of ${kind}`, {
      files: FILES,
      seconds: Math.round(tookMs / 1000),
      'ms per file': (tookMs / FILES).toFixed(2),
      'peak MB': Math.round(Math.max(first.peakBytes, again.peakBytes) / 1e6),
      'peak MB of verify': Math.round(verified.peakBytes / 1e6),
    });
    expect(Math.max(first.peakBytes, again.peakBytes)).toBeLessThan(MOST_BYTES);
  },
  3 * TIMEOUT_MS,
);
