import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@pulselake/generators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amountOf, IS_FULL, report, SEED } from '../src/amount.js';
import { buildCommand } from '../src/faults/build-command.js';
import { countCalls, failOnce, type FaultRehearsal, rehearseFaults } from '../src/faults/fault-loop.js';
import { EIO, ENOSPC, EROFS, FaultyCommand, hasCompiler } from '../src/faults/faulty-command.js';
import { sampleOf } from '../src/faults/sample.js';
import { commandStages, streamStage } from '../src/faults/stages.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-faults-'));
const { program, remove } = await buildCommand();
afterAll(() => {
  remove();
  rmSync(folder, { recursive: true, force: true });
});

const FEW = new Set(['new-lake', 'metrics', 'stream']);
const STAGES = [...commandStages(join(folder, 'inputs')), streamStage(() => undefined)]
  .filter(({ name }) => IS_FULL || FEW.has(name))
  .map((stage) => [stage.name, stage] as const);
const HOURS = 4 * 3_600_000;
const SUFFIX = hasCompiler() ? '' : ' (needs: a C compiler)';

const FAULTS = [
  ['one call finds the disk full', { calls: 'write', errno: ENOSPC, toTheEnd: false }],
  ['the disk is full from one call on', { calls: 'write', errno: ENOSPC, toTheEnd: true }],
  ['one sync fails', { calls: 'sync', errno: EIO, toTheEnd: false }],
  ['the disk fails from one call on', { calls: 'any', errno: EIO, toTheEnd: true }],
  ['the disk becomes read-only at one call', { calls: 'change', errno: EROFS, toTheEnd: true }],
  ['the process is killed at one call', { calls: 'any', errno: 0, toTheEnd: false }],
] as const;

describe.skipIf(!hasCompiler()).each(STAGES)('%s on a disk that fails', (_, stage) => {
  let rehearsal: FaultRehearsal;
  beforeAll(async () => {
    rehearsal = await rehearseFaults(stage, new FaultyCommand(program, folder), join(folder, stage.name));
  });

  it.each(FAULTS)(
    `leaves the lake whole, says why, and ends right when it is run again: %s${SUFFIX}`,
    async (name, { calls, errno, toTheEnd }) => {
      const counts = await countCalls(rehearsal, calls);
      const all = counts.flatMap((count, index) =>
        Array.from({ length: count }, (_, call) => ({ index, first: call + 1 })),
      );
      const random = createRandom(SEED).fork(`${stage.name} ${name}`);
      const chosen = sampleOf(all, amountOf({ full: Infinity, small: 1 }), random);
      const wrong: string[] = [];
      for (const { index, first } of chosen) {
        const last = toTheEnd ? 1e9 : first;
        const fault = await failOnce(rehearsal, index, { calls, errno, first, last });
        if (fault !== undefined) wrong.push(`command ${index + 1}, call ${first}: ${fault}`);
      }
      report(`faults ${stage.name}, ${name}`, {
        calls: counts.join(' + '),
        tried: chosen.length,
        right: chosen.length - wrong.length,
      });
      expect(wrong).toEqual([]);
    },
    HOURS,
  );
});
