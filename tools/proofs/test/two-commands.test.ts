import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@pulselake/generators';
import { afterAll, expect, it } from 'vitest';
import { amountOf, report, SEED } from '../src/amount.js';
import { buildCommand } from '../src/faults/build-command.js';
import { KINDS, linesOf, SmallInput } from '../src/faults/small-inputs.js';
import { succeed } from '../src/faults/stages.js';
import { type Args, Pairs } from '../src/pairs/run-pair.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-pairs-'));
const { program, remove } = await buildCommand();
afterAll(() => {
  remove();
  rmSync(folder, { recursive: true, force: true });
});

const ROUNDS = amountOf({ full: 120, small: 5 });
const inputs = KINDS.flatMap((kind) =>
  [1, 2, 3].map((seed) => ({
    kind,
    seed,
    input: new SmallInput(join(folder, kind), kind, `input-${seed}`, seed).write(),
  })),
);
const pathOf = (kind: string, wanted: number) =>
  inputs.find((input) => input.kind === kind && input.seed === wanted)!.input.path;
const ingest = (kind: string, seed: number): Args => ['ingest', kind, pathOf(kind, seed)];
const STREAM: Args = ['ingest', 'events', '-'];

/** The first input of each kind is in the lake, with late events. */
const PAIRS: readonly (readonly [Args, Args])[] = [
  ...KINDS.map((kind) => [ingest(kind, 2), ingest(kind, 3)] as const),
  ...KINDS.map((kind) => [ingest(kind, 2), ingest(kind, 2)] as const),
  [ingest('metrics', 2), ingest('events', 2)],
  [ingest('events', 2), ingest('logs', 2)],
  [ingest('logs', 2), [...ingest('logs', 3), '--no-wait']],
  [STREAM, ingest('events', 2)],
  [STREAM, STREAM],
  [STREAM, ['compact']],
  [STREAM, ['redrive', '--reason', 'late']],
  [ingest('metrics', 2), ['compact']],
  [ingest('metrics', 2), ['verify']],
  [ingest('events', 2), ['redrive', '--reason', 'late']],
  [
    ['redrive', '--reason', 'late'],
    ['redrive', '--reason', 'late'],
  ],
  [['redrive', '--reason', 'late'], ['compact']],
  [['compact'], ['compact']],
  [['compact'], ['forget', pathOf('metrics', 1)]],
  [['compact'], ['ingest', 'metrics', '--force', pathOf('metrics', 1)]],
  [
    ['redrive', '--reason', 'late'],
    ['ingest', 'events', '--force', '--mode', 'streaming', pathOf('events', 1)],
  ],
  [['prune', '--before', '2024-03-02'], ingest('metrics', 2)],
  [['prune', '--before', '2024-03-02'], ['compact']],
];

it('two commands on one lake at once both end right, as one after the other', async () => {
  const prepared = join(folder, 'prepared');
  for (const kind of KINDS) {
    await succeed(prepared, [...ingest(kind, 1), ...(kind === 'events' ? ['--mode', 'streaming'] : [])]);
    await succeed(prepared, ['ingest', kind, new SmallInput(join(folder, kind), kind, 'more', 9).write().path]);
  }
  const pairs = new Pairs(program, prepared, join(folder, 'lake'), `${linesOf('events', 4).join('\n')}\n`);
  const random = createRandom(SEED).fork('pairs');
  const offset = random.int(0, PAIRS.length);
  const wrong: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [first, second] = PAIRS[(offset + round) % PAIRS.length]!;
    const fault = await pairs.runAtOnce(first, second);
    if (fault !== undefined) wrong.push(`${first.join(' ')} + ${second.join(' ')}: ${fault}`);
  }
  report('two commands', { rounds: ROUNDS, right: ROUNDS - wrong.length, pairs: PAIRS.length });
  expect(wrong).toEqual([]);
}, 3_600_000);
