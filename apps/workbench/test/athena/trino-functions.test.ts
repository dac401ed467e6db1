import { QueryError } from '@pulselake/dashboards';
import type { DuckDbQueryEngine } from '@pulselake/lake';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTrinoEngine } from '../../src/athena/serve-athena.js';
import { TRINO_FUNCTIONS } from '../../src/athena/trino-functions.js';
import { lakeOfFile } from './support/lake-of-file.js';

const lake = lakeOfFile();
let engine: DuckDbQueryEngine;

beforeAll(async () => {
  engine = await openTrinoEngine(lake.root());
});
afterAll(() => engine.close());

const valueOf = async (expression: string) => (await engine.query(`SELECT ${expression}`)).rows[0]![0];

/** Examples of Trino's own documentation, and what its rules say of the edges; `[expression, value]`. */
const EXAMPLES: Readonly<Record<string, readonly (readonly [expression: string, value: unknown])[]>> = {
  'https://trino.io/docs/current/functions/datetime.html': [
    ['from_unixtime(1500000000)', '2017-07-14T02:40:00.000Z'],
    ['from_unixtime(1500000000.1234)', '2017-07-14T02:40:00.123Z'],
    ['from_unixtime(-0.001)', '1969-12-31T23:59:59.999Z'],
    ["from_unixtime(1500000000, 'Asia/Kolkata')", '2017-07-14T08:10:00.000Z'],
    ["to_unixtime(TIMESTAMP '2001-08-22 03:04:05.321')", 998449445.321],
    ['to_unixtime(from_unixtime(7.5))', 7.5],
    ["to_unixtime(DATE '1970-01-02')", 86400],
    ["from_unixtime(floor(to_unixtime(TIMESTAMP '2024-03-01 10:07:31.500')/300)*300)", '2024-03-01T10:05:00.000Z'],
    [
      "from_unixtime(floor(to_unixtime(TIMESTAMP '2024-03-01 10:07:31.500')/2.592e+06)*2.592e+06)",
      '2024-02-17T00:00:00.000Z',
    ],
    ["to_iso8601(DATE '2020-05-11')", '2020-05-11'],
    ["to_iso8601(TIMESTAMP '2020-05-11 11:15:05.123')", '2020-05-11T11:15:05.123'],
    ["to_iso8601(from_iso8601_timestamp('2020-05-11T11:15:05'))", '2020-05-11T11:15:05.000Z'],
    ["from_iso8601_timestamp('2020-05-11')", '2020-05-11T00:00:00.000Z'],
    ["from_iso8601_timestamp('2020-05-11T11:15:05.055+01:00')", '2020-05-11T10:15:05.055Z'],
    ["from_iso8601_date('2020-05-11')", '2020-05-11'],
    ["date_trunc('second', TIMESTAMP '2022-10-20 05:10:00.5')", '2022-10-20T05:10:00.000Z'],
    ["date_trunc('week', TIMESTAMP '2022-10-20 05:10:00')", '2022-10-17T00:00:00.000Z'],
    ["date_trunc('quarter', TIMESTAMP '2022-10-20 05:10:00')", '2022-10-01T00:00:00.000Z'],
    ["date_add('second', 86, TIMESTAMP '2020-03-01 00:00:00')", '2020-03-01T00:01:26.000Z'],
    ["date_add('hour', 9, TIMESTAMP '2020-03-01 00:00:00')", '2020-03-01T09:00:00.000Z'],
    ["date_add('day', -1, TIMESTAMP '2020-03-01 00:00:00')", '2020-02-29T00:00:00.000Z'],
    ["date_add('month', 1, TIMESTAMP '2020-01-31 00:00:00')", '2020-02-29T00:00:00.000Z'],
    ["date_diff('second', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00')", 86400],
    ["date_diff('hour', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00')", 24],
    ["date_diff('day', DATE '2020-03-01', DATE '2020-03-02')", 1],
    [
      "date_diff('second', TIMESTAMP '2020-06-01 12:30:45.000000000', TIMESTAMP '2020-06-02 12:30:45.123456789')",
      86400,
    ],
    ["date_diff('millisecond', TIMESTAMP '2020-06-01 12:30:45.000', TIMESTAMP '2020-06-02 12:30:45.123')", 86400123],
    ["date_diff('day', TIMESTAMP '2020-03-01 23:59:00', TIMESTAMP '2020-03-02 00:01:00')", 0],
    ["date_diff('day', TIMESTAMP '2020-03-02 00:01:00', TIMESTAMP '2020-03-01 00:00:00')", -1],
    ["date_format(TIMESTAMP '2022-10-20 05:10:00', '%m-%d-%Y %H')", '10-20-2022 05'],
    ["date_format(TIMESTAMP '2020-01-02 15:04:05.678', '%Y-%m-%d %H:%i:%s.%f')", '2020-01-02 15:04:05.678000'],
    [
      "date_format(TIMESTAMP '2020-01-02 15:04:05', '%T %M %W %a %b %e %c %k %h %l %p')",
      '15:04:05 January Thursday Thu Jan 2 1 15 03 3 PM',
    ],
    ["date_format(TIMESTAMP '2020-01-02 15:04:05', '%r %j %v %x %y %% 5')", '03:04:05 PM 002 01 2020 20 % 5'],
    ["date_format(from_unixtime(0), '%Y')", '1970'],
    ["date_parse('2022/10/20/05', '%Y/%m/%d/%H')", '2022-10-20T05:00:00.000Z'],
    ["date_parse('20 Oct 2022', '%d %b %Y')", '2022-10-20T00:00:00.000Z'],
    [
      "format_datetime(TIMESTAMP '2020-01-02 15:04:05.678', 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''')",
      '2020-01-02T15:04:05.678Z',
    ],
    [
      "format_datetime(TIMESTAMP '2020-01-02 15:04:05', 'EEE, d MMM yy h a ''o''''clock 100%''')",
      "Thu, 2 Jan 20 3 PM o'clock 100%",
    ],
    ["parse_datetime('2020-01-02 15:04:05', 'yyyy-MM-dd HH:mm:ss')", '2020-01-02T15:04:05.000Z'],
    ["parse_datetime('2020-01-02T15:04:05+0200', 'yyyy-MM-dd''T''HH:mm:ssZ')", '2020-01-02T13:04:05.000Z'],
    ["EXTRACT(YEAR FROM TIMESTAMP '2022-10-20 05:10:00')", 2022],
    ["EXTRACT(DOW FROM DATE '2024-03-03')", 7],
    ['current_timezone()', 'UTC'],
    ["day_of_week(DATE '2024-03-04')", 1],
    ["day_of_year(DATE '2024-03-04')", 64],
    ["week_of_year(DATE '2021-01-03')", 53],
    ["year_of_week(DATE '2021-01-03')", 2020],
    ["hour(TIMESTAMP '2020-01-01 15:04:05')", 15],
    ["millisecond(TIMESTAMP '2020-01-01 15:04:05.123')", 123],
    ["last_day_of_month(DATE '2024-02-03')", '2024-02-29'],
    ["TIMESTAMP '2012-10-31 01:00:00' AT TIME ZONE 'America/Los_Angeles'", '2012-10-30T18:00:00.000Z'],
    ["hour(at_timezone(from_unixtime(0), 'Europe/Berlin'))", 1],
    ["with_timezone(TIMESTAMP '2021-08-01 01:02:03', 'Europe/Berlin')", '2021-07-31T23:02:03.000Z'],
    ["TIMESTAMP '2012-08-08 01:00:00' + INTERVAL '29' HOUR", '2012-08-09T06:00:00.000Z'],
    ["TIMESTAMP '2012-08-08 00:00:00' - INTERVAL '2' DAY", '2012-08-06T00:00:00.000Z'],
  ],
  'https://trino.io/docs/current/functions/regexp.html': [
    ["regexp_like('1a 2b 14m', '\\d+b')", true],
    ["regexp_extract('1a 2b 14m', '\\d+')", '1'],
    ["regexp_extract('1a 2b 14m', '(\\d+)([a-z]+)', 2)", 'a'],
    ["regexp_extract('a', '\\d')", null],
    ["regexp_extract_all('1a 2b 14m', '\\d+')", ['1', '2', '14']],
    ["regexp_replace('1a 2b 14m', '\\d+[ab] ')", '14m'],
    ["regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')", '3ca 3cb 14m'],
    ["regexp_count('1a 2b 14m', '\\s*[a-z]+\\s*')", 3],
    ["regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')", ['1', '2', '14', '']],
  ],
  'https://trino.io/docs/current/functions/string.html': [
    ["concat('a', 'b', 'c')", 'abc'],
    ["concat('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l')", 'abcdefghijkl'],
    ["concat('a', NULL)", null],
    ["split_part('a,b,c', ',', 2)", 'b'],
    ["split_part('a,b', ',', 5)", null],
    ["split('a,b', ',')", ['a', 'b']],
    ["strpos('high', 'ig')", 2],
    ["substr('orange', 2, 3)", 'ran'],
    ["lpad('1', 3, '0')", '001'],
    ["format('%s%%', 'x')", 'x%'],
    ["format('%05d', 8)", '00008'],
    ["format('%,.2f', CAST(1234567.89 AS DOUBLE))", '1,234,567.89'],
    ["codepoint('A')", 65],
    ["to_hex(to_utf8('aZ'))", '615A'],
    ["from_utf8(to_utf8('ä'))", 'ä'],
    ["to_hex(md5(to_utf8('a')))", '0CC175B9C0F1B6A831C399E269772661'],
    ["to_hex(sha1(to_utf8('a')))", '86F7E437FAA5A7FCE15D1DDCB9EAEAEA377667B8'],
    ["to_hex(sha256(to_utf8('a')))", 'CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB'],
    ["levenshtein_distance('kitten', 'sitting')", 3],
  ],
  'https://trino.io/docs/current/functions/json.html': [
    ["json_extract_scalar('[1, 2, 3]', '$[2]')", '3'],
    [`json_extract_scalar('{"store": {"name": "x"}}', '$.store.name')`, 'x'],
    [`json_extract_scalar('{"store": {"name": "x"}}', '$.store')`, null],
    [`json_extract_scalar('{"a": null}', '$.a')`, null],
    ["json_extract_scalar('nope', '$.a')", null],
    ["json_array_length('[1, 2, 3]')", 3],
    [`json_format(json_parse('{"a":1}'))`, '{"a":1}'],
  ],
  'https://trino.io/docs/current/functions/array.html': [
    ['cardinality(ARRAY[1, 2, 3])', 3],
    ["cardinality(MAP(ARRAY['a'], ARRAY[1]))", 1],
    ['cardinality(NULL)', null],
    ['element_at(ARRAY[1, 2, 3], -1)', 3],
    ['element_at(ARRAY[1], 5)', null],
    ["element_at(MAP(ARRAY['a'], ARRAY[1]), 'a')", 1],
    ["element_at(MAP(ARRAY['a'], ARRAY[1]), 'b')", null],
    ['sequence(1, 3)', [1, 2, 3]],
    ['sequence(0, 10, 5)', [0, 5, 10]],
    ["array_join(ARRAY['a', NULL, 'b'], ',')", 'a,b'],
    ["array_join(ARRAY['a', NULL, 'b'], ',', '?')", 'a,?,b'],
    ['array_position(ARRAY[1, 2], 2)', 2],
    ['array_position(ARRAY[1, 2], 7)', 0],
    ['slice(ARRAY[1, 2, 3, 4], 2, 2)', [2, 3]],
    ['slice(ARRAY[1, 2, 3, 4], -2, 2)', [3, 4]],
    ['slice(ARRAY[1, 2, 3, 4], -2, 9)', [3, 4]],
    ['array_sort(ARRAY[2, NULL, 1])', [1, 2, null]],
    ['array_max(ARRAY[1, 3, 2])', 3],
    ['array_min(ARRAY[1, 3, 2])', 1],
    ['contains(ARRAY[1, 2], 2)', true],
  ],
  'https://trino.io/docs/current/functions/aggregate.html': [
    ['approx_percentile(x, 0.5) FROM range(101) t(x)', 50],
    ['approx_percentile(x, ARRAY[0.0, 1.0]) FROM range(101) t(x)', [0, 100]],
    ['approx_distinct(x % 3) FROM range(1000) t(x)', 3],
    ['every(x >= 0) FROM range(3) t(x)', true],
    ['count_if(x > 0) FROM range(3) t(x)', 2],
    ["map_agg(k, v) FROM (VALUES ('a', 1), ('b', 2)) t(k, v)", { a: 1, b: 2 }],
    ['max_by(x, -x) FROM range(3) t(x)', 0],
    ['arbitrary(7)', 7],
  ],
  'https://trino.io/docs/current/functions/math.html': [
    ['5 / 2', 2],
    ['-5 / 2', -2],
    ['7 % 3', 1],
    ['CAST(5 AS DOUBLE) / 2', 2.5],
    ['sum(x) / count(*) FROM range(4) t(x)', 1],
    ['truncate(CAST(-1.9 AS DOUBLE))', -1],
    ['e()', Math.E],
    ['mod(7, 3)', 1],
    ['is_nan(nan())', true],
    ['is_infinite(infinity())', true],
    ['is_finite(CAST(1 AS DOUBLE))', true],
    ['bitwise_and(19, 25)', 17],
    ['bitwise_or(19, 25)', 27],
    ['rand() < 1', true],
    ['greatest(1, 3, 2)', 3],
    ['greatest(1, NULL)', null],
    ['least(2, 1)', 1],
    ['greatest(1, 2, 3, 4, 5, 6, 7, 8)', 8],
    ["if(1 > 2, 'a', 'b')", 'b'],
    ["TRY_CAST('x' AS INTEGER)", null],
    ['TRY(CAST(1 AS DOUBLE))', 1],
  ],
};

