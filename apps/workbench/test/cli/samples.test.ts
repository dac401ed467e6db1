import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NOW_MS } from './support/run-command.js';
import { copySamples, expectedSample } from './support/samples.js';
import { makeFolder, SmallLake } from './support/small-lake.js';

const DAY = `strftime(from_timestamp, '%Y-%m-%d')`;

describe.each(['plain', 'gzip'] as const)('the samples as %s files', (form) => {
  let folder: string;
  let lake: SmallLake;

  beforeAll(async () => {
    folder = await makeFolder();
    lake = new SmallLake(join(folder, 'lake'));
    await copySamples(folder, form);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('every file is taken, and not a record of them is rejected', async () => {
    const metrics = await lake.ingest(['metrics', join(folder, 'metrics-csv')]);
    const events = await lake.ingest(['events', join(folder, 'metric-events')]);
    const logs = await lake.ingest(['logs', join(folder, 'access-logs')]);
    expect([metrics.exitCode, events.exitCode, logs.exitCode]).toEqual([0, 0, 0]);
    expect(metrics.document.counts).toMatchObject({ read: 10_000, accepted: 10_000 });
    expect(events.document.counts).toMatchObject({ read: 800, accepted: 800 });
    expect(logs.document.counts).toMatchObject({ read: 8400, accepted: 6800, external: 1600, rejected: 0 });
    expect(logs.document.inputs.map(({ status }) => status)).toEqual(Array(37).fill('ingested'));
    expect((await lake.verify()).exitCode).toBe(0);
  });

  test('each component has its rows on each day', async () => {
    const expected = await expectedSample('metrics-csv-rows-per-component-and-day');
    const rows = await lake.rows(
      `SELECT component_name AS "componentName", ${DAY} AS day, CAST(count(*) AS VARCHAR) AS "rows"
      FROM windowed_metrics_current WHERE source = 'batch' GROUP BY ALL`,
    );
    expect(byText(rows)).toEqual(byText(expected));
  });

  test('each metric has its extremes and its mean of midpoints on each day', async () => {
    const expected = await expectedSample('metrics-csv-per-metric-and-day');
    const rows = await lake.rows(
      `SELECT component_name AS c, metric_name AS m, unit AS u, ${DAY} AS d, count(*) AS n, min(min_value) AS lowest,
        max(max_value) AS highest, avg((min_value + max_value) / 2) AS mid
      FROM windowed_metrics_current WHERE source = 'batch' GROUP BY ALL`,
    );
    const found = new Map(rows.map((row) => [[row['c'], row['m'], row['u'], row['d']].join(), row]));
    expect(found.size).toBe(expected.length);
    for (const row of expected) {
      const key = [row['componentName'], row['metricName'], row['unit'], row['day']].join();
      const { n, lowest, highest, mid } = found.get(key) ?? {};
      expect([key, n, lowest, highest]).toEqual([key, ...numbers(row, 'rows', 'minOfMin', 'maxOfMax')]);
      const [average] = numbers(row, 'avgOfMidpoint') as [number];
      expect(Math.abs(Number(mid) - average), key).toBeLessThanOrEqual(1e-9 * Math.abs(average));
    }
  });

  test('a batch without sums has no average', async () => {
    expect(await lake.number(`SELECT count(avg_value) FROM windowed_metrics_current WHERE source = 'batch'`)).toBe(0);
  });

  test('each pair of services has its calls on each day', async () => {
    const expected = await expectedSample('traffic-per-service-pair-and-day');
    const rows = await lake.rows(
      `SELECT source, target, report_date AS day, CAST(total_requests AS VARCHAR) AS "totalRequests" FROM traffic_reports`,
    );
    expect(expected.length).toBe(46);
    expect(byText(rows)).toEqual(byText(expected));
  });

  test('people called each service so often on each day', async () => {
    const expected = new Map<string, number>();
    for (const row of await expectedSample('calls-by-people-per-day')) {
      const key = [row['target'], row['day']].join();
      expected.set(key, (expected.get(key) ?? 0) + Number(row['totalRequests']));
    }
    const rows = await lake.rows(
      `SELECT target, report_date, sum(total_requests) AS calls FROM traffic_counts WHERE kind = 'user' GROUP BY ALL`,
    );
    const found = new Map(rows.map((row) => [[row['target'], row['report_date']].join(), row['calls'] as number]));
    expect(found).toEqual(expected);
  });

  test('each log file gave as many calls as it has lines', async () => {
    const lines = new Map<string, number>();
    const inputs = (await lake.ledger()).filter(({ stage }) => stage === 'traffic-report').flatMap((run) => run.inputs);
    const keys = await lake.keys('traffic_counts');
    for (const { uri, inputId } of inputs) {
      let calls = 0;
      for (const key of keys.filter((name) => name.includes(inputId))) {
        const text = await readFile(join(lake.root, key), 'utf8');
        for (const line of text.trimEnd().split('\n')) {
          calls += (JSON.parse(line) as { totalRequests: number }).totalRequests;
        }
      }
      lines.set(basename(uri).replace(/\.gz$/, ''), calls);
    }
    const expected = await expectedSample('log-lines-per-file');
    expect(lines).toEqual(new Map(expected.map(({ file, lines: count }) => [file, Number(count)])));
  });

  test('every event is in its window, with the exact extremes and count', async () => {
    const expected = await expectedSample('windows-5min-all-events');
    const rows = await lake.rows(
      `SELECT component_name AS c, metric_name AS m, unit AS u, from_timestamp AS f, to_timestamp AS t, min_value, max_value,
        sample_count, avg_value FROM windowed_metrics_current WHERE source = 'stream'`,
    );
    const found = new Map(
      rows.map((row) => [[row['c'], row['m'], row['u'], time(row['f']), time(row['t'])].join(), row]),
    );
    expect([expected.length, found.size]).toEqual([80, 80]);
    for (const row of expected) {
      const span = [time(row['windowStart']), time(row['windowEnd'])];
      const key = [row['componentName'], row['metricName'], row['unit'], ...span].join();
      const window = found.get(key) ?? {};
      expect([key, window['min_value'], window['max_value'], window['sample_count']]).toEqual([
        key,
        ...numbers(row, 'minValue', 'maxValue', 'count'),
      ]);
      const [average] = numbers(row, 'avgValue') as [number];
      expect(Math.abs(Number(window['avg_value']) - average), key).toBeLessThanOrEqual(1e-12 * Math.abs(average));
    }
  });

  test('the same samples in the other form are known already', async () => {
    const other = join(folder, 'other');
    await copySamples(other, form === 'plain' ? 'gzip' : 'plain');
    for (const [kind, directory] of [
      ['metrics', 'metrics-csv'],
      ['events', 'metric-events'],
      ['logs', 'access-logs'],
    ] as const) {
      const { exitCode, document } = await lake.ingest([kind, join(other, directory)], { clock: () => NOW_MS + 1000 });
      expect(exitCode).toBe(0);
      expect(document.runs).toEqual([]);
      expect(new Set(document.inputs.map(({ status }) => status))).toEqual(new Set(['unchanged']));
    }
  });
});

const byText = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();

const numbers = (row: Record<string, string>, ...names: string[]) => names.map((name) => Number(row[name]));

const time = (instant: unknown) => Date.parse(String(instant));
