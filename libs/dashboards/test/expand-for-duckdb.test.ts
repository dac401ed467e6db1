import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DashboardRequestError, DashboardSqlError, expandForDuckDb, type VariableValues } from '../src/index.js';
import { smallLake, type SmallLake } from './support/small-lake.js';

const expand = (sql: string, variables: VariableValues = {}) =>
  expandForDuckDb(sql, {
    fromMs: Date.parse('2024-02-29T23:59:59.999Z'),
    toMs: Date.parse('2024-03-01T01:02:03.004Z'),
    intervalMs: 300_000,
    variables,
  });

describe('macros', () => {
  // As the Athena plugin's page documents them, in DuckDB's words where Trino's do not exist there.
  test.each([
    ['$__timeFilter(t)', "t BETWEEN TIMESTAMP '2024-02-29 23:59:59' AND TIMESTAMP '2024-03-01 01:02:03'"],
    ['$__timeFrom()', "TIMESTAMP '2024-02-29 23:59:59'"],
    ['$__timeTo()', "TIMESTAMP '2024-03-01 01:02:03'"],
    ["$__rawTimeFrom('yyyy-MM-dd')", "'2024-02-29'"],
    ["$__rawTimeTo('yyyy-MM-dd HH:mm:ss')", "'2024-03-01 01:02:03'"],
    ["$__timeGroup(t, '1h')", "time_bucket(INTERVAL '3600000 milliseconds', t, TIMESTAMP '1970-01-01 00:00:00')"],
    [
      "$__timeGroup(t,'$__interval')",
      "time_bucket(INTERVAL '300000 milliseconds', t, TIMESTAMP '1970-01-01 00:00:00')",
    ],
    ["$__timeFilter(coalesce(a, ')', b))", /^coalesce\(a, '\)', b\) BETWEEN /],
    ['$__interval_ms', '300000'],
    ["'$__interval'", "'5m'"],
    ['SELECT 1 -- costs $5\n', 'SELECT 1 -- costs $5\n'],
    ['SELECT /* $x */ 1', 'SELECT /* $x */ 1'],
    ["SELECT '--' || ${v:sqlstring}", "SELECT '--' || 'a'"],
  ])('%s', (sql, expected) => {
    const expanded = expand(sql, { v: ['a'] });
    if (typeof expected === 'string') expect(expanded).toBe(expected);
    else expect(expanded).toMatch(expected);
  });

  test.each([
    ['$__timeFliter(t)'],
    ['$__timeFilter()'],
    ['$__timeFilter(t'],
    ['$__rawTimeFrom(yyyy)'],
    ["$__rawTimeFrom('YYYY-DD')"],
    ["$__timeGroup(t, '5 m')"],
    ["$__timeGroup(t, '0s')"],
    ["'$__timeFrom()'"],
    ['SELECT $'],
    ['${unknown:sqlstring}'],
    ['${v:regex}'],
    ["'${v:sqlstring}'"],
    ['${toString:sqlstring}'],
  ])('fails on %s', (sql) => {
    expect(() => expand(sql, { v: ['a'] })).toThrow(DashboardSqlError);
  });
});

describe('variables', () => {
  test('texts are quoted, quotes doubled, several separated by commas', () => {
    expect(expand('${v:sqlstring}', { v: ["O'Hara", '$__timeFrom()', '${v}'] })).toBe(
      "'O''Hara', '$__timeFrom()', '${v}'",
    );
    expect(expand('x IN (${v:singlequote})', { v: [] })).toBe('x IN (NULL)');
  });

  test('plain numbers may stand unquoted', () => {
    expect(expand('${v:csv} + ${v} + $v', { v: ['1.5'] })).toBe('1.5 + 1.5 + 1.5');
  });

  test.each([['1; DROP TABLE x'], ['1--'], [''], ['a'], ['NaN'], ["1'"]])('fails on the unquoted value %j', (value) => {
    expect(() => expand('LIMIT ${v:csv}', { v: [value] })).toThrow(DashboardRequestError);
  });

  describe('in a real DuckDB', () => {
    let lake: SmallLake;
    beforeAll(async () => {
      lake = await smallLake();
    });
    afterAll(() => {
      lake.close();
    });

    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom("'", '"', '\\', '\0', '$', '{', '}', ';', '-', '/', '*', '\n', ')', '(', 'v'),
      }),
    );

    test('any values come back as they went in', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 5 }), async (values) => {
          const rows = await lake.rowsOf(expand('SELECT unnest([${v:sqlstring}]) AS value', { v: values }));
          expect(rows.map((row) => row['value'])).toEqual(values);
        }),
        { numRuns: 300 },
      );
    });

    test('a value that is not there finds nothing, whatever it holds', async () => {
      await fc.assert(
        fc.asyncProperty(hostile, async (value) => {
          const rows = await lake.rowsOf(
            expand('SELECT * FROM traffic_reports WHERE source IN (${v:sqlstring})', { v: [`${value}!`] }),
          );
          expect(rows).toEqual([]);
        }),
        { numRuns: 100 },
      );
    });
  });
});
