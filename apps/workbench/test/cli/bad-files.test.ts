import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FILE_NAMES, GOOD, HEADER, type Kind, KINDS, row } from './support/records.js';
import { folderOfTest, lakeOfTest, type SmallLake } from './support/small-lake.js';

/** Nothing of a failed input may be in the lake but the note that it failed. */
async function expectNothingTaken(lake: SmallLake): Promise<void> {
  const tables = ['windowed_metrics', 'traffic_reports', 'traffic_counts', 'rejected_records'];
  const counts = tables.map((table) => `SELECT '${table}' AS name, count(*) AS rows FROM ${table}`);
  expect(await lake.rows(counts.join(' UNION ALL ').concat(' ORDER BY name'))).toEqual(
    tables.sort().map((name) => ({ name, rows: 0 })),
  );
  expect(await lake.keys('_staging')).toEqual([]);
  expect((await lake.verify()).exitCode).toBe(0);
}

const gzipOf = (kind: Kind) => gzipSync(GOOD[kind]);

/** Whole files that cannot be used, whatever their kind. */
const DAMAGED: readonly [string, string, (kind: Kind) => Buffer | string][] = [
  ['a gzip file that is cut off', 'damaged or cut off', (kind) => gzipOf(kind).subarray(0, -12)],
  [
    'a gzip file with a wrong checksum',
    'damaged or cut off',
    (kind) => {
      const bytes = gzipOf(kind);
      bytes[bytes.length - 6]! ^= 1;
      return bytes;
    },
  ],
  ['bytes behind the gzip data', 'damaged or cut off', (kind) => Buffer.concat([gzipOf(kind), Buffer.from('rest')])],
  ['zeros behind the gzip data', 'behind the end', (kind) => Buffer.concat([gzipOf(kind), Buffer.alloc(9)])],
  ['a plain file named .gz', 'is not a gzip file', (kind) => GOOD[kind]],
];

describe.each(KINDS)('ingest %s', (kind) => {
  test.each(DAMAGED)('fails on %s', async (_name, message, contentOf) => {
    const path = join(await folderOfTest(), `${FILE_NAMES[kind]}.gz`);
    await writeFile(path, contentOf(kind));
    const lake = await lakeOfTest();
    const { exitCode, document } = await lake.ingest([kind, path]);
    expect(exitCode).toBe(1);
    expect(document.inputs).toMatchObject([{ path, status: 'failed' }]);
    expect(document.inputs[0]!.message).toContain(message);
    expect(document.inputs[0]!.message).toContain(path);
    expect(await lake.ledger()).toMatchObject([
      { status: 'failed', error: document.inputs[0]!.message, rowsWritten: 0 },
    ]);
    await expectNothingTaken(lake);
  });

  test.each([
    ['a file that is not there', 'missing.csv', 'there is no such file'],
    ['a glob without a match', '*.nothing', 'matches no file'],
    ['an empty folder', 'empty', 'is a folder without files'],
    ['a link to nothing', 'dangling', 'is a link to nothing'],
    ['a pipe', 'pipe', 'is not a regular file'],
  ])('fails on %s', async (_name, argument, message) => {
    const folder = await folderOfTest();
    await mkdir(join(folder, 'empty'));
    await symlink(join(folder, 'gone'), join(folder, 'dangling'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const lake = await lakeOfTest();
    const { exitCode, stdout, stderr } = await lake.run(['ingest', kind, join(folder, argument)]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain(argument);
    // No lake is made for nothing.
    expect(existsSync(lake.root)).toBe(false);
  });

  test('an empty file is taken, with a word about it', async () => {
    const path = join(await folderOfTest(), FILE_NAMES[kind]);
    await writeFile(path, '');
    const lake = await lakeOfTest();
    const { exitCode, stderr, stdout } = await lake.run(['ingest', kind, path]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('It holds no record.');
    expect(stdout).toContain('0 records read');
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('fails with the bad file and takes the good one beside it', async () => {
    const folder = await folderOfTest();
    await writeFile(join(folder, FILE_NAMES[kind]), GOOD[kind]);
    await writeFile(join(folder, `bad-${FILE_NAMES[kind]}.gz`), 'no gzip');
    const lake = await lakeOfTest();
    const { exitCode, document } = await lake.ingest([kind, folder]);
    expect(exitCode).toBe(1);
    const statuses = document.inputs.map(({ path, status }) => [basename(path), status]);
    expect(Object.fromEntries(statuses)).toEqual({
      [FILE_NAMES[kind]]: 'ingested',
      [`bad-${FILE_NAMES[kind]}.gz`]: 'failed',
    });
    expect(document.counts).toMatchObject({ read: 2, accepted: 2 });
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('a file named twice, and once more as a gzip file, is one input', async () => {
    const folder = await folderOfTest();
    const path = join(folder, FILE_NAMES[kind]);
    await writeFile(path, GOOD[kind]);
    await writeFile(`${path}.gz`, gzipOf(kind));
    await symlink(path, join(folder, 'link'));
    const lake = await lakeOfTest();
    const { exitCode, document } = await lake.ingest([kind, path, `${path}.gz`, path, join(folder, 'link')]);
    expect(exitCode).toBe(0);
    expect(document.inputs.map(({ status }) => status).sort()).toEqual(['ingested', 'unchanged']);
    expect(document.counts.read).toBe(2);
    const again = await lake.ingest([kind, folder]);
    expect([again.exitCode, again.document.runs]).toEqual([0, []]);
    expect((await lake.verify()).exitCode).toBe(0);
  });
});

describe('ingest metrics of another format', () => {
  test.each([
    ['a header without a needed column', 'a.csv', `${HEADER.replace('unit', 'u')}\n${row()}\n`, 'unit'],
    ['binary data', 'a.csv', Buffer.from([0, 1, 2, 0xff, 0xfe, 10, 13, 200]), 'header'],
    ['JSON Lines named .csv', 'a.csv', GOOD.events, 'header'],
    ['an access log', 'a.txt', GOOD.logs, 'header'],
    ['text named .parquet', 'a.parquet', GOOD.metrics, 'is not a Parquet file'],
    ['gzip named .parquet', 'a.parquet.gz', gzipSync('PAR1'), 'is not a Parquet file'],
    ['a Parquet file that is cut off', 'a.parquet', `PAR1${'x'.repeat(400)}`, 'not a readable Parquet file'],
  ])('fails on %s', async (_name, name, content, message) => {
    const path = join(await folderOfTest(), name);
    await writeFile(path, content);
    const lake = await lakeOfTest();
    const { exitCode, document } = await lake.ingest(['metrics', path]);
    expect(exitCode).toBe(1);
    expect(document.inputs[0]!.message).toContain(message);
    expect(document.inputs[0]!.message).toContain(path);
    await expectNothingTaken(lake);
  });

  test('a header alone is taken, with a word about it', async () => {
    const path = join(await folderOfTest(), 'a.csv');
    await writeFile(path, HEADER);
    const lake = await lakeOfTest();
    const { exitCode, document } = await lake.ingest(['metrics', path, '--strict']);
    expect(exitCode).toBe(0);
    expect(document.inputs).toMatchObject([{ status: 'ingested', message: 'It holds no record.' }]);
  });
});
