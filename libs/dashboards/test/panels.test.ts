import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  DASHBOARDS,
  DATA_EXTENT_SQL,
  METRICS_DASHBOARD,
  expandForDuckDb,
  findDashboard,
  findPanel,
  resolveVariables,
  type Dashboard,
  type VariableValues,
} from '../src/index.js';
import { smallLake, type SmallLake } from './support/small-lake.js';

const NINE_TO_THREE = { fromMs: Date.parse('2024-03-01T09:00:00Z'), toMs: Date.parse('2024-03-01T15:00:00Z') };

let lake: SmallLake;
beforeAll(async () => {
  lake = await smallLake();
});
afterAll(() => {
  lake.close();
});

interface Asked {
  readonly variables?: VariableValues;
  readonly intervalMs?: number;
}

const run = (dashboard: Dashboard, sql: string, { variables = {}, intervalMs = 3_600_000 }: Asked = {}) =>
  lake.rowsOf(
    expandForDuckDb(sql, { ...NINE_TO_THREE, intervalMs, variables: resolveVariables(dashboard, variables) }),
  );

const ask = async (uid: string, panelId: string, refId: string, asked?: Asked) => {
  const dashboard = findDashboard(uid);
  const query = dashboard && findPanel(dashboard, panelId)?.queries.find((candidate) => candidate.refId === refId);
  if (!dashboard || !query) throw new Error(`there is no ${uid}/${panelId}/${refId}`);
  return run(dashboard, query.sql, asked);
};

const variable = async (uid: string, name: string, asked?: Asked) => {
  const dashboard = findDashboard(uid);
  const found = dashboard?.variables.find((candidate) => candidate.name === name);
  if (!dashboard || !found) throw new Error(`there is no ${uid} ${name}`);
  return (await run(dashboard, found.sql, asked)).map((row) => Object.values(row)[0]);
};

describe('every panel', () => {
  const queries = DASHBOARDS.flatMap((dashboard) =>
    dashboard.rows.flatMap(({ panels }) =>
      panels.flatMap((panel) => panel.queries.map((query) => ({ dashboard, panel, query }))),
    ),
  );

  test.each(queries.map((entry) => [`${entry.dashboard.uid}/${entry.panel.id}/${entry.query.refId}`, entry] as const))(
    '%s returns the columns that it describes',
    async (_, { dashboard, query }) => {
      const sql = expandForDuckDb(query.sql, {
        ...NINE_TO_THREE,
        intervalMs: 300_000,
        variables: resolveVariables(dashboard, {}),
      });
      const result = await lake.connection.runAndReadAll(sql);
      expect(result.columnNames()).toEqual(query.columns.map(({ name }) => name));
    },
  );
});

describe('metrics', () => {
  const series = (asked?: Asked) => ask('pulselake-metrics', 'series', 'series', asked);

  test('the average is the sum of sums over the sum of counts, the band the extremes, per hour and source', async () => {
    expect(await series({ variables: { component: ['cart'] } })).toEqual([
      {
        time: '2024-03-01 10:00:00',
        component_name: 'cart',
        metric_name: 'latency',
        unit: 'ms',
        source: 'batch',
        avg_value: null,
        min_value: 1,
        max_value: 6,
        sample_count: '4',
        windows: '2',
        longest_window_ms: '10000',
      },
      {
        time: '2024-03-01 10:00:00',
        component_name: 'cart',
        metric_name: 'latency',
        unit: 'ms',
        source: 'stream',
        avg_value: 12,
        min_value: 1,
        max_value: 30,
        sample_count: '10',
        windows: '2',
        longest_window_ms: '300000',
      },
      {
        time: '2024-03-01 12:00:00',
        component_name: 'cart',
        metric_name: 'latency',
        unit: 'ms',
        source: 'stream',
        avg_value: 3.5,
        min_value: 3,
        max_value: 4,
        sample_count: '2',
        windows: '1',
        longest_window_ms: '300000',
      },
    ]);
  });

  test('a smaller step keeps windows apart, and a legacy window begins where its step begins', async () => {
    const rows = await series({ variables: { component: ['cart'] }, intervalMs: 300_000 });
    expect(rows.map(({ time, source, avg_value }) => [time, source, avg_value])).toEqual([
      ['2024-03-01 10:00:00', 'batch', 1.5],
      ['2024-03-01 10:10:00', 'batch', null],
      ['2024-03-01 10:00:00', 'stream', 5],
      ['2024-03-01 10:05:00', 'stream', 100 / 6],
      ['2024-03-01 12:00:00', 'stream', 3.5],
    ]);
  });

  test('without a sum and a count there is no average and no sample count, only the band', async () => {
    const rows = await series({ variables: { component: ["O'Hara <b>"] } });
    expect(rows).toMatchObject([
      { component_name: "O'Hara <b>", avg_value: null, sample_count: null, min_value: -3, max_value: -1 },
    ]);
  });

  test('several components, metrics and units narrow each other', async () => {
    const rows = await series({
      variables: { component: ['cart', "O'Hara <b>"], metric: ['load', 'latency'], unit: ['%'] },
    });
    expect(rows.map((row) => row['component_name'])).toEqual(["O'Hara <b>"]);
  });

  test('the overview counts components, windows, known samples and windows without an average', async () => {
    expect(await ask('pulselake-metrics', 'overview', 'overview')).toEqual([
      {
        components: '2',
        windows: '6',
        known_samples: '16',
        windows_without_average: '2',
        latest: '2024-03-01 12:05:00',
      },
    ]);
  });

  test('samples over time are told apart by source', async () => {
    expect(await ask('pulselake-metrics', 'samples', 'samples')).toEqual([
      { time: '2024-03-01 10:00:00', source: 'batch', known_samples: '4', windows: '3', windows_without_average: '2' },
      {
        time: '2024-03-01 10:00:00',
        source: 'stream',
        known_samples: '10',
        windows: '2',
        windows_without_average: '0',
      },
      { time: '2024-03-01 12:00:00', source: 'stream', known_samples: '2', windows: '1', windows_without_average: '0' },
    ]);
  });

  test('the summary spans the whole range', async () => {
    const rows = await ask('pulselake-metrics', 'summary', 'summary');
    expect(rows.map((row) => Object.values(row))).toEqual([
      ["O'Hara <b>", 'load', 'batch', -3, null, -1, '%', null, '1', '2024-03-01 10:05:00'],
      ['cart', 'latency', 'batch', 1, null, 6, 'ms', '4', '2', '2024-03-01 10:10:10'],
      ['cart', 'latency', 'stream', 1, 127 / 12, 30, 'ms', '12', '3', '2024-03-01 12:05:00'],
    ]);
  });

  test('variables list what the range holds, each within those before it', async () => {
    expect(await variable('pulselake-metrics', 'component')).toEqual(["O'Hara <b>", 'cart']);
    expect(await variable('pulselake-metrics', 'metric', { variables: { component: ['cart'] } })).toEqual(['latency']);
    expect(await variable('pulselake-metrics', 'unit', { variables: { metric: ['load'] } })).toEqual(['%']);
  });
});

