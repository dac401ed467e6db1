import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRandom } from '@pulselake/generators';
import { afterAll, describe, expect, it } from 'vitest';
import { amountOf, report, SEED } from '../src/amount.js';
import { contentOf, problemsOf } from '../src/faults/lake-content.js';
import { NOW_MS, runCommand } from '../src/faults/run-command.js';
import { KINDS, linesOf } from '../src/faults/small-inputs.js';

const LENGTHS = 10;
const FILES = amountOf({ full: 20, small: 1 });
const NAMES = { metrics: 'grows.csv', events: 'grows.ndjson', logs: 'cart-service-2024-03-01.txt' };

const folder = mkdtempSync(join(tmpdir(), 'pulselake-growing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function succeed(root: string, args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCommand([...args, '--lake', root]);
  expect(exitCode, stderr).toBe(0);
}

describe.each(KINDS)('a file of %s that is ingested at ten growing lengths', (kind) => {
  it.each(['plain', 'gzip'])(
    'gives what its last length alone gives (%s)',
    async (form) => {
      const random = createRandom(SEED).fork(`growing ${kind} ${form}`);
      for (let file = 0; file < FILES; file++) {
        const lines = linesOf(kind, random.int(1, 1e9));
        const bytes = Buffer.from(
          [...lines.slice(0, 30), '✗ no record', ...lines.slice(30), '✗'.repeat(20), ''].join('\n'),
        );
        // Cut anywhere, in the middle of a line or of a character too; a header may not be torn.
        const from = kind === 'metrics' ? bytes.indexOf(0x0a) + 1 : 1;
        const lengths = Array.from({ length: LENGTHS - 1 }, () => random.int(from, bytes.length - 1)).sort(
          (a, b) => a - b,
        );
        const path = join(folder, form === 'gzip' ? `${NAMES[kind]}.gz` : NAMES[kind]);
        const root = join(folder, 'grown');
        const alone = join(folder, 'alone');
        for (const lake of [root, alone]) rmSync(lake, { recursive: true, force: true });
        rmSync(path, { force: true });
        let written = 0;
        for (const [index, length] of [...new Set([...lengths, bytes.length])].entries()) {
          if (form === 'gzip') writeFileSync(path, gzipSync(bytes.subarray(0, length)));
          else appendFileSync(path, bytes.subarray(written, length));
          written = length;
          const seconds = NOW_MS / 1000 - 3600 + index * 2;
          utimesSync(path, seconds, seconds);
          await succeed(root, ['ingest', kind, path]);
          expect(await problemsOf(root, () => NOW_MS)).toBe('');
          // Now and then files are merged in between.
          if (random.next() < 0.2) await succeed(root, ['compact']);
        }
        await succeed(alone, ['ingest', kind, path]);
        expect(await contentOf(root)).toBe(await contentOf(alone));
      }
      report(`growing ${kind}, ${form}`, { files: FILES, lengths: LENGTHS });
    },
    1_200_000,
  );
});
