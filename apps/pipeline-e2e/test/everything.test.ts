import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stepForRange } from '@pulselake/dashboards';
import { DuckDbQueryEngine } from '@pulselake/lake';
import { expect, onTestFinished, test } from 'vitest';
import { startAwsServices } from '../trino/support/aws-services.js';
import { definedQueries, inView } from '../trino/support/dashboard-queries.js';
import { rowDifferences } from '../trino/support/row-differences.js';
import { setUpPython } from '../trino/support/run-python.js';
import { downloadLake, runGlueScript, runSparkJob, uploadInOrder } from './support/batch-engines.js';
import { NOW, startEngines } from './support/engines.js';
import { query, rejectsOf, windowDifferences } from './support/lake-rows.js';
import { pulselake, pulselakeJson } from './support/run-program.js';
import { streamEvents } from './support/stream-events.js';

const FULL = process.env['PULSELAKE_PROOF'] === 'full';
const SEEDS = FULL ? [1, 2, 3] : [1];
/** 30,000 events, 60,000 log lines and 30,000 rows each, times this. */
const SCALE = FULL ? 7.5 : 0.5;
const REPORT =
  'SELECT report_date, id, source, target, total_requests, failed_requests FROM traffic_reports ORDER BY ALL';

test.each(SEEDS)('all real engines together give the lake that the embedded run gives (seed %i)', async (seed) => {
  const engines = await startEngines();
  const { folder, data, lake, embedded } = engines;
  setUpPython();
  const aws = await startAwsServices(folder);
  onTestFinished(() => aws.stop());
  const size = ['--seed', String(seed), '--scale', String(SCALE), '--now', NOW];
  await pulselakeJson(['generate', '--preset', 'faulty', ...size, '--out', data]);
  await pulselakeJson(['ingest', 'metrics', join(data, 'metrics'), '--now', NOW, '--lake', embedded]);
  await pulselakeJson(['ingest', 'events', join(data, 'events'), '--now', NOW, '--lake', embedded]);
  await pulselakeJson(['ingest', 'logs', join(data, 'access-logs'), '--lake', embedded]);
  const expected = await pulselake(['verify', '--expected', data, '--lake', embedded]);
  expect(expected.exitCode, expected.stdout).toBe(0);

  const { sent, delivered } = await streamEvents(engines);

  // The batches: the Glue script on S3, its prefix copied beside what the stream wrote; Spark on the folder.
  const files = await uploadInOrder(
    aws.s3,
    join(data, 'metrics'),
    'lake',
    `e2e/landing/metrics/dt=${NOW.slice(0, 10)}/`,
  );
  await runGlueScript('s3://lake/e2e', aws.endpoint, NOW);
  const copied = await downloadLake(aws.s3, 'lake', 'e2e/', lake);
  expect(copied).toBeGreaterThan(files);
  const days = (await readFile(join(data, 'expected/traffic_reports.jsonl'), 'utf8'))
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { reportDate: string }).reportDate]))
    .sort();
  await runSparkJob(lake, `${data}/access-logs/*`, { first: days[0]!, last: days.at(-1)! });

  const before = await pulselake(['verify', '--lake', lake]);
  expect(before.exitCode, before.stdout).toBe(0);
  await pulselakeJson(['redrive', '--reason', 'late', '--now', NOW, '--lake', lake]);
  expect(await windowDifferences(embedded, lake, 'stream')).toEqual([]);
  expect(await windowDifferences(embedded, lake, 'batch')).toEqual([]);
  expect(await query(lake, REPORT)).toEqual(await query(embedded, REPORT));
  // A record that Kinesis does not take cannot be rejected by Flink.
  const fits = (texts: readonly string[]) =>
    texts.filter((text) => !(text.startsWith('too-long') && text.length > 8_000));
  expect(await rejectsOf(lake, 'stream-windows')).toEqual(fits(await rejectsOf(embedded, 'stream-windows')));
  for (const stage of ['metrics-etl', 'traffic-report'])
    expect(await rejectsOf(lake, stage), stage).toEqual(await rejectsOf(embedded, stage));

  const [real, own] = await Promise.all([lake, embedded].map((root) => DuckDbQueryEngine.open(root)));
  onTestFinished(async () => {
    await Promise.all([real?.close(), own?.close()]);
  });
  const range = { fromMs: Date.parse(`${days[0]!}T00:00:00Z`), toMs: Date.parse(`${days.at(-1)!}T23:59:59Z`) };
  const view = {
    name: 'all',
    ...range,
    intervalMs: stepForRange({ ...range, maxPoints: 300 }),
    chosen: { day: [days.at(-2)!], compareDay: [days[0]!] },
  };
  const queries = inView(definedQueries(), view);
  for (const { name, duckDb } of queries) {
    const rows = await real!.query(duckDb);
    expect(rows.columns.length, name).toBeGreaterThan(0);
    // Health is about runs, which are others.
    if (!name.startsWith('pulselake-health'))
      expect(rowDifferences((await own!.query(duckDb)).rows, rows.rows), name).toEqual([]);
  }
  const after = await pulselake(['verify', '--lake', lake]);
  expect(after.exitCode, after.stdout).toBe(0);
  process.stderr.write(
    `seed ${seed}: ${sent} events, ${delivered} windows delivered, ${files} files of metrics, ${copied} objects copied, ${queries.length} queries\n${after.stdout}\n`,
  );
});
