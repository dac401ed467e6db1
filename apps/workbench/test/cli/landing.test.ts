import { appendFile, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LandingFiles } from '../../src/landing/landing-files.js';
import { call, event, GOOD, HEADER, row } from './support/records.js';
import { folderOfTest, lakeOfTest, type SmallLake } from './support/small-lake.js';
import { whileServing } from './support/while-serving.js';

async function put(lake: SmallLake, name: string, text: string): Promise<string> {
  const path = join(lake.root, 'landing', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const runsOf = async (lake: SmallLake) => (await lake.ledger()).map(({ stage, status }) => `${stage} ${status}`).sort();

describe('start --once', () => {
  test('takes what lies in the landing folder, each kind by its pipeline, and makes no demo', async () => {
    const lake = await lakeOfTest();
    await put(lake, 'metrics/dt=2024-05-31/cart-service.csv', GOOD.metrics);
    await put(lake, 'events/a.ndjson', GOOD.events);
    await put(lake, 'access-logs/dt=2024-05-31/order-service-2024-05-31.txt', GOOD.logs);
    await put(lake, 'access-logs/.hidden', call());
    await put(lake, 'metrics/half.csv.part', HEADER);
    const { exitCode, stdout } = await lake.run(['start', '--once', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ingested: 3, failed: 0, recordsRead: 6, problems: 0 });
    expect(await lake.keys('demo')).toEqual([]);
    const again = JSON.parse((await lake.run(['start', '--once', '--json'])).stdout) as unknown;
    expect(again).toMatchObject({ ingested: 0, unchanged: 0, recordsRead: 6, runs: 3 });
  });

  test('fails when a file there is no input, and leaves it alone with --no-watch', async () => {
    const lake = await lakeOfTest();
    await put(lake, 'metrics/bad.csv', 'neither');
    const unwatched = await lake.run(['start', '--once', '--json', '--no-watch']);
    expect(JSON.parse(unwatched.stdout)).toMatchObject({ ingested: 0, failed: 0, runs: 0 });
    const { exitCode, stderr } = await lake.run(['start', '--once']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('bad.csv: The header lacks')]);
  });
});

describe('serve', () => {
  test('takes files that appear in the landing folder, again when they have grown, and failed ones when they change', async () => {
    const lake = await lakeOfTest();
    await lake.ingest(['events', '-', '--mode', 'bounded']);
    const { exitCode, stderr } = await whileServing(lake, ['serve'], async () => {
      const path = await put(lake, 'metrics/cart.csv', `${HEADER}\n${row()}\n`);
      const bad = await put(lake, 'metrics/bad.csv', 'neither\n');
      const samples = () => lake.number('SELECT count(*) FROM windowed_metrics_current');
      await expect.poll(samples, { timeout: 15_000 }).toBe(1);
      // Two more looks, at which nothing is to be done.
      await new Promise((resolve) => setTimeout(resolve, 4500));
      await appendFile(path, `${row({ from: '10:05', to: '10:10' })}\n`);
      await writeFile(bad, `${HEADER}\n${row({ component: 'other' })}\n`);
      await expect.poll(samples, { timeout: 15_000 }).toBe(3);
    });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/✓ .*cart\.csv: 1 read, 1 accepted, 0 rejected\n/);
    expect(stderr.match(/✗ .*bad\.csv: The header lacks/g)).toHaveLength(1);
    expect(stderr).not.toContain('nothing to do');
    expect(stderr).toMatch(/✓ .*cart\.csv: 2 read, 2 accepted, 0 rejected\n/);
    expect(await runsOf(lake)).toEqual([
      'metrics-etl failed',
      'metrics-etl succeeded',
      'metrics-etl succeeded',
      'metrics-etl succeeded',
      'stream-windows succeeded',
    ]);
    expect((await lake.verify()).exitCode).toBe(0);
  }, 60_000);

  test('goes on when the landing folder cannot be read, says so once, and leaves it alone with --no-watch', async () => {
    const lake = await lakeOfTest();
    await lake.ingest(['events', '-', '--mode', 'bounded']);
    await put(lake, 'access-logs', 'no folder');
    const { stderr } = await whileServing(lake, ['serve'], () => new Promise((resolve) => setTimeout(resolve, 500)));
    expect(stderr.match(/could not be taken; it is tried again/g)).toHaveLength(1);
    expect(stderr).toContain('ENOTDIR');
    const unwatched = await whileServing(lake, ['serve', '--no-watch'], () => Promise.resolve());
    expect(unwatched.stderr).toBe('');
  });
});

describe('a look at the landing folder', () => {
  const setUp = async () => {
    const root = await folderOfTest();
    const path = async (name: string, text = 'x') => {
      await mkdir(dirname(join(root, 'landing', name)), { recursive: true });
      await writeFile(join(root, 'landing', name), text);
      return join(root, 'landing', name);
    };
    return { root, path };
  };
  const names = ({ metrics, events, logs }: Awaited<ReturnType<LandingFiles['look']>>) =>
    [...metrics, ...events, ...logs].map(({ path }) => path.slice(path.lastIndexOf('/') + 1));

  test('gives a file when it was the same two seconds before, until it is done with, and again when it changes', async () => {
    const { root, path } = await setUp();
    const landing = new LandingFiles(root, []);
    const one = await path('metrics/one.csv');
    expect(names(await landing.look(0))).toEqual([]);
    expect(names(await landing.look(1999))).toEqual([]);
    await writeFile(one, 'xy');
    expect(names(await landing.look(2000))).toEqual([]);
    expect(names(await landing.look(4000))).toEqual(['one.csv']);
    expect(names(await landing.look(6000))).toEqual(['one.csv']);
    landing.settle(one);
    expect(names(await landing.look(8000))).toEqual([]);
    await utimes(one, 1, 1);
    expect([names(await landing.look(10_000)), names(await landing.look(12_000))]).toEqual([[], ['one.csv']]);
    await rm(one);
    expect(names(await landing.look(14_000))).toEqual([]);
  });

  test('leaves out what is not finished, no regular file, or outside its folders, and gives the oldest first', async () => {
    const { root, path } = await setUp();
    const landing = new LandingFiles(root, []);
    for (const name of ['a.TMP', 'b.part', '.c', '.d/e.csv', 'f.tmp/g.csv']) await path(`metrics/${name}`);
    await path('other.csv');
    await path('elsewhere/h.csv');
    const young = await path('metrics/deep/er/young.csv');
    await utimes(await path('metrics/old.csv'), 1, 1);
    await symlink(young, join(root, 'landing/metrics/link.csv'));
    await symlink(root, join(root, 'landing/metrics/loop'));
    await landing.look(0);
    expect(names(await landing.look(2000))).toEqual(['old.csv', 'young.csv']);
    await rename(join(root, 'landing/metrics/b.part'), join(root, 'landing/metrics/b.csv'));
    await landing.look(4000);
    expect(names(await landing.look(6000))).toContain('b.csv');
  });

  test('finds a change among thousands of files that are done with', async () => {
    const { root, path } = await setUp();
    const landing = new LandingFiles(root, []);
    const paths = [];
    for (let index = 0; index < 2500; index++) paths.push(await path(`events/${index}.ndjson`));
    await landing.look(0);
    for (const { path: stable } of (await landing.look(2000)).events) landing.settle(stable);
    await landing.look(4000);
    await writeFile(paths[1234]!, event('10:00:00'));
    const found = [];
    for (let look = 0; look < 4; look++) found.push(...names(await landing.look(6000 + look * 2000)));
    expect(found).toContain('1234.ndjson');
    expect(new Set(found).size).toBe(1);
  });
});
