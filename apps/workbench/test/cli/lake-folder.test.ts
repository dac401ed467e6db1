import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Lake } from '@pulselake/lake';
import { describe, expect, test } from 'vitest';
import { NOW_MS } from './support/run-command.js';
import { FILE_NAMES, GOOD, HEADER, KINDS, row } from './support/records.js';
import { folderOfTest, lakeOfTest, SmallLake } from './support/small-lake.js';

const READING = [['sql', 'SELECT 1'], ['report'], ['runs'], ['verify'], ['serve', '--port', '0']];
// Any file that is there: it is not read.
const FILE = fileURLToPath(import.meta.url);
const WRITING = [
  ['ingest', 'metrics', FILE],
  ['ingest', 'events', '-'],
  ['ingest', 'logs', FILE],
  ['start', '--once'],
];

describe('a folder that is no lake', () => {
  test.each(READING)('fails for %s and stays as it was', async (...args) => {
    const lake = await lakeOfTest();
    const { exitCode, stdout, stderr } = await lake.run(args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${lake.root} is not a lake. Name one with --lake DIR`);
    await expect(readdir(lake.root)).rejects.toThrow('ENOENT');
  });

  test.each(WRITING)('fails for %s when it holds something else, and stays as it was', async (...args) => {
    const folder = await folderOfTest();
    await writeFile(join(folder, 'letter.txt'), 'dear');
    const { exitCode, stdout, stderr } = await new SmallLake(folder).run(args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('is neither a lake nor empty: it holds letter.txt');
    expect(await readdir(folder)).toEqual(['letter.txt']);
  });

  test.each([...READING, ...WRITING])('fails for %s when it is a file', async (...args) => {
    const path = join(await folderOfTest(), 'lake');
    await writeFile(path, 'dear');
    const { exitCode, stderr } = await new SmallLake(path).run(args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/is not a lake|is not a folder/);
    expect(await readFile(path, 'utf8')).toBe('dear');
  });
});

describe('a lake that is not there', () => {
  test.each(KINDS)('is not made by an ingest of %s that names no file', async (kind) => {
    const lake = await lakeOfTest();
    expect((await lake.run(['ingest', kind, join(lake.root, 'missing')])).exitCode).toBe(1);
    await expect(readdir(lake.root)).rejects.toThrow('ENOENT');
  });
});

describe('a lake that another version made', () => {
  test.each([...READING, ...WRITING])('fails for %s when the version is later', async (...args) => {
    const folder = await folderOfTest();
    await writeFile(join(folder, 'lake.json'), '{"format":"pulselake","version":2}\n');
    const { exitCode, stdout, stderr } = await new SmallLake(folder).run(args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('was made by a later pulselake (layout 2; this one knows 1). Update pulselake.');
    expect(await readdir(folder)).toEqual(['lake.json']);
  });

  test.each(['{', '{"format":"other","version":1}', 'null'])('fails when its mark is %s', async (mark) => {
    const folder = await folderOfTest();
    await writeFile(join(folder, 'lake.json'), mark);
    const { exitCode, stderr } = await new SmallLake(folder).run(['verify']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('lake.json is damaged. It must be {"format":"pulselake","version":1}.');
  });
});

describe('two commands on one lake', () => {
  async function filesOfTest(): Promise<Record<(typeof KINDS)[number], string>> {
    const folder = await folderOfTest();
    for (const kind of KINDS) await writeFile(join(folder, FILE_NAMES[kind]), GOOD[kind]);
    const path = (kind: (typeof KINDS)[number]) => join(folder, FILE_NAMES[kind]);
    return { metrics: path('metrics'), events: path('events'), logs: path('logs') };
  }

  const openLake = (lake: SmallLake, command: string) =>
    Lake.open(lake.root, { command, clock: () => NOW_MS, create: true });

  test('at once both end right', async () => {
    const paths = await filesOfTest();
    const lake = await lakeOfTest();
    await lake.ingest(['metrics', paths.metrics]);
    const results = await Promise.all([lake.ingest(['events', paths.events]), lake.ingest(['logs', paths.logs])]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(results.map(({ document }) => document.counts.accepted)).toEqual([2, 2]);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test.each(KINDS)('which bring the same file of %s at once take it once', async (kind) => {
    const paths = await filesOfTest();
    const lake = await lakeOfTest();
    await lake.ingest([kind === 'metrics' ? 'events' : 'metrics', paths[kind === 'metrics' ? 'events' : 'metrics']]);
    const results = await Promise.all([lake.ingest([kind, paths[kind]]), lake.ingest([kind, paths[kind]])]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const statuses = results.map(({ document }) => document.inputs[0]!.status);
    expect(statuses.sort()).toEqual(['ingested', 'unchanged']);
    expect((await lake.verify()).exitCode).toBe(0);
    expect(await lake.keys('_staging')).toEqual([]);
  });

  test('on two days of one report at once give the sum of both', async () => {
    const folder = await folderOfTest();
    const lake = await lakeOfTest();
    await openLake(lake, 'make');
    const paths = ['a', 'b', 'c'].map((name) => join(folder, `${name}.txt`));
    for (const [index, path] of paths.entries()) {
      await writeFile(path, GOOD.logs.replaceAll('/api', `/target/${index}`));
    }
    const results = await Promise.all(paths.map((path) => lake.ingest(['logs', path])));
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(await lake.number('SELECT sum(total_requests) FROM traffic_reports')).toBe(6);
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('the second waits for the first and says for whom', async () => {
    const { metrics } = await filesOfTest();
    const lake = await lakeOfTest();
    const holder = await openLake(lake, 'pulselake compact');
    let waiting: ReturnType<SmallLake['run']> | undefined;
    await holder.locked(async () => {
      waiting = lake.run(['ingest', 'metrics', metrics]);
      await new Promise((resolve) => setTimeout(resolve, 150));
    });
    const { exitCode, stderr } = await waiting!;
    expect(stderr).toContain(`The lake is in use by "pulselake compact" (process ${process.pid}). Waiting for it.`);
    expect(exitCode).toBe(0);
  });

  test.each([...READING.slice(0, 4), ...WRITING])(
    'fails for %s with --no-wait and says who holds it',
    async (...args) => {
      const lake = await lakeOfTest();
      const holder = await openLake(lake, 'pulselake compact');
      await holder.locked(async () => {
        const { exitCode, stdout, stderr } = await lake.run([...args, '--no-wait']);
        expect([exitCode, stdout]).toEqual([1, '']);
        expect(stderr).toContain('The lake is in use by "pulselake compact"');
      });
    },
  );

  test('a wait ends when the user ends it', async () => {
    const lake = await lakeOfTest();
    const holder = await openLake(lake, 'pulselake compact');
    await holder.locked(async () => {
      const { exitCode, stderr } = await lake.run(['runs'], { signal: AbortSignal.timeout(100) });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('Stopped.');
    });
  });
});

test('a lake whose landing folder was filled before it was made is a lake', async () => {
  const lake = await lakeOfTest();
  await mkdir(join(lake.root, 'landing'), { recursive: true });
  const path = join(lake.root, 'landing', 'a.csv');
  await writeFile(path, `${HEADER}\n${row()}\n`);
  expect((await lake.ingest(['metrics', path])).exitCode).toBe(0);
});
