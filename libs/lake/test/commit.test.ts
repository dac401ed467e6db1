import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Lake, LakeError, nextSequence, verifyLake } from '../src/index.js';
import { describe, expect, it } from 'vitest';
import { commitTexts, draftOf, openLake, snapshot, stageTexts } from './support/lakes.js';
import { temporaryFolder } from './support/temporary-folder.js';

const REPORT = 'traffic_reports/report_date=2024-03-01/report.json';
const OTHER = 'traffic_reports/report_date=2024-03-02/report.json';
const ROW = '{"id":"0","source":"a","target":"b","totalRequests":1,"failedRequests":0}\n';

describe('a transaction', () => {
  it('shows nothing in the tables or the ledger before its commit', async () => {
    const lake = await openLake(temporaryFolder());
    const before = await snapshot(lake.root);

    const transaction = await lake.begin('run-1');
    await stageTexts(transaction, { [REPORT]: ROW });

    const added = Object.keys(await snapshot(lake.root)).filter((key) => !(key in before));
    expect(added.length).toBeGreaterThan(0);
    expect(added.filter((key) => !key.startsWith('_staging/'))).toEqual([]);
    expect((await lake.ledger()).runs).toEqual([]);
  });

  it('lists rows, bytes and digest of each file in the ledger once it is committed', async () => {
    const lake = await openLake(temporaryFolder());

    await commitTexts(lake, 'run-1', { [REPORT]: ROW, [OTHER]: '' });

    const { runs } = await lake.ledger();
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ runId: 'run-1', sequence: 1, rowsWritten: 1 });
    expect(runs[0]!.replaced).toBeUndefined();
    expect(runs[0]!.outputs).toEqual([
      { uri: REPORT, rows: 1, bytes: ROW.length, sha256: createHash('sha256').update(ROW).digest('hex') },
      { uri: OTHER, rows: 0, bytes: 0, sha256: createHash('sha256').digest('hex') },
    ]);
    expect(readFileSync(join(lake.root, REPORT), 'utf8')).toBe(ROW);
    expect(readdirSync(join(lake.root, '_staging'))).toEqual([]);
  });

  it('lists the files of earlier runs that it overwrites or removes', async () => {
    const lake = await openLake(temporaryFolder());
    await commitTexts(lake, 'run-1', { [REPORT]: ROW, [OTHER]: ROW });

    const run = await commitTexts(lake, 'run-2', { [REPORT]: `${ROW}${ROW}` }, { remove: [OTHER] });

    expect(run.replaced).toEqual([REPORT, OTHER]);
    expect(run.sequence).toBe(2);
    expect(readFileSync(join(lake.root, REPORT), 'utf8')).toBe(`${ROW}${ROW}`);
    expect(existsSync(join(lake.root, OTHER))).toBe(false);
  });

  it('keeps the files of its earlier commits in its one ledger entry', async () => {
    const lake = await openLake(temporaryFolder());
    const beginning = await lake.begin('run-1');
    await stageTexts(beginning, { [REPORT]: ROW });
    const first = await lake.locked(({ runs }) =>
      beginning.commit(draftOf('run-1', { status: 'running' }), { sequence: nextSequence(runs) }),
    );

    const transaction = await lake.begin('run-1', 1);
    await stageTexts(transaction, { [OTHER]: ROW });
    await lake.locked(({ runs }) =>
      transaction.commit(draftOf('run-1'), { sequence: nextSequence(runs), earlier: first.outputs }),
    );

    const { runs } = await lake.ledger();
    expect(runs.map(({ runId, sequence, rowsWritten }) => ({ runId, sequence, rowsWritten }))).toEqual([
      { runId: 'run-1', sequence: 2, rowsWritten: 2 },
    ]);
    expect(runs[0]!.outputs.map(({ uri }) => uri)).toEqual([REPORT, OTHER]);
  });

  it('leaves nothing behind when it is aborted', async () => {
    const lake = await openLake(temporaryFolder());
    const before = await snapshot(lake.root);
    const transaction = await lake.begin('run-1');
    await stageTexts(transaction, { [REPORT]: ROW });

    await transaction.abort();

    expect(await snapshot(lake.root)).toEqual(before);
  });
});

describe('a lake', () => {
  it('fails to open a folder that is not a lake unless it may make one', async () => {
    const root = temporaryFolder();
    await expect(openLake(root, { create: false })).rejects.toThrow(LakeError);
    await openLake(root);
    await expect(openLake(root, { create: false })).resolves.toBeInstanceOf(Lake);
  });

  it('fails to be made in a folder that holds something else', async () => {
    const root = temporaryFolder();
    await openLake(join(root, 'nested/lake'));
    await expect(openLake(root)).rejects.toThrow(/neither a lake nor empty: it holds nested/);
  });

  it.each([
    ['a later version', '{"format":"pulselake","version":2}\n', /later pulselake \(layout 2/],
    ['a damaged marker', '{"format":"puls', /damaged/],
    ['no version', 'null\n', /damaged/],
    ['an older version', '{"format":"pulselake","version":0}\n', /damaged/],
  ])('fails to open a lake with %s', async (_, marker, message) => {
    const lake = await openLake(temporaryFolder());
    await lake.files.write(join(lake.root, 'lake.json'), marker);
    await expect(openLake(lake.root)).rejects.toThrow(message);
  });

  it('names runs by stage and time, each differently', async () => {
    const lake = await openLake(temporaryFolder());
    const ids = [lake.newRunId('redrive'), lake.newRunId('redrive')];
    expect(ids[0]).toMatch(/^redrive-20240302T120000000Z-[0-9a-f]{8}$/);
    expect(new Set(ids).size).toBe(2);
  });

  it('is clean when it is new', async () => {
    const lake = await openLake(temporaryFolder());
    expect(await verifyLake(lake)).toEqual({ runs: 0, files: 0, bytes: 0, recordsRead: 0, problems: [] });
  });
});
