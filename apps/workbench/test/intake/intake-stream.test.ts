import { join } from 'node:path';
import { DEFAULT_WINDOW_SETTINGS } from '@pulselake/data-model';
import { Lake, type LakeFiles, nodeLakeFiles } from '@pulselake/lake';
import { expect, test } from 'vitest';
import { createIntakeApp } from '../../src/intake/create-intake-app.js';
import { IntakeStream } from '../../src/intake/intake-stream.js';
import { event } from '../cli/support/records.js';
import { folderOfTest, SmallLake } from '../cli/support/small-lake.js';
import { DyingFiles } from '../support/dying-files.js';

const NOW_MS = Date.parse('2024-05-31T10:00:00Z');

async function setUp(retryMs: number, dying = new DyingFiles(), files = dying.files) {
  const small = new SmallLake(join(await folderOfTest(), 'lake'));
  const clock = () => NOW_MS;
  const lake = await Lake.open(small.root, { command: 'test', clock, create: true, files });
  const failures: string[] = [];
  const stream = new IntakeStream(lake, {
    settings: DEFAULT_WINDOW_SETTINGS,
    clock,
    retryMs,
    onFailure: (error) => failures.push((error as Error).message),
  });
  const app = createIntakeApp({ session: () => stream.session() });
  const post = async (value: number) => {
    const body = event('10:00:00', value);
    const response = await app.request('/events', { method: 'POST', headers: { host: 'localhost' }, body });
    return [response.status, response.headers.get('retry-after')];
  };
  return { small, dying, failures, stream, post };
}

test('a stream that failed is answered with 503, and opened again with all that was answered before', async () => {
  const { small, dying, failures, stream, post } = await setUp(0);
  expect(await post(1)).toEqual([200, null]);
  dying.dieAt = dying.calls + 1;
  expect(await post(2)).toEqual([503, '5']);
  expect(await post(4)).toEqual([503, '5']);
  expect(new Set(failures)).toEqual(new Set(['no space left']));
  dying.dieAt = Infinity;
  expect(await post(8)).toEqual([200, null]);
  await stream.close();
  expect(await small.number('SELECT sum(sum_value) FROM windowed_metrics_current')).toBe(9);
  expect(await small.keys('_journal')).toEqual([]);
  expect((await small.verify()).exitCode).toBe(0);
});

test('a stream that failed is left alone for a while, and nothing of it is lost when the intake ends', async () => {
  const { small, dying, failures, stream, post } = await setUp(60_000);
  expect(await post(1)).toEqual([200, null]);
  dying.dieAt = dying.calls + 1;
  expect(await post(2)).toEqual([503, '5']);
  dying.dieAt = Infinity;
  const { calls } = dying;
  expect(await post(4)).toEqual([503, '5']);
  expect(dying.calls).toBe(calls);
  expect(failures).toEqual(['no space left']);
  await stream.close();
  await expect(stream.session()).rejects.toThrow('being closed');
  expect(await small.number('SELECT sum(sum_value) FROM windowed_metrics_current')).toBe(1);
  expect((await small.verify()).exitCode).toBe(0);
});

test('requests are answered when their events are synced, and those that come meanwhile share the next sync', async () => {
  let syncs = 0;
  let gate: Promise<unknown> = Promise.resolve();
  const files: LakeFiles = {
    ...nodeLakeFiles,
    openAppend: (path) => {
      const file = nodeLakeFiles.openAppend(path);
      const sync = async () => {
        syncs++;
        await gate;
        await file.sync();
      };
      return { ...file, sync };
    },
  };
  const { stream, post } = await setUp(0, new DyingFiles(), files);
  await post(1);
  let release: (value?: unknown) => void = () => undefined;
  gate = new Promise((resolve) => (release = resolve));
  syncs = 0;
  let answered = 0;
  const posts = Array.from({ length: 30 }, async (_, value) => {
    await post(value);
    answered++;
  });
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect([answered, syncs]).toEqual([0, 1]);
  release();
  await Promise.all(posts);
  expect(syncs).toBeLessThanOrEqual(3);
  await stream.close();
});
