import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@pulselake/generators';
import { afterAll, describe, expect, it } from 'vitest';
import { amountOf, IS_FULL, report, SEED } from '../src/amount.js';
import { buildCommand } from '../src/faults/build-command.js';
import { countCalls, rehearseFaults } from '../src/faults/fault-loop.js';
import { FaultyCommand, hasCompiler } from '../src/faults/faulty-command.js';
import { commandStages, streamCommandStage } from '../src/faults/stages.js';
import { KillLoop } from '../src/kills/kill-loop.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-kills-'));
const { program, remove } = await buildCommand();
afterAll(() => {
  remove();
  rmSync(folder, { recursive: true, force: true });
});

const KILLS = amountOf({ full: 220, small: 10 });
/** In each phase, of a full proof. */
const HITS = 20;
const HOUR = 3_600_000;
const SUFFIX = hasCompiler() ? '' : ' (needs: a C compiler)';

const STAGES = [...commandStages(join(folder, 'inputs')), streamCommandStage()].map(
  (stage) => [stage.name, stage] as const,
);

describe.skipIf(!hasCompiler()).each(STAGES)('%s killed at any moment', (_, stage) => {
  it(
    `ends, when it is run again, where an undisturbed run ends${SUFFIX}`,
    async () => {
      const rehearsal = await rehearseFaults(stage, new FaultyCommand(program, folder), join(folder, stage.name));
      const calls = await countCalls(rehearsal, 'any');
      const loop = new KillLoop(rehearsal, calls, createRandom(SEED).fork(`kills ${stage.name}`));
      await loop.run(KILLS);
      report(`kills ${stage.name}`, {
        kills: KILLS,
        right: KILLS - loop.wrong.length,
        ...Object.fromEntries(loop.hits),
        'recoveries killed': loop.recoveriesKilled,
        calls: calls.join(' + '),
      });
      expect(loop.wrong).toEqual([]);
      if (IS_FULL) for (const [phase, hits] of loop.hits) expect(hits, phase).toBeGreaterThanOrEqual(HITS);
    },
    HOUR,
  );
});
