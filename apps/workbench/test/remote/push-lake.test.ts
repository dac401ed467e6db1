import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Lake, verifyLake } from '@pulselake/lake';
import { describe, expect, test } from 'vitest';
import { LakeMirror } from '../../src/remote/mirror-lake.js';
import { pushLake } from '../../src/remote/push-lake.js';
import { GOOD } from '../cli/support/records.js';
import { folderOfTest, lakeOfTest, type SmallLake } from '../cli/support/small-lake.js';
import { FakeObjectStore } from '../support/fake-object-store.js';

/** A lake with windows, rejected records and a report. */
async function smallLake(): Promise<SmallLake> {
  const lake = await lakeOfTest();
  const folder = await folderOfTest();
  await writeFile(join(folder, 'cart.csv'), `${GOOD.metrics}\ntorn,row`);
  await writeFile(join(folder, 'cart-2024-05-31.txt'), GOOD.logs);
  await lake.ingest(['metrics', join(folder, 'cart.csv')]);
  await lake.ingest(['logs', join(folder, 'cart-2024-05-31.txt')]);
  return lake;
}

const open = ({ root }: { root: string }) =>
  Lake.open(root, { command: 'test', clock: () => Date.parse('2024-06-01T12:00:00Z') });
const push = async (lake: SmallLake, store: FakeObjectStore) => pushLake(await open(lake), store);

/** What the bucket holds, as a lake in a folder. */
async function copyOf(store: FakeObjectStore): Promise<Lake> {
  const root = join(await folderOfTest(), 'copy');
  await new LakeMirror(store, root).update();
  return open({ root });
}

describe('a lake that is pushed', () => {
  test('is proved in the bucket as in the folder', async () => {
    const lake = await smallLake();
    const store = new FakeObjectStore();
    const { files, sent } = await push(lake, store);
    expect([files, sent]).toEqual([store.objects.size, store.objects.size]);
    const verification = await verifyLake(await copyOf(store));
    expect(verification.problems).toEqual([]);
    expect([verification.runs, verification.files]).toEqual([2, files - 3]);
  });

  test('comes with its data before its ledger', async () => {
    const store = new FakeObjectStore();
    await push(await smallLake(), store);
    const isLedger = store.changes.map((change) => change.startsWith('store pipeline_runs/'));
    expect(isLedger.indexOf(true)).toBe(isLedger.length - 2);
  });

  test('is not sent again when it is there', async () => {
    const lake = await smallLake();
    const store = new FakeObjectStore();
    await push(lake, store);
    store.changes.length = 0;
    expect((await push(lake, store)).sent).toBe(0);
    expect(store.changes).toEqual([]);
  });

  test('goes on where it was cut off, and sends nothing twice', async () => {
    const lake = await smallLake();
    const store = new FakeObjectStore();
    let stored = 0;
    store.onCall = (call) => {
      if (call === 'store' && ++stored > 2) throw new Error('The connection was reset');
    };
    await expect(push(lake, store)).rejects.toThrow('The connection was reset');
    // Whatever was cut off: no entry of the ledger is there before what it lists.
    expect([...store.objects.keys()].filter((key) => key.startsWith('pipeline_runs/'))).toEqual([]);
    store.onCall = () => undefined;
    const there = store.objects.size;
    expect(there).toBe(2);
    const { files, sent } = await push(lake, store);
    expect(sent).toBe(files - there);
    expect(new Set(store.changes).size).toBe(store.changes.length);
    expect((await verifyLake(await copyOf(store))).problems).toEqual([]);
  });

  test('sends what was changed in the bucket again', async () => {
    const lake = await smallLake();
    const store = new FakeObjectStore();
    await push(lake, store);
    const [key] = await lake.keys('windowed_metrics');
    const content = Buffer.from(store.objects.get(key!)!);
    content[20]! ^= 1;
    store.objects.set(key!, content);
    expect((await push(lake, store)).sent).toBe(1);
    expect((await verifyLake(await copyOf(store))).problems).toEqual([]);
  });

  test('takes out last what was merged meanwhile', async () => {
    const lake = await smallLake();
    const folder = await folderOfTest();
    await writeFile(join(folder, 'two.csv'), GOOD.metrics.replaceAll('cart', 'shop'));
    await lake.ingest(['metrics', join(folder, 'two.csv')]);
    const store = new FakeObjectStore();
    await push(lake, store);
    expect((await lake.run(['compact'])).exitCode).toBe(0);
    store.changes.length = 0;
    const { removed } = await push(lake, store);
    expect(removed).toBe(2);
    expect(store.changes.map((change) => change.split('/')[0])).toEqual([
      'store windowed_metrics',
      'store pipeline_runs',
      'remove windowed_metrics',
      'remove windowed_metrics',
    ]);
    expect((await verifyLake(await copyOf(store))).problems).toEqual([]);
  });

  test('fails on a bucket with another lake, and changes nothing', async () => {
    const store = new FakeObjectStore();
    await push(await smallLake(), store);
    store.changes.length = 0;
    await expect(push(await smallLake(), store)).rejects.toThrow(
      /s3:\/\/bucket\/lake holds a lake of its own: 2 of its runs/,
    );
    expect(store.changes).toEqual([]);
  });

  test('fails when the bucket loses what it was given', async () => {
    const store = new FakeObjectStore();
    const [lost] = ['lake.json'];
    store.onCall = (call, key) => {
      if (call === 'list' && key === '' && store.objects.size > 0) store.objects.delete(lost);
    };
    await expect(push(await smallLake(), store)).rejects.toThrow(/lake\.json is not what was sent/);
  });

  test('fails when a local file is not what its ledger says', async () => {
    const lake = await smallLake();
    const [key] = await lake.keys('windowed_metrics');
    await writeFile(join(lake.root, key!), 'something else');
    await expect(push(lake, new FakeObjectStore())).rejects.toThrow('BadDigest');
  });

  test('fails on what cannot be written, without a word of success', async () => {
    const store = new FakeObjectStore();
    store.onCall = (call) => {
      if (call === 'store') throw new Error('AWS does not allow this on "bucket". It needs s3:PutObject.');
    };
    await expect(push(await smallLake(), store)).rejects.toThrow('It needs s3:PutObject');
    expect(store.objects.size).toBe(0);
  });
});

