import { describe, expect, test } from 'vitest';
import {
  DASHBOARDS,
  DATA_EXTENT_SQL,
  METRICS_DASHBOARD,
  expandForDuckDb,
  findPanel,
  resolveVariables,
} from '../src/index.js';
import { askSmallLake, NINE_TO_THREE } from './support/ask-small-lake.js';

const { lake } = askSmallLake();

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
      const result = await lake().connection.runAndReadAll(sql);
      expect(result.columnNames()).toEqual(query.columns.map(({ name }) => name));
    },
  );
});

describe('the extent of the data', () => {
  test('names the first and the last day of each dashboard', async () => {
    const extents = await Promise.all(DASHBOARDS.map(({ uid }) => lake().rowsOf(DATA_EXTENT_SQL[uid] ?? '')));
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
