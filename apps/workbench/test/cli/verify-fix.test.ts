import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { FILE_NAMES, GOOD } from './support/records.js';
import { folderOfTest, lakeOfTest } from './support/small-lake.js';

test('verify --fix removes files that came back, and nothing that it does not know', async () => {
  const lake = await lakeOfTest();
  const folder = await folderOfTest();
  const path = join(folder, FILE_NAMES.events);
  await writeFile(path, GOOD.events);
  await lake.ingest(['events', path]);
  const [old] = await lake.keys('windowed_metrics');
  await copyFile(join(lake.root, old!), join(folder, 'copy'));
  await lake.run(['forget', path]);
  await mkdir(dirname(join(lake.root, old!)), { recursive: true });
  await copyFile(join(folder, 'copy'), join(lake.root, old!));
  const foreign = 'windowed_metrics/dt=2024-05-31/mine.parquet';
  await copyFile(join(folder, 'copy'), join(lake.root, foreign));

  const first = await lake.verify();
  expect(first.exitCode).toBe(1);
  expect(first.stdout).toContain(`${old}: Run removal-`);
  expect(first.stdout).toContain(`${foreign}: No run of the ledger lists this file.`);

  const fixed = await lake.verify(['--fix']);
  expect(fixed.stderr).toBe(`Removed ${old}\n`);
  expect(fixed.exitCode).toBe(1);
  expect(await lake.keys('windowed_metrics')).toEqual([foreign]);
  expect(fixed.stdout).toContain(foreign);
});