describe('a mirror of a lake', () => {
  test('fetches only what has changed, and drops what is gone', async () => {
    const store = new FakeObjectStore();
    for (const key of ['lake.json', 'windowed_metrics/a', 'landing/metrics/x.csv', '_staging/y']) {
      store.objects.set(key, Buffer.from(key));
    }
    const mirror = new LakeMirror(store, join(await folderOfTest(), 'copy'));
    expect(await mirror.update()).toBe(true);
    expect([...mirror.remote.keys()].sort()).toEqual(['lake.json', 'windowed_metrics/a']);
    expect(await mirror.update()).toBe(false);
    expect(store.fetched).toBe(2);
    store.objects.set('windowed_metrics/b', Buffer.from('b'));
    store.objects.delete('windowed_metrics/a');
    expect(await mirror.update()).toBe(true);
    expect(await mirror.keys('windowed_metrics')).toEqual(['windowed_metrics/b']);
    expect(store.fetched).toBe(3);
  });

  test('takes an object that vanishes meanwhile for one that was never there', async () => {
    const store = new FakeObjectStore();
    store.objects.set('windowed_metrics/a', Buffer.from('a'));
    store.onCall = (call, key) => call === 'fetch' && store.objects.delete(key);
    const mirror = new LakeMirror(store, join(await folderOfTest(), 'copy'));
    await mirror.update();
    expect([...mirror.remote.keys(), ...(await mirror.keys('windowed_metrics'))]).toEqual([]);
  });

  test.each(['a/../../b', 'a//b', '../b', 'a\\b', 'a/./b'])('fails on the key %j, and writes nothing', async (key) => {
    const store = new FakeObjectStore();
    store.objects.set(key, Buffer.from('a'));
    const mirror = new LakeMirror(store, join(await folderOfTest(), 'copy'));
    await expect(mirror.update()).rejects.toThrow('which cannot be a file of a lake');
    expect(store.fetched).toBe(0);
  });
});