describe.each(Object.entries(EXAMPLES))('%s', (_, examples) => {
  it.each(examples)('%s', async (expression, value) => {
    expect(await valueOf(expression)).toEqual(value);
  });
});

it('every function has an example', () => {
  const shown = Object.values(EXAMPLES)
    .flat()
    .map(([expression]) => expression.toLowerCase())
    .join('\n');
  const without = Object.keys(TRINO_FUNCTIONS).filter((name) => !new RegExp(`\\b${name}\\(`).test(shown));
  // Other names of functions that are shown, and what EXTRACT and AT TIME ZONE call.
  expect(without).toEqual(['timezone', 'date_part', 'dow', 'day_of_month', 'doy', 'yow']);
});

it.each([
  ["date_format(DATE '2020-01-01', '%U')", 'Unrecognized format'],
  ["format_datetime(TIMESTAMP '2020-01-01 00:00:00', 'QQ')", 'Unrecognized format'],
  ["date_add('eon', 1, DATE '2020-01-01')", "'eon' is not a valid Time field"],
  ["from_iso8601_timestamp('yesterday')", 'invalid timestamp'],
  ["date_parse('2020', '%Y-%m')", 'Could not parse string'],
])('fails on %s', async (expression, message) => {
  const attempt = valueOf(expression);
  await expect(attempt).rejects.toBeInstanceOf(QueryError);
  await expect(attempt).rejects.toThrow(message);
});

it.each([
  ["SELECT getenv('HOME')"],
  ["SELECT * FROM read_text('/etc/passwd')"],
  ["SELECT * FROM '/etc/passwd'"],
  ["SELECT * FROM awsdatacatalog.pulselake.'/etc/passwd'"],
  ['SELECT * FROM pulselake."../lake.json"'],
  ["SELECT * FROM query('SELECT 1')"],
  ["SELECT * FROM query_table('traffic_reports')"],
  ['CREATE MACRO f(x) AS x'],
  ['CREATE SCHEMA pulselake.x'],
  ['DROP VIEW pulselake.traffic_reports'],
  ["ATTACH ':memory:' AS other"],
  ['DETACH awsdatacatalog'],
  ['USE awsdatacatalog'],
  ['SET integer_division = false'],
  ["COPY pulselake.traffic_reports TO '/tmp/x'"],
])('still refuses %s', async (sql) => {
  await expect(engine.query(sql)).rejects.toBeInstanceOf(QueryError);
});
