import { join } from 'node:path';
import { expect } from 'vitest';
import { deliverUntil } from './deliver.js';
import { type Engines, NOW } from './engines.js';
import { fitting, recordsOfShards, sentinel } from './event-files.js';

/** Records that tell the job of both shards, before the bulk of them. */
const FIRST = 100;

/**
 * Sends a data set's events through Kinesis and Flink and delivers the windows, all but those of the last event of each
 * shard, which moves the watermark and stays open. The job has ended then.
 *
 * @returns records sent, windows delivered, and what the job counted
 */
export async function streamEvents({ data, lake, kinesis, job }: Engines) {
  await kinesis.makeStream('metric-events', 2);
  await kinesis.makeStream('windowed-metrics', 2);
  const streams = (await recordsOfShards(join(data, 'events'))).map((records, shard) => [
    ...fitting(records),
    sentinel(NOW, shard),
  ]);
  let sent = await kinesis.putSideBySide(
    'metric-events',
    streams.map((records) => records.slice(0, FIRST)),
  );
  job.start();
  await job.until(({ read }) => read === sent);
  await job.startHold();
  sent += await kinesis.putSideBySide(
    'metric-events',
    streams.map((records) => records.slice(FIRST)),
  );
  const account = await job.until(({ read, open }) => read === sent && open === 2, { timeoutMs: 300_000 });
  const delivered = await deliverUntil(account['rowsWritten']!, { lake, endpoint: kinesis.endpoint });
  expect(delivered).toBe(account['rowsWritten']);
  await job.kill();
  return { sent, delivered, account };
}