describe('traffic', () => {
  const days = { variables: { day: ['2024-03-01'], compareDay: ['2024-02-29'] } };
  const oneDay = { variables: { day: ['2024-03-01'] } };

  test('totals are those of the day and of the compared day', async () => {
    expect(await ask('pulselake-traffic', 'totals', 'day', days)).toEqual([
      { total_requests: '142', failed_requests: '7', failure_share: 7 / 142, pairs: '3' },
    ]);
    expect(await ask('pulselake-traffic', 'totals', 'compared', days)).toEqual([
      { total_requests: '87', failed_requests: '20', failure_share: 20 / 87, pairs: '2' },
    ]);
  });

  test('a day without a report has zero requests and no failure share', async () => {
    expect(await ask('pulselake-traffic', 'totals', 'compared', oneDay)).toEqual([
      { total_requests: '0', failed_requests: '0', failure_share: null, pairs: '0' },
    ]);
  });

  test('calls per day keep to the days of the range', async () => {
    const rows = await ask('pulselake-traffic', 'days', 'days');
    expect(rows).toMatchObject([{ report_date: '2024-03-01', total_requests: '142' }]);
  });

  test('the map has every service once, a call to itself counted on both sides, and every pair as an edge', async () => {
    const nodes = await ask('pulselake-traffic', 'service-map', 'nodes', oneDay);
    expect(nodes.map((row) => Object.values(row))).toEqual([
      ['audit', 'audit', '40', '0', '0', 0],
      ['cart', 'cart', '0', '100', '0', null],
      ['order', 'order', '102', '42', '7', 7 / 102],
    ]);
    const edges = await ask('pulselake-traffic', 'service-map', 'edges', oneDay);
    expect(edges.map((row) => Object.values(row))).toEqual([
      ['aa', 'cart', 'order', '100', '5', 0.05],
      ['bb', 'order', 'audit', '40', '0', 0],
      ['cc', 'order', 'order', '2', '2', 1],
    ]);
  });

  test('the metrics of a service are those of the day, its average empty when one window has none', async () => {
    const asked = { variables: { day: ['2024-03-01'], service: ['cart'] } };
    expect(
      (await ask('pulselake-traffic', 'service-metrics', 'metrics', asked)).map((row) => Object.values(row)),
    ).toEqual([['cart', 'latency', 'ms', 0, null, 99, '6']]);
  });

  test('pairs are held against the compared day', async () => {
    const rows = await ask('pulselake-traffic', 'pairs', 'pairs', days);
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['cart', 'order', '100', '5', 0.05, '80', 0.25, '20', 'both'],
      ['order', 'audit', '40', '0', 0, null, null, '40', 'new'],
      ['order', 'order', '2', '2', 1, null, null, '2', 'new'],
    ]);
  });

  test('pairs that came and went are listed', async () => {
    const rows = await ask('pulselake-traffic', 'new-and-vanished', 'changes', days);
    expect(rows.map(({ presence, source, target, change }) => [presence, source, target, change])).toEqual([
      ['new', 'order', 'audit', '40'],
      ['new', 'order', 'order', '2'],
      ['vanished', 'cart', 'mail', '-7'],
    ]);
  });

  test('nothing is called new or vanished against a day without a report', async () => {
    const asked = { variables: { day: ['2024-03-01'], compareDay: ['2024-01-01'] } };
    expect(await ask('pulselake-traffic', 'new-and-vanished', 'changes', asked)).toEqual([]);
    const rows = await ask('pulselake-traffic', 'pairs', 'pairs', asked);
    expect(rows.map(({ presence, change }) => [presence, change])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
  });

  test('variables list days, newest first, and the services of the day', async () => {
    expect(await variable('pulselake-traffic', 'day')).toEqual(['2024-03-01']);
    expect(await variable('pulselake-traffic', 'service', oneDay)).toEqual(['audit', 'cart', 'order']);
  });
});

