import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { amountOf, IS_FULL, report, SEED } from '../src/amount.js';
import { cutsToTry, unneededSyncs } from '../src/faults/crash-plan.js';
import { crashOnce, rehearse } from '../src/faults/crash-loop.js';
import { commandStages, streamStage } from '../src/faults/stages.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-forgetful-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The timers of a stream run when the test says so.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

const STAGES = [...commandStages(join(folder, 'inputs')), streamStage((ms) => vi.advanceTimersByTime(ms))].map(
  (stage) => [stage.name, stage] as const,
);
const HOURS = 4 * 3_600_000;

describe.each(STAGES)('%s on a disk that forgets what was not synced', (_, stage) => {
  it(
    'ends where an undisturbed run ends, wherever the power is cut',
    async () => {
      const rehearsal = await rehearse(stage, join(folder, stage.name));
      const wrong: string[] = [];
      const cuts = cutsToTry(
        rehearsal.calls,
        amountOf({ full: Infinity, small: 3 }),
        amountOf({ full: 3, small: 1 }),
        SEED,
      );
      for (const cut of cuts) {
        const fault = await crashOnce(rehearsal, cut);
        if (fault !== undefined) wrong.push(`call ${cut.cutAtCall}, seed ${cut.seed}: ${fault}`);
      }
      report(`forgetful ${stage.name}`, {
        calls: rehearsal.calls,
        cuts: cuts.length,
        right: cuts.length - wrong.length,
      });
      expect(wrong).toEqual([]);
    },
    HOURS,
  );

  // A new lake meets every step of the protocol.
  if (!IS_FULL && stage.name !== 'new-lake') return;
  it(
    'does not end there as soon as any one of its syncs is left out',
    async () => {
      const rehearsal = await rehearse(stage, join(folder, stage.name));
      const { tried, unneeded } = await unneededSyncs(rehearsal, amountOf({ full: Infinity, small: 4 }), SEED);
      report(`syncs of ${stage.name}`, { tried, needed: tried - unneeded.length });
      expect(unneeded).toEqual([]);
    },
    HOURS,
  );
});
