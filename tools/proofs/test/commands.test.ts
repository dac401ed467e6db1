import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@pulselake/generators';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { amountOf, report, SEED } from '../src/amount.js';
import { asProgram } from '../src/commands/as-program.js';
import { CommandFuzz, inThisProcess, type Runner } from '../src/commands/command-fuzz.js';
import { makeOriginals } from '../src/commands/originals.js';

const CASES = amountOf({ full: 10_000, small: 100 });
const AS_PROGRAMS = amountOf({ full: 120, small: 4 });
/** Commands on one lake before it is proved. */
const BATCH = 40;

let folder = '';
let fuzz: CommandFuzz;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pulselake-commands-'));
  fuzz = new CommandFuzz(folder, await makeOriginals(folder));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(cases: number, batch: number, runner: Runner): Promise<void> {
  const random = createRandom(SEED).fork(`${runner.name} ${cases}`);
  const before = fuzz.tally.cases;
  while (fuzz.tally.cases - before < cases) {
    await fuzz.batch(Math.min(batch, cases - (fuzz.tally.cases - before)), random, runner);
  }
}

test('commands on files that are damaged anyhow end as documented, and the lake is proved after them', async () => {
  await run(CASES, BATCH, inThisProcess);
  report('commands', { ...fuzz.tally });
  expect(fuzz.tally.failed).toBeGreaterThan(0);
  expect(fuzz.tally.rejected).toBeGreaterThan(0);
}, 7_200_000);

test('so they do as programs', async () => {
  await run(AS_PROGRAMS, 4, asProgram);
  report('commands as programs', { ...fuzz.tally });
}, 7_200_000);
