import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@pulselake/generators';
import { afterAll, describe, expect, it } from 'vitest';
import { amountOf, IS_FULL, report, SEED } from '../src/amount.js';
import { buildCommand } from '../src/faults/build-command.js';
import { FaultyCommand, hasCompiler } from '../src/faults/faulty-command.js';
import { commandStages, landingStage, slowStreamStage, streamCommandStage } from '../src/faults/stages.js';
import { CommandKills } from '../src/kills/command-kills.js';
import { IntakeKills } from '../src/kills/intake-kills.js';
import { type KillAmount, KillLoop } from '../src/kills/kill-loop.js';
import type { Killable } from '../src/kills/killable.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-kills-'));
const { program, remove } = await buildCommand();
afterAll(() => {
  remove();
  rmSync(folder, { recursive: true, force: true });
});

const AMOUNT = { kills: amountOf({ full: 200, small: 10 }), hits: amountOf({ full: 20, small: 1 }) };
const FEW = IS_FULL ? AMOUNT : { kills: 2, hits: 0 };
/** Where it is not the same for all. */
const AMOUNTS: Readonly<Record<string, KillAmount>> = {
  'new-lake': FEW,
  prune: FEW,
  forget: FEW,
  intake: FEW,
  // Each kill takes seconds.
  landing: { kills: amountOf({ full: 200, small: 1 }), hits: amountOf({ full: 20, small: 0 }) },
  // What it has more than `stream` are commits on its way. Its calls go by the time, so kills cannot be steered.
  'slow-stream': { kills: amountOf({ full: 40, small: 1 }), hits: 0 },
};
const HOURS = 4 * 3_600_000;
const SUFFIX = hasCompiler() ? '' : ' (needs: a C compiler)';

type Rehearse = (command: FaultyCommand, folder: string) => Promise<Killable>;

const inputs = join(folder, 'inputs');
const STAGES: readonly (readonly [name: string, rehearse: Rehearse])[] = [
  ...[...commandStages(inputs), streamCommandStage(), slowStreamStage(), landingStage(inputs)].map(
    (stage) =>
      [stage.name, (command: FaultyCommand, own: string) => CommandKills.rehearse(stage, command, own)] as const,
  ),
  ['intake', (command, own) => IntakeKills.rehearse(command, own)],
];

/** Two at once. */
describe.skipIf(!hasCompiler()).concurrent.each(STAGES)('%s killed at any moment', (name, rehearse) => {
  it(
    `ends, when it is run again, where an undisturbed run ends${SUFFIX}`,
    async () => {
      const own = join(folder, name);
      mkdirSync(own);
      const stage = await rehearse(new FaultyCommand(program, own), own);
      const loop = new KillLoop(stage, createRandom(SEED).fork(`kills ${name}`));
      const amount = AMOUNTS[name] ?? AMOUNT;
      await loop.run(amount);
      report(`kills ${name}`, {
        kills: loop.kills,
        ...Object.fromEntries(loop.hits),
        'by the clock': loop.killsByClock,
        'recoveries killed': loop.recoveriesKilled,
        wrong: loop.wrong.length,
        calls: stage.calls.join(' + '),
      });
      expect(loop.wrong).toEqual([]);
      expect(loop.kills).toBe(amount.kills);
      if (IS_FULL) for (const [phase, hits] of loop.hits) expect(hits, phase).toBeGreaterThanOrEqual(amount.hits);
    },
    HOURS,
  );
});
