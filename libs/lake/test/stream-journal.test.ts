import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type JournalStep, nodeLakeFiles, StreamJournal, takeAbandonedJournals } from '../src/index.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pretendKilled } from './support/dead-process.js';
import { temporaryFolder } from './support/temporary-folder.js';

const batch = (atMs: number, text: string | Buffer): JournalStep => ({ kind: 'batch', atMs, bytes: Buffer.from(text) });
const clock = (atMs: number): JournalStep => ({ kind: 'clock', atMs });
const STEPS = [batch(1000, '{"a":1}\n{"b":2}\n'), clock(1200), batch(1300, ''), batch(1400, '\0\xff no JSON\n\n')];

const create = (root: string, runId = 'run-1') => StreamJournal.create(root, nodeLakeFiles, runId);
const logOf = (root: string, runId = 'run-1') => join(root, '_journal', runId, 'steps.log');

/** Writes a journal, loses its process, and takes it over. */
async function abandoned(root: string, steps: readonly JournalStep[]) {
  const journal = await create(root);
  for (const step of steps) journal.append(step);
  await journal.sync();
  pretendKilled(root);
  return (await takeAbandonedJournals(root, nodeLakeFiles))[0]!;
}

describe('a journal', () => {
  it('gives back every step in its order after its process is gone', async () => {
    const root = temporaryFolder();
    const taken = await abandoned(root, STEPS);
    expect(taken.runId).toBe('run-1');
    expect(await taken.steps()).toEqual(STEPS);
    expect(await taken.steps()).toEqual(STEPS);
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
        expect(await (await abandoned(temporaryFolder(), steps)).steps()).toEqual(steps);
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
      const steps = await taken.steps();
      expect(steps).toEqual(STEPS.slice(0, steps.length));
      if (ends.length === 0 || steps.length !== ends.at(-1)) ends.push(steps.length);
    }
    expect(ends).toEqual([4, 3, 2, 1, 0]);
  });

  it('ends the replay before a step in which any bit was flipped', async () => {
    const root = temporaryFolder();
    const taken = await abandoned(root, STEPS);
    const whole = readFileSync(logOf(root));
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(logOf(root), damaged);
      const steps = await taken.steps();
      expect(steps.length, `bit ${bit}`).toBeLessThan(STEPS.length);
      expect(steps, `bit ${bit}`).toEqual(STEPS.slice(0, steps.length));
    }
  });

  it('ends the replay at foreign bytes', async () => {
    const root = temporaryFolder();
    const taken = await abandoned(root, STEPS);
    appendFileSync(logOf(root), '{"kind":"batch","atMs":1,"length":-1,"crc":0}\n\n{}\nnull\n');
    expect(await taken.steps()).toEqual(STEPS);
  });

  it('fails to be read rather than to look empty when the disk refuses', async () => {
    const root = temporaryFolder();
    const taken = await abandoned(root, STEPS);
    rmSync(logOf(root));
    expect(await taken.steps()).toEqual([]);
    mkdirSync(logOf(root));
    await expect(taken.steps()).rejects.toThrow(/EISDIR/);
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
    expect(await taken!.steps()).toHaveLength(2);
  });

  it('leaves a journal alone that a living process is just making', async () => {
    const root = temporaryFolder();
    let taken: unknown[] | undefined;
    const journal = await StreamJournal.create(
      root,
      {
        ...nodeLakeFiles,
        async write(path, content) {
          taken = await takeAbandonedJournals(root, nodeLakeFiles);
          await nodeLakeFiles.write(path, content);
        },
      },
      'run-1',
    );
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
    expect(await again!.steps()).toEqual(STEPS);
    await again!.remove();
    expect(existsSync(join(root, '_journal/run-1'))).toBe(false);
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
