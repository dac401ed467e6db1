import { DuckDbQueryEngine, type Lake } from '@pulselake/lake';
import { WindowSettingsSchema } from '@pulselake/data-model';
import { describe, expect, test } from 'vitest';
import { readErrorFile } from '../../src/ops/delivery-errors.js';
import { redriveRemote } from '../../src/ops/redrive-remote.js';
import { NOW_MS, StandInLake, STREAM, windowOf } from './stand-in-lake.js';

const settings = WindowSettingsSchema.parse({});

async function redrive(lake: StandInLake) {
  return redriveRemote(await lake.open(), { stream: STREAM, settings, nowMs: NOW_MS });
}

async function samples({ root }: Lake): Promise<unknown> {
  const engine = await DuckDbQueryEngine.open(root);
  try {
    const sql = `SELECT coalesce(sum(sample_count), 0) FROM windowed_metrics_current WHERE dt >= '0001-01-01'`;
    return (await engine.query(sql)).rows[0]?.[0];
  } finally {
    await engine.close();
  }
}

/** A lake whose job counted 7 events, of which Firehose delivered 4. */
async function brokenLake(): Promise<StandInLake> {
  const lake = new StandInLake();
  lake.account({ read: 7, accepted: 7 });
  await lake.deliver(1, [windowOf('cart', { samples: 4 })]);
  lake.fail([windowOf('shop', { samples: 3 })]);
  return lake;
}

describe('records that Firehose could not convert', () => {
  test('come home once, and the lake is proved', async () => {
    const lake = await brokenLake();
    expect((await lake.verify()).problems).toHaveLength(2);
    const { runs, published } = await redrive(lake);
    expect(runs.map(({ stage, counts }) => [stage, counts.read, counts.accepted])).toEqual([['delivery', 1, 1]]);
    expect(published).toBe(2);
    expect((await lake.verify()).problems).toEqual([]);
    expect(await samples((await lake.open()).lake)).toBe(7);
    lake.store.changes.length = 0;
    expect((await redrive(lake)).runs).toEqual([]);
    expect(lake.store.changes).toEqual([]);
  });

  test('are rejected with their reason when they are no windows', async () => {
    const lake = await brokenLake();
    lake.fail(['{', { componentName: 'x' }], 'delivery-errors/format-conversion-failed/2');
    const { runs } = await redrive(lake);
    expect(runs.map(({ counts }) => [counts.read, counts.accepted, counts.rejected])).toEqual([
      [1, 1, 0],
      [2, 0, 2],
    ]);
    expect((await lake.verify()).problems).toEqual([]);
  });

  test('come home by a second redrive when the first was cut off, and count once', async () => {
    const lake = await brokenLake();
    await lake.verify();
    let stored = 0;
    lake.store.onCall = (call) => {
      if (call === 'store' && ++stored === 2) throw new Error('The connection was reset');
    };
    await expect(redrive(lake)).rejects.toThrow('The connection was reset');
    lake.store.onCall = () => undefined;
    // The windows are there, the ledger's entry is not.
    expect((await lake.verify()).problems).toHaveLength(3);
    await redrive(lake);
    expect((await lake.verify()).problems).toEqual([]);
    expect(await samples((await lake.open()).lake)).toBe(7);
  });

  test('fail to come home when nobody knows their stream', async () => {
    const lake = new StandInLake();
    const key = lake.fail([windowOf('shop')]);
    const redriven = redriveRemote(await lake.open(), { settings, nowMs: NOW_MS });
    await expect(redriven).rejects.toThrow(`${key} holds records that Firehose could not convert. Name the stream`);
  });

  test('stay where they are when their file cannot be read whole', async () => {
    const lake = await brokenLake();
    const key = 'delivery-errors/format-conversion-failed/1';
    lake.store.objects.set(key, Buffer.from(`${lake.store.objects.get(key)!.toString()}\ntorn`));
    expect((await redrive(lake)).runs).toEqual([]);
    const { problems } = await lake.verify();
    expect(problems.find(({ subject }) => subject === key)?.message).toContain(
      '1 more lines of the file hold no record',
    );
  });
});

test('late events come home on AWS, once', async () => {
  const lake = new StandInLake();
  const at = '2024-05-01T12:01:00Z';
  const event = { componentName: 'cart', metricName: 'latency', unit: 'ms', value: 9, publicationTimestamp: at };
  const rejected = {
    ...{ stage: 'stream-windows', runId: 'stream-windows-job-2024-05-01', reason: 'late', message: '', line: 0 },
    ...{ inputId: 'flink.job', raw: JSON.stringify(event) },
  };
  const key = 'rejected/stage=stream-windows/dt=2024-05-01/flink.job.-1.jsonl';
  lake.store.objects.set(key, Buffer.from(`${JSON.stringify(rejected)}\n`));
  lake.account({ read: 5, accepted: 4 }, { late: 1 });
  await lake.deliver(1, [windowOf('cart', { samples: 4 })]);
  expect((await lake.verify()).problems).toEqual([]);
  const { runs } = await redrive(lake);
  expect(runs.map(({ stage, counts }) => [stage, counts.accepted])).toEqual([['redrive', 1]]);
  expect(await samples((await lake.open()).lake)).toBe(5);
  const again = await redrive(lake);
  expect([again.runs, again.already]).toEqual([[], 1]);
  expect((await lake.verify()).problems).toEqual([]);
});

test('a file of the error prefix is known by its key and its bytes', () => {
  const content = Buffer.from('{"rawData":"e30="}\n\n{"rawData":1}\n');
  const file = readErrorFile('delivery-errors/a', content, NOW_MS);
  expect([file.records.map((record) => Buffer.from(record).toString()), file.unreadable]).toEqual([['{}'], 1]);
  const other = readErrorFile('delivery-errors/b', content, NOW_MS);
  expect(other.input.inputId).not.toBe(file.input.inputId);
});
