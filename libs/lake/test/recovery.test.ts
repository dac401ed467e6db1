import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nextSequence, nodeLakeFiles, verifyLake } from '../src/index.js';
import { describe, expect, it } from 'vitest';
import { deadPid, pretendKilled } from './support/dead-process.js';
import { FaultyFiles, Killed } from './support/faulty-files.js';
import { commitTexts, draftOf, openLake, snapshot, stageTexts } from './support/lakes.js';
import { temporaryFolder } from './support/temporary-folder.js';

const KEPT = 'traffic_reports/report_date=2024-03-01/report.json';
const REMOVED = 'traffic_reports_enriched/report_date=2024-03-02/report.json';
const NEW = 'traffic_reports_enriched/report_date=2024-03-03/report.json';

async function prepared() {
  const lake = await openLake(temporaryFolder());
  await commitTexts(lake, 'run-1', { [KEPT]: '', [REMOVED]: '{"id":"1"}\n' });
  return lake;
}

/** Overwrites nothing of the reports' sum, adds a file and takes one out: every kind of change at once. */
const change = { texts: { [KEPT]: '', [NEW]: '{"id":"2"}\n' }, remove: [REMOVED] };

describe('recovery', () => {
  it('leaves the lake as before or as after, whichever call the process died at', async () => {
    const outcomes = { before: 0, after: 0 };
    let fatalCall = 0;
    for (let done = false; !done;) {
      fatalCall++;
      const { root } = await prepared();
      const before = await snapshot(root);
      const files = new FaultyFiles(fatalCall);
      try {
        const lake = await openLake(root, { files });
        await commitTexts(lake, 'run-2', change.texts, change);
        done = true;
      } catch (error) {
        expect(error).toBeInstanceOf(Killed);
      }
      pretendKilled(root);

      const messages: string[] = [];
      const lake = await openLake(root, { onMessage: (message) => messages.push(message) });

      const after = await snapshot(root);
      const runs = (await lake.ledger()).runs.map(({ runId }) => runId);
      if (runs.includes('run-2')) {
        outcomes.after++;
        expect(Object.keys(after).filter((key) => key.startsWith('traffic'))).toEqual([KEPT, NEW]);
      } else {
        outcomes.before++;
        expect(after).toEqual(before);
      }
      expect((await verifyLake(lake)).problems, `call ${fatalCall}`).toEqual([]);
      expect(readdirSync(join(root, '_staging'))).toEqual([]);
      // A message only of what was found.
      expect(messages.every((message) => message.includes('run-2'))).toBe(true);
    }
    expect(outcomes.before).toBeGreaterThan(10);
    expect(outcomes.after).toBeGreaterThan(8);
  });

  it('keeps a recorded run whose last steps failed, although the command then aborts it', async () => {
    let recorded = 0;
    for (let fatalCall = 1, done = false; !done; fatalCall++) {
      const { root } = await prepared();
      const files = new FaultyFiles(Infinity);
      const lake = await openLake(root, { files });
      const transaction = await lake.begin('run-2');
      await stageTexts(transaction, change.texts);
      const fault = new FaultyFiles(fatalCall);
      Object.assign(files, { rename: fault.rename, remove: fault.remove });
      try {
        await transaction.commit(draftOf('run-2'), { sequence: 2, remove: change.remove });
        done = true;
      } catch {
        Object.assign(files, new FaultyFiles(Infinity));
        await transaction.abort();
      }
      pretendKilled(root);

      const next = await openLake(root);

      expect((await verifyLake(next)).problems, `call ${fatalCall}`).toEqual([]);
      if ((await next.ledger()).runs.length === 2) recorded++;
    }
    expect(recorded).toBeGreaterThan(2);
  });

  it('does not touch the staging of a living process', async () => {
    const lake = await prepared();
    const transaction = await lake.begin('run-2');
    await stageTexts(transaction, change.texts);

    await openLake(lake.root);
    await lake.locked(({ runs }) =>
      transaction.commit(draftOf('run-2'), { sequence: nextSequence(runs), remove: [REMOVED] }),
    );

    expect((await verifyLake(lake)).problems).toEqual([]);
    expect(existsSync(join(lake.root, NEW))).toBe(true);
  });

  it.each([
    ['of no process', 'run-9.0'],
    ['of a dead process whose run is not recorded', `run-9.0.${deadPid()}`],
  ])('sweeps a staging folder %s and says so', async (_, name) => {
    const { root } = await prepared();
    mkdirSync(join(root, '_staging', name), { recursive: true });
    const messages: string[] = [];

    const lake = await openLake(root, { onMessage: (message) => messages.push(message) });

    expect(messages).toEqual([`Swept ${name}, which had been interrupted before its commit.`]);
    expect((await verifyLake(lake)).problems).toEqual([]);
  });

  it('finishes a recorded run whose last steps failed, although the process that began it lives on', async () => {
    let finished = 0;
    for (let failing = 1, failed = true; failed; failing++) {
      const files = new FaultyFiles(Infinity);
      const messages: string[] = [];
      const { root } = await prepared();
      const lake = await openLake(root, { files, onMessage: (message) => messages.push(message) });
      const transaction = await lake.begin('run-2');
      await stageTexts(transaction, change.texts);
      let calls = 0;
      const failOnce = () => (++calls === failing ? Promise.reject(new Error('EIO')) : Promise.resolve());
      files.syncDirectory = (path) => failOnce().then(() => nodeLakeFiles.syncDirectory(path));
      files.rename = (from, to) => failOnce().then(() => nodeLakeFiles.rename(from, to));
      failed = await transaction.commit(draftOf('run-2'), { sequence: 2, remove: change.remove }).then(
        () => false,
        () => true,
      );
      await transaction.abort();
      calls = Infinity;

      await lake.locked(() => Promise.resolve());

      expect((await verifyLake(lake)).problems, `call ${failing}`).toEqual([]);
      expect(readdirSync(join(root, '_staging'))).toEqual([]);
      if (messages.length > 0) finished++;
    }
    expect(finished).toBeGreaterThan(3);
  });

  it('leaves a run with several commits as after its first or its second, whichever call it died at', async () => {
    const third = { 'traffic_reports_enriched/report_date=2024-03-04/report.json': '{"id":"4"}\n' };
    const sequences = new Set<number | undefined>();
    for (let fatalCall = 1, done = false; !done; fatalCall++) {
      const { root } = await prepared();
      const first = await commitTexts(await openLake(root), 'run-2', change.texts, change);
      try {
        const transaction = await (await openLake(root, { files: new FaultyFiles(fatalCall) })).begin('run-2', 1);
        await stageTexts(transaction, third);
        const draft = draftOf('run-2', { replaced: first.replaced! });
        await transaction.commit(draft, { sequence: 3, earlier: first.outputs });
        done = true;
      } catch (error) {
        expect(error).toBeInstanceOf(Killed);
      }
      pretendKilled(root);

      const lake = await openLake(root);

      const { runs } = await lake.ledger();
      sequences.add(runs.find(({ runId }) => runId === 'run-2')!.sequence);
      expect((await verifyLake(lake)).problems, `call ${fatalCall}`).toEqual([]);
      expect(readdirSync(join(root, '_staging'))).toEqual([]);
    }
    expect([...sequences]).toEqual([2, 3]);
  });

  it('does not bring what a later run has overwritten back', async () => {
    const lake = await prepared();
    const files = new FaultyFiles(Infinity);
    const interrupted = await (await openLake(lake.root, { files })).begin('run-2');
    await stageTexts(interrupted, change.texts);
    // The entry is recorded; then the first file cannot be moved.
    files.rename = new FaultyFiles(2).rename;
    await expect(interrupted.commit(draftOf('run-2'), { sequence: 2 })).rejects.toBeInstanceOf(Killed);
    await commitTexts(lake, 'run-3', { [NEW]: '{"id":"3"}\n' });
    pretendKilled(lake.root);

    const next = await openLake(lake.root);

    expect((await verifyLake(next)).problems).toEqual([]);
    expect((await snapshot(lake.root))[NEW]).toBe('{"id":"3"}\n');
  });

  it('does not undo what a later run wrote when a run with several commits dies in its second', async () => {
    const lake = await prepared();
    await commitTexts(lake, 'run-2', change.texts, change);
    await commitTexts(lake, 'run-3', { [REMOVED]: '{"id":"3"}\n' });
    await lake.begin('run-2', 1);
    pretendKilled(lake.root);

    const next = await openLake(lake.root);

    expect((await verifyLake(next)).problems).toEqual([]);
    expect(existsSync(join(lake.root, REMOVED))).toBe(true);
  });
});
