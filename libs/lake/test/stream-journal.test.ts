import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  type AbandonedJournal,
  type JournalStep,
  type LakeFiles,
  nodeLakeFiles,
  StreamJournal,
  takeAbandonedJournals,
} from '../src/index.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadPid, pretendKilled } from './support/dead-process.js';
import { temporaryFolder } from './support/temporary-folder.js';

const batch = (atMs: number, text: string | Buffer): JournalStep => ({ kind: 'batch', atMs, bytes: Buffer.from(text) });
const clock = (atMs: number): JournalStep => ({ kind: 'clock', atMs });
const STEPS = [batch(1000, '{"a":1}\n{"b":2}\n'), clock(1200), batch(1300, ''), batch(1400, '\0\xff no JSON\n\n')];

const BEGIN = { atMs: 900, bytes: Buffer.from('{}') };
const BEGUN: JournalStep = { kind: 'begin', ...BEGIN };

const create = (root: string, runId = 'run-1', files: LakeFiles = nodeLakeFiles) =>
  StreamJournal.create(root, files, runId, BEGIN);
const logOf = (root: string, segment = 1) => join(root, `_journal/run-1/steps-0000000${segment}.log`);

async function takeOver(root: string): Promise<AbandonedJournal> {
  pretendKilled(root);
  return (await takeAbandonedJournals(root, nodeLakeFiles))[0]!;
}

/** Writes a journal, loses its process, and takes it over. */
async function abandoned(root: string, steps: readonly JournalStep[]) {
  const journal = await create(root);
  for (const step of steps) journal.append(step);
  await journal.sync();
  return takeOver(root);
}

async function all(steps: AsyncIterable<JournalStep>): Promise<JournalStep[]> {
  const found: JournalStep[] = [];
  for await (const step of steps) found.push(step);
  return found;
}

/** Every step of a journal but its begin. */
async function stepsOf(taken: AbandonedJournal): Promise<JournalStep[]> {
  const steps = await all(taken.steps());
  if (steps.length > 0) expect(steps.shift()).toEqual(BEGUN);
  return steps;
}

describe('a journal', () => {
  it('gives back every step in its order after its process is gone', async () => {
    const root = temporaryFolder();
    const taken = await abandoned(root, STEPS);
    expect(taken.runId).toBe('run-1');
    expect(await stepsOf(taken)).toEqual(STEPS);
    expect(await stepsOf(taken)).toEqual(STEPS);
  });

  it('gives back any bytes', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('clock' as const), atMs: fc.nat() }),
      fc.record({
        kind: fc.constant('batch' as const),
        atMs: fc.nat(),
        bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step), async (steps) => {
        expect(await stepsOf(await abandoned(temporaryFolder(), steps))).toEqual(steps);
      }),
      { numRuns: 30 },
    );
  });

  it('has on the disk what was appended, before it is removed', async () => {
    const root = temporaryFolder();
    const journal = await create(root);
    journal.append(batch(1, 'x'));
    await journal.sync();
    await journal.sync();
    expect(readFileSync(logOf(root)).includes('x')).toBe(true);
    await journal.remove();
    expect(readdirSync(join(root, '_journal'))).toEqual([]);
  });

  it('is synced for whoever asks, also while a sync is under way', async () => {
    const root = temporaryFolder();
    const journal = await create(root);
    journal.append(batch(1, 'x'));
    let firstIsDone = false;
    const first = journal.sync().then(() => (firstIsDone = true));
    await journal.sync();
    expect(firstIsDone).toBe(true);
    await first;
  });

  it('drops nothing but a torn end, wherever it is torn', async () => {
    const root = temporaryFolder();
    const taken = await abandoned(root, STEPS);
    const whole = readFileSync(logOf(root));
    const ends: number[] = [];
    for (let length = whole.length; length >= 0; length--) {
      truncateSync(logOf(root), length);
      const steps = await stepsOf(taken);
      expect(steps).toEqual(STEPS.slice(0, steps.length));
      if (ends.length === 0 || steps.length !== ends.at(-1)) ends.push(steps.length);
    }
    // The last 0 is that of a journal without its begin.
    expect(ends).toEqual([4, 3, 2, 1, 0]);
  });

  it.skipIf(process.env['PULSELAKE_MUTANTS'])(
    'ends the replay before a step in which any bit was flipped',
    async () => {
      const root = temporaryFolder();
      const taken = await abandoned(root, STEPS);
      const whole = readFileSync(logOf(root));
      for (let bit = 0; bit < whole.length * 8; bit++) {
        const damaged = Buffer.from(whole);
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        writeFileSync(logOf(root), damaged);
        const steps = await stepsOf(taken);
        expect(steps.length, `bit ${bit}`).toBeLessThan(STEPS.length);
        expect(steps, `bit ${bit}`).toEqual(STEPS.slice(0, steps.length));
      }
    },
  );

  it('ends the replay at foreign bytes', async () => {
    const root = temporaryFolder();
    const taken = await abandoned(root, STEPS);
    appendFileSync(logOf(root), '{"kind":"batch","atMs":1,"length":-1,"crc":0}\n\n{}\nnull\n');
    expect(await stepsOf(taken)).toEqual(STEPS);
  });

  it('fails to be read rather than to look empty when the disk refuses', async () => {
    const root = temporaryFolder();
    const taken = await abandoned(root, STEPS);
    rmSync(logOf(root));
    expect(await stepsOf(taken)).toEqual([]);
    mkdirSync(logOf(root));
    await expect(stepsOf(taken)).rejects.toThrow(/EISDIR/);
  });
});

