import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { deliverUntil } from './support/deliver.js';
import { windowDifferences } from './support/lake-rows.js';
import { pulselake, pulselakeJson } from './support/run-program.js';
import { NOW, startEngines } from './support/engines.js';

const SERIES = 40;
/** Of event time, a second an event and series: hours, read in seconds. */
const PART = 300;

describe('a stream whose shards change while it is read', () => {
  test('loses nothing, and finds nothing late', async () => {
    const { kinesis, lake, embedded, job } = await startEngines({ idleTimeoutSeconds: '20' });
    await kinesis.makeStream('metric-events', 2);
    await kinesis.makeStream('windowed-metrics', 1);
    const all: Buffer[] = [];
    const put = async (part: number) => {
      const records = [...partOf(part)];
      all.push(...records.map(({ data }) => data));
      await kinesis.putByKey('metric-events', records);
    };

    await put(0);
    job.start();
    await job.until(({ read }) => read === all.length);
    await job.startHold();
    await put(1);
    const [first] = await kinesis.openShards('metric-events');
    await kinesis.split('metric-events', first!);
    await put(2);
    await put(3);
    await sleep(500);
    await put(4);
    const [low, high] = (await kinesis.openShards('metric-events')).sort((a, b) =>
      BigInt(a.HashKeyRange!.StartingHashKey!) < BigInt(b.HashKeyRange!.StartingHashKey!) ? -1 : 1,
    );
    await kinesis.merge('metric-events', low!, high!);
    await put(5);
    const account = await job.until(({ read }) => read === all.length);
    expect(account['late'] ?? 0).toBe(0);
    expect(account['windowsCorrected'] ?? 0).toBe(0);
    expect(account['accepted']).toBe(all.length);

    // What is still open is closed by the shards' silence, of parents and children alike.
    const closed = await job.until(({ open }) => open === 0, { timeoutMs: 480_000 });
    await deliverUntil(closed['rowsWritten']!, { lake, endpoint: kinesis.endpoint });
    const lines = Buffer.concat(all.flatMap((record) => [record, Buffer.from('\n')]));
    await pulselakeJson(['ingest', 'events', '-', '--mode', 'bounded', '--now', NOW, '--lake', embedded], lines);
    expect(await windowDifferences(embedded, lake)).toEqual([]);
    const proof = await pulselake(['verify', '--lake', lake]);
    expect(proof.exitCode, proof.stdout).toBe(0);
  });
});

function* partOf(part: number): Generator<{ key: string; data: Buffer }> {
  const startMs = Date.parse('2026-05-20T03:00:00Z');
  for (let step = 0; step < PART; step++) {
    for (let series = 0; series < SERIES; series++) {
      const componentName = `service-${series}`;
      const publicationTimestamp = new Date(startMs + (part * PART + step) * 10_000 + series).toISOString();
      const event = {
        componentName,
        metricName: 'latency',
        unit: 'ms',
        value: series + step / 7,
        publicationTimestamp,
      };
      yield { key: `${componentName}_latency`, data: Buffer.from(JSON.stringify(event)) };
    }
  }
}