describe('pipeline health', () => {
  test('the overview sums the runs that started in the range', async () => {
    expect(await ask('pulselake-health', 'overview', 'runs')).toEqual([
      {
        runs: '3',
        failed_runs: '1',
        read: '35',
        rejected: '4',
        unaccounted: '3',
        rows_written: '6',
        windows_corrected: '1',
        last_finished: '2024-03-01T12:00:01.000Z',
      },
    ]);
    expect(await ask('pulselake-health', 'overview', 'late')).toEqual([{ late: '2' }]);
  });

  test('the balance shows per stage where the records went, and what is unaccounted for', async () => {
    expect((await ask('pulselake-health', 'balance', 'balance')).map((row) => Object.values(row))).toEqual([
      ['stream-windows', '25', '16', '2', '0', '0', '4', '3', '2'],
      ['traffic-report', '10', '6', '0', '3', '1', '0', '0', '1'],
    ]);
  });

  test('rejected records are counted by reason and stage', async () => {
    expect((await ask('pulselake-health', 'rejected-by-reason', 'reasons')).map((row) => Object.values(row))).toEqual([
      ['late', 'stream-windows', '2'],
      ['malformed', 'stream-windows', '1'],
    ]);
  });

  test('examples show the record, or its bytes when it is no text', async () => {
    const rows = await ask('pulselake-health', 'rejected-examples', 'examples');
    expect(rows.map(({ reason, line, raw }) => [reason, line, raw])).toEqual([
      ['late', null, '{"a":1}'],
      ['late', null, '{"a":2}'],
      ['malformed', '7', 'base64 //4='],
    ]);
    const late = await ask('pulselake-health', 'rejected-examples', 'examples', { variables: { reason: ['late'] } });
    expect(late).toHaveLength(2);
  });

  test('freshness names the newest window of each source, the newest report and the last run of each stage', async () => {
    expect(await ask('pulselake-health', 'freshness', 'windows')).toEqual([
      { source: 'batch', latest: '2024-03-01 10:10:10', windows: '3' },
      { source: 'stream', latest: '2024-03-01 12:05:00', windows: '4' },
    ]);
    expect(await ask('pulselake-health', 'freshness', 'reports')).toEqual([{ latest_day: '2024-03-01' }]);
    expect((await ask('pulselake-health', 'freshness', 'runs')).map((row) => Object.values(row))).toEqual([
      ['stream-windows', '2024-03-01T12:00:01.000Z', 'failed', '2', '1'],
      ['traffic-report', '2024-03-01T11:00:01.000Z', 'succeeded', '1', '0'],
    ]);
  });

  test('runs are listed newest first with what became of their records', async () => {
    const rows = await ask('pulselake-health', 'runs', 'runs');
    expect(
      rows.map(({ run_id, unaccounted, out_of_range, error }) => [run_id, unaccounted, out_of_range, error]),
    ).toEqual([
      ['r3', '3', '0', 'disk full'],
      ['r2', '0', '1', null],
      ['r1', '0', '0', null],
    ]);
  });

  test('reasons are listed', async () => {
    expect(await variable('pulselake-health', 'reason')).toEqual(['late', 'malformed']);
  });
});

describe('the extent of the data', () => {
  test('names the first and the last day of each dashboard', async () => {
    const extents = await Promise.all(DASHBOARDS.map(({ uid }) => lake.rowsOf(DATA_EXTENT_SQL[uid] ?? '')));
    expect(extents).toEqual([
      [{ first_day: '2024-03-01', last_day: '2024-03-02' }],
      [{ first_day: '2024-02-29', last_day: '2024-03-01' }],
      [{ first_day: '2024-03-01', last_day: '2024-03-01' }],
    ]);
  });

  test('only the days of the range are asked for in a query with a range', () => {
    const sql = expandForDuckDb(findPanel(METRICS_DASHBOARD, 'summary')?.queries[0]?.sql ?? '', {
      ...NINE_TO_THREE,
      intervalMs: 1,
      variables: resolveVariables(METRICS_DASHBOARD, {}),
    });
    expect(sql).toContain("dt BETWEEN '2024-03-01' AND '2024-03-01'");
  });
});