describe('a journal that is cut', () => {
  const state = [Buffer.from('{"a":1}'), Buffer.from('\xff\n')];
  const stateSteps = state.map((bytes) => ({ kind: 'state', atMs: BEGIN.atMs, bytes }));

  it('gives back the state, its begin and the steps since, and has left behind what was before', async () => {
    const root = temporaryFolder();
    const journal = await create(root);
    for (const step of STEPS) journal.append(step);
    expect(journal.bytes).toBeGreaterThan(100);
    await journal.cut(state, BEGIN);
    expect(journal.bytes).toBe(0);
    expect(journal.stateBytes).toBe(statSync(logOf(root, 2)).size);
    journal.append(STEPS[0]!);
    await journal.sync();
    expect(readdirSync(join(root, '_journal/run-1'))).toEqual(['owner.json', 'steps-00000002.log']);
    const taken = await takeOver(root);
    expect(await all(taken.steps())).toEqual([...stateSteps, BEGUN, STEPS[0]]);
    expect(taken.wasCut).toBe(true);
  });

  it('goes on from the segment before while the new one is not whole at its start', async () => {
    const root = temporaryFolder();
    const kept = join(root, 'kept');
    const journal = await create(root, 'run-1', {
      ...nodeLakeFiles,
      async remove(path) {
        if (path === logOf(root)) writeFileSync(kept, readFileSync(path));
        await nodeLakeFiles.remove(path);
      },
    });
    for (const step of STEPS) journal.append(step);
    await journal.cut(state, BEGIN);
    await takeOver(root);
    writeFileSync(logOf(root), readFileSync(kept));
    const again = async () => all((await takeOver(root)).steps());
    expect(await again()).toEqual([...stateSteps, BEGUN]);
    for (let length = statSync(logOf(root, 2)).size - 1; length >= 0; length--) {
      truncateSync(logOf(root, 2), length);
      expect(await again()).toEqual([BEGUN, ...STEPS]);
    }
  });

  it('does not leave the segment before behind until the new one and its entry in the folder are synced', async () => {
    const root = temporaryFolder();
    const calls: string[] = [];
    const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
    const journal = await create(root, 'run-1', {
      ...nodeLakeFiles,
      openAppend(path) {
        const file = nodeLakeFiles.openAppend(path);
        return { ...file, sync: () => (calls.push(`sync ${name(path)}`), file.sync()) };
      },
      syncDirectory: (path) => (calls.push(`sync ${name(path)}`), nodeLakeFiles.syncDirectory(path)),
      remove: (path) => (calls.push(`remove ${name(path)}`), nodeLakeFiles.remove(path)),
    });
    journal.append(STEPS[0]!);
    calls.length = 0;
    await journal.cut(state, BEGIN);
    expect(calls).toEqual(['sync steps-00000002.log', 'sync run-1', 'remove steps-00000001.log']);
  });

  it('is synced for whoever asked before the cut', async () => {
    const root = temporaryFolder();
    const journal = await create(root);
    for (let times = 0; times < 20; times++) {
      journal.append(STEPS[0]!);
      const before = journal.sync();
      journal.append(STEPS[1]!);
      const asked = journal.sync();
      await Promise.all([journal.cut(state, BEGIN), before, asked]);
    }
    journal.append(STEPS[2]!);
    await journal.sync();
    expect((await all((await takeOver(root)).steps())).at(-1)).toEqual(STEPS[2]);
  });
});

