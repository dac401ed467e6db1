import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@pulselake/generators';
import { afterAll, describe, expect, it } from 'vitest';
import { amountOf, report, SEED } from '../src/amount.js';
import { killThenCut, rehearse } from '../src/faults/crash-loop.js';
import { sampleOf } from '../src/faults/sample.js';
import { commandStages } from '../src/faults/stages.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-killed-then-cut-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOURS = 4 * 3_600_000;

describe.each(commandStages(join(folder, 'inputs')).map((stage) => [stage.name, stage] as const))(
  '%s killed, run again, and then the power is cut',
  (_, stage) => {
    it(
      'ends where an undisturbed run ends',
      async () => {
        const rehearsal = await rehearse(stage, join(folder, stage.name));
        const every = Array.from({ length: rehearsal.calls }, (_each, index) => index + 1);
        const calls = sampleOf(every, amountOf({ full: Infinity, small: 3 }), createRandom(SEED));
        const wrong: string[] = [];
        for (const call of calls) {
          const fault = await killThenCut(rehearsal, call);
          if (fault !== undefined) wrong.push(`call ${call}: ${fault}`);
        }
        report(`killed, then cut: ${stage.name}`, { calls: calls.length, right: calls.length - wrong.length });
        expect(wrong).toEqual([]);
      },
      HOURS,
    );
  },
);
