import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DashboardRequestError,
  DASHBOARDS,
  DashboardSqlError,
  expandForAthena,
  expandForDuckDb,
  resolveVariables,
  type VariableValues,
} from '../src/index.js';

const context = (variables: VariableValues = {}, intervalMs = 300_000) => ({
  fromMs: Date.parse('2021-06-23T00:00:00Z'),
  toMs: Date.parse('2021-06-23T01:00:00.999Z'),
  intervalMs,
  variables,
});

const expand = (sql: string, variables: VariableValues = {}) => expandForAthena(sql, context(variables));

describe('macros', () => {
  // What the plugin's page documents, and its own tests expect.
  it.each([
    [
      '$__timeFilter(starttime)',
      "starttime BETWEEN TIMESTAMP '2021-06-23 00:00:00' AND TIMESTAMP '2021-06-23 01:00:00'",
    ],
    ['$__timeFrom()', "TIMESTAMP '2021-06-23 00:00:00'"],
    ['$__timeTo()', "TIMESTAMP '2021-06-23 01:00:00'"],
    ["$__rawTimeFrom('yyyy-MM-dd')", "'2021-06-23'"],
    ["$__rawTimeTo('yyyy-MM-dd HH:mm:ss')", "'2021-06-23 01:00:00'"],
    ["$__timeGroup(starttime, '1m')", 'FROM_UNIXTIME(FLOOR(TO_UNIXTIME(starttime)/60)*60)'],
    ["$__timeGroup(starttime,'$__interval')", 'FROM_UNIXTIME(FLOOR(TO_UNIXTIME(starttime)/300)*300)'],
    ["$__timeGroup(t,'500ms')", 'FROM_UNIXTIME(FLOOR(TO_UNIXTIME(t)/0.5)*0.5)'],
    ["$__timeGroup(t,'7d')", 'FROM_UNIXTIME(FLOOR(TO_UNIXTIME(t)/604800)*604800)'],
    // Go prints floats so.
    ["$__timeGroup(t,'30d')", 'FROM_UNIXTIME(FLOOR(TO_UNIXTIME(t)/2.592e+06)*2.592e+06)'],
    ['$__interval_ms', '300000'],
  ])('%s', (sql, expected) => {
    expect(expand(sql)).toBe(expected);
  });

  it.each([['$__dateFilter(t)'], ['$__timeGroup(t)'], ["$__rawTimeFrom('w')"], ["'${v:sqlstring}'"]])(
    'fails on %s',
    (sql) => {
      expect(() => expand(sql, { v: ['a'] })).toThrow(DashboardSqlError);
    },
  );
});

describe('variables', () => {
  it('quotes are doubled, as Grafana does for sqlstring', () => {
    expect(expand('x IN (${v:sqlstring})', { v: ["O'Hara", "'; DROP TABLE x --", '$__timeFrom()'] })).toBe(
      "x IN ('O''Hara', '''; DROP TABLE x --', '$__timeFrom()')",
    );
  });

  it('a value is read back by the rules of SQL as it went in, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom("'", '\\', '"', '$') })),
        (value) => {
          const text = expand('${v:sqlstring}', { v: [value] });
          expect(text).toMatch(/^'(?:[^']|'')*'$/);
          expect(text.slice(1, -1).replaceAll("''", "'")).toBe(value);
        },
      ),
    );
  });

  it('fails on an unquoted value that is no number', () => {
    expect(() => expand('LIMIT ${v:csv}', { v: ['1; SELECT 2'] })).toThrow(DashboardRequestError);
  });
});

describe('the dashboards', () => {
  const queries = DASHBOARDS.flatMap((dashboard) =>
    dashboard.rows
      .flatMap((row) => row.panels)
      .flatMap((panel) =>
        panel.queries.map(({ refId, sql }) => ({ name: `${panel.id}/${refId}`, sql, dashboard }) as const),
      ),
  );

  it.each(queries)('$name differs from the SQL for DuckDB in the grouping of times only', ({ sql, dashboard }) => {
    const view = context(resolveVariables(dashboard, {}));
    const groups = /FROM_UNIXTIME\(FLOOR\(TO_UNIXTIME\((\w+)\)\/300\)\*300\)/g;
    const asDuckDb = expandForAthena(sql, view).replace(
      groups,
      "time_bucket(INTERVAL '300000 milliseconds', $1, TIMESTAMP '1970-01-01 00:00:00')",
    );
    expect(asDuckDb).toBe(expandForDuckDb(sql, view));
  });
});