describe('takeAbandonedJournals', () => {
  it('finds none in a lake without journals', async () => {
    expect(await takeAbandonedJournals(temporaryFolder(), nodeLakeFiles)).toEqual([]);
  });

  it('leaves the journal of a living process alone', async () => {
    const root = temporaryFolder();
    const journal = await create(root);
    journal.append(batch(1, 'x'));
    expect(await takeAbandonedJournals(root, nodeLakeFiles)).toEqual([]);
    journal.append(batch(2, 'y'));
    pretendKilled(root);
    const [taken] = await takeAbandonedJournals(root, nodeLakeFiles);
    expect(await stepsOf(taken!)).toHaveLength(2);
  });

  it('leaves a journal alone that a living process is just making', async () => {
    const root = temporaryFolder();
    let taken: unknown[] | undefined;
    const journal = await create(root, 'run-1', {
      ...nodeLakeFiles,
      async writeVolatile(path, content) {
        taken = await takeAbandonedJournals(root, nodeLakeFiles);
        await nodeLakeFiles.writeVolatile(path, content);
      },
    });
    expect(taken).toEqual([]);
    journal.append(batch(1, 'x'));
    await journal.sync();
    expect(readFileSync(logOf(root)).includes('x')).toBe(true);
  });

  it('gives each journal to one process only, until that one is gone too', async () => {
    const root = temporaryFolder();
    await abandoned(root, STEPS);
    expect(await takeAbandonedJournals(root, nodeLakeFiles)).toEqual([]);
    pretendKilled(root);
    const [again] = await takeAbandonedJournals(root, nodeLakeFiles);
    expect(await stepsOf(again!)).toEqual(STEPS);
    await again!.remove();
    expect(existsSync(join(root, '_journal/run-1'))).toBe(false);
  });

  it('sweeps what a process left that died while it made its journal', async () => {
    const root = temporaryFolder();
    for (const name of [`.run-1.${deadPid()}`, `.run-2.${deadPid()}`, `.run-3.${process.pid}`]) {
      mkdirSync(join(root, '_journal', name), { recursive: true });
    }
    writeFileSync(join(root, `_journal/.run-2.${deadPid()}/owner.json`), JSON.stringify({ pid: deadPid() }));
    expect(await takeAbandonedJournals(root, nodeLakeFiles)).toEqual([]);
    expect(readdirSync(join(root, '_journal'))).toEqual([`.run-3.${process.pid}`]);
  });

  it('takes a journal that was given up by this process, and again when its replay failed', async () => {
    const root = temporaryFolder();
    const journal = await create(root);
    journal.append(STEPS[0]!);
    await journal.abandon();
    for (let times = 0; times < 2; times++) {
      const [taken] = await takeAbandonedJournals(root, nodeLakeFiles);
      expect(await stepsOf(taken!)).toEqual([STEPS[0]]);
      expect(await takeAbandonedJournals(root, nodeLakeFiles)).toEqual([]);
      await taken!.release();
    }
  });

  it('takes a journal whose owner record is torn or gone', async () => {
    const root = temporaryFolder();
    await create(root, 'run-1');
    await create(root, 'run-2');
    writeFileSync(join(root, '_journal/run-1/owner.json'), '{"pid":');
    rmSync(join(root, '_journal/run-2/owner.json'));
    const taken = await takeAbandonedJournals(root, nodeLakeFiles);
    expect(taken.map(({ runId }) => runId)).toEqual(['run-1', 'run-2']);
  });
});
