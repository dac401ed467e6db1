import { join } from 'node:path';
import type { PipelineRun } from '@pulselake/data-model';
import { describe, expect, test } from 'vitest';
import { deliverUntil } from './support/deliver.js';
import { fitting, recordsOfShards, sentinel } from './support/event-files.js';
import { query, rejectsOf, windowDifferences } from './support/lake-rows.js';
import { pulselake, pulselakeJson } from './support/run-program.js';
import { NOW, startEngines } from './support/engines.js';

const SCALE = process.env['PULSELAKE_PROOF'] === 'full' ? 4 : 0.5;
/** A day: then many events correct a window, and some are still too late. */
const LATENESS = { allowedLatenessSeconds: '3600' };

const REVISIONS = `SELECT concat_ws(chr(31), component_name, metric_name, unit, CAST(from_timestamp AS VARCHAR)) AS key,
  max(revision) AS revision FROM windowed_metrics
  WHERE dt >= '0001-01-01' AND component_name <> 'sentinel' GROUP BY 1 HAVING max(revision) > 0 ORDER BY 1`;
const LATE = `SELECT raw FROM rejected_records WHERE dt >= '0001-01-01' AND reason = 'late' ORDER BY 1`;

describe('one shard through Flink and through the embedded stream', () => {
  test('gives the same late events, duplicates, corrections and revisions, and the same rows before and after redrive', async () => {
    const { data, lake, embedded, kinesis, job } = await startEngines(LATENESS);
    const generate = ['generate', '--preset', 'faulty', '--seed', '5', '--now', NOW, '--out', data];
    await pulselakeJson([...generate, '--scale', String(SCALE)]);
    const [shard] = await recordsOfShards(join(data, 'events'));
    const records = [...fitting(shard!), sentinel(NOW, 0)];

    const lines = Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')]));
    const lateness = ['--allowed-lateness-seconds', LATENESS.allowedLatenessSeconds];
    await pulselakeJson(['ingest', 'events', '-', '--now', NOW, ...lateness, '--lake', embedded], lines);

    await kinesis.makeStream('metric-events', 1);
    await kinesis.makeStream('windowed-metrics', 1);
    await kinesis.put('metric-events', 0, records.slice(0, 1));
    job.start();
    await job.until(({ read }) => read === 1);
    await job.startHold();
    await kinesis.put('metric-events', 0, records.slice(1));
    const account = await job.until(({ read, open }) => read === records.length && open === 1);
    await deliverUntil(account['rowsWritten']!, { lake, endpoint: kinesis.endpoint });
    await job.kill();

    const { runs } = await pulselakeJson<{ runs: PipelineRun[] }>(['runs', '--lake', embedded]);
    const run = runs.find(({ stage }) => stage === 'stream-windows');
    expect({
      read: account['read'],
      accepted: account['accepted'],
      duplicate: account['duplicate'],
      late: account['late'],
      corrected: account['windowsCorrected'],
    }).toEqual({
      read: run!.counts.read,
      accepted: run!.counts.accepted,
      duplicate: run!.counts.duplicate,
      late: run!.rejectedByReason.late,
      corrected: run!.windowsCorrected,
    });
    expect(account['late']).toBeGreaterThan(10);
    expect(account['windowsCorrected']).toBeGreaterThan(10);
    expect(await query(lake, REVISIONS)).toEqual(await query(embedded, REVISIONS));
    expect(await query(lake, LATE)).toEqual(await query(embedded, LATE));
    expect(await rejectsOf(lake)).toEqual(await rejectsOf(embedded));
    const apartFromSentinel = async () =>
      (await windowDifferences(embedded, lake)).filter((text) => !text.includes('sentinel'));
    expect(await apartFromSentinel()).toEqual([]);

    for (const each of [embedded, lake])
      await pulselakeJson(['redrive', '--reason', 'late', '--now', NOW, '--lake', each]);
    expect(await apartFromSentinel()).toEqual([]);
    const proof = await pulselake(['verify', '--lake', lake]);
    expect(proof.exitCode, proof.stdout).toBe(0);
    process.stderr.write(
      `one shard: ${records.length} records, ${account['late']} late, ${account['windowsCorrected']} corrected\n`,
    );
  });
});
