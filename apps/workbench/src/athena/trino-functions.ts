/** `[name and parameters, body]…` of one function; several bodies are told apart by the number of parameters. */
type Overloads = readonly (readonly [parameters: string, body: string])[];

/**
 * One `strftime` code for each MySQL code that Trino knows. It refuses `%D %U %u %V %w %X`, which `%?` makes DuckDB do too:
 * error() in a format would make it no constant.
 */
const MYSQL_CODES = `CASE t
  WHEN '%i' THEN '%M' WHEN '%s' THEN '%S' WHEN '%T' THEN '%H:%M:%S' WHEN '%M' THEN '%B' WHEN '%W' THEN '%A'
  WHEN '%e' THEN '%-d' WHEN '%c' THEN '%-m' WHEN '%k' THEN '%-H' WHEN '%h' THEN '%I' WHEN '%l' THEN '%-I'
  WHEN '%r' THEN '%I:%M:%S %p' WHEN '%v' THEN '%V' WHEN '%x' THEN '%G'
  WHEN '%D' THEN '%?' WHEN '%U' THEN '%?' WHEN '%u' THEN '%?' WHEN '%V' THEN '%?' WHEN '%w' THEN '%?' WHEN '%X' THEN '%?'
  ELSE t END`;

/** One `strftime` code for each run of letters in a pattern of Joda-Time; texts in single quotes stand for themselves. */
const JODA_CODES = `CASE
  WHEN t = '''''' THEN ''''
  WHEN t[1] = '''' THEN replace(replace(t[2:-2], '''''', ''''), '%', '%%')
  WHEN t IN ('yy', 'YY') THEN '%y' WHEN t[1] IN ('y', 'Y') THEN '%Y'
  WHEN t = 'M' THEN '%-m' WHEN t = 'MM' THEN '%m' WHEN t = 'MMM' THEN '%b' WHEN t[1] = 'M' THEN '%B'
  WHEN t = 'd' THEN '%-d' WHEN t = 'dd' THEN '%d' WHEN t[1] = 'D' THEN '%j'
  WHEN t = 'H' THEN '%-H' WHEN t = 'HH' THEN '%H' WHEN t = 'h' THEN '%-I' WHEN t = 'hh' THEN '%I'
  WHEN t = 'm' THEN '%-M' WHEN t = 'mm' THEN '%M' WHEN t = 's' THEN '%-S' WHEN t = 'ss' THEN '%S'
  WHEN t = 'SSS' THEN '%g' WHEN t = 'a' THEN '%p' WHEN t IN ('Z', 'ZZ') THEN '%z'
  WHEN t = 'EEEE' THEN '%A' WHEN t[1] = 'E' THEN '%a'
  WHEN regexp_matches(t, '[A-Za-z]') THEN '%?'
  WHEN t = '%' THEN '%%' ELSE t END`;

/** DuckDB wants constant formats and looks for them when a macro is made, but not before it knows the type: hence the CASE. */
const constant = (format: string) => `CASE WHEN f IS NULL THEN f ELSE ${format} END`;

const mysqlFormat = constant(
  `array_to_string(list_transform(regexp_extract_all(f, '%.|[^%]+'), lambda t: ${MYSQL_CODES}), '')`,
);
const jodaFormat = constant(
  `array_to_string(list_transform(regexp_extract_all(f, '''(?:[^'']|'''')*''|y+|Y+|M+|d+|D+|H+|h+|m+|s+|S+|a+|Z+|E+|[^'']'), lambda t: ${JODA_CODES}), '')`,
);

const interval = `CASE lower(u)
  WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN to_seconds(n) WHEN 'minute' THEN to_minutes(n)
  WHEN 'hour' THEN to_hours(n) WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_weeks(CAST(n AS INTEGER))
  WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN to_months(CAST(3 * n AS INTEGER))
  WHEN 'year' THEN to_years(CAST(n AS INTEGER)) ELSE error('''' || u || ''' is not a valid Time field') END`;

const unixTime = 'make_timestamptz(CAST(round(CAST(x AS DOUBLE) * 1000) AS BIGINT) * 1000)';

/** Names of parameters: two, three, and so on up to `most`; macros have no variable number of them. */
const parameterLists = (most: number): string[][] =>
  Array.from({ length: most - 1 }, (_, extra) => Array.from({ length: extra + 2 }, (_each, at) => `x${at}`));

/** NULL as soon as one argument is, unlike DuckDB's own. */
const extreme = (name: string): Overloads =>
  parameterLists(8).map((names) => [
    names.join(', '),
    `CASE WHEN ${names.map((each) => `${each} IS NULL`).join(' OR ')} THEN NULL ELSE system.main.${name}(${names.join(', ')}) END`,
  ]);

/**
 * Trino's functions that DuckDB lacks, or that mean something else there.
 *
 * @see https://trino.io/docs/current/functions.html
 */
export const TRINO_FUNCTIONS: Readonly<Record<string, Overloads>> = {
  // Times.
  from_unixtime: [
    ['x', unixTime],
    ['x, zone', `system.main.timezone(zone, ${unixTime})`],
  ],
  to_unixtime: [['t', 'epoch(t)']],
  date_format: [['t, f', `strftime(CAST(t AS TIMESTAMP), ${mysqlFormat})`]],
  date_parse: [['s, f', `strptime(s, ${mysqlFormat})`]],
  format_datetime: [['t, f', `strftime(CAST(t AS TIMESTAMP), ${jodaFormat})`]],
  parse_datetime: [['s, f', `CAST(strptime(s, ${jodaFormat}) AS TIMESTAMPTZ)`]],
  from_iso8601_timestamp: [['s', 'CAST(s AS TIMESTAMPTZ)']],
  from_iso8601_date: [['s', 'CAST(s AS DATE)']],
  to_iso8601: [
    [
      't',
      `CASE typeof(t) WHEN 'DATE' THEN strftime(CAST(t AS TIMESTAMP), '%Y-%m-%d')
        WHEN 'TIMESTAMP' THEN strftime(CAST(t AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g')
        ELSE strftime(CAST(t AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ') END`,
    ],
  ],
  // Trino counts whole units, DuckDB's own counts how many borders of units lie between.
  date_diff: [['u, a, b', 'date_sub(u, a, b)']],
  date_add: [['u, n, t', `t + ${interval}`]],
  // An operand without zone is UTC, as is the session. What comes is the time of day there, without the zone.
  timezone: [['zone, t', 'system.main.timezone(zone, CAST(t AS TIMESTAMPTZ))']],
  at_timezone: [['t, zone', 'system.main.timezone(zone, CAST(t AS TIMESTAMPTZ))']],
  with_timezone: [['t, zone', 'system.main.timezone(zone, CAST(t AS TIMESTAMP))']],
  date_part: [
    [
      'u, t',
      `system.main.date_part(CASE lower(u) WHEN 'dow' THEN 'isodow' WHEN 'day_of_week' THEN 'isodow' WHEN 'day_of_year' THEN 'doy'
        WHEN 'day_of_month' THEN 'day' WHEN 'yow' THEN 'isoyear' WHEN 'year_of_week' THEN 'isoyear' ELSE u END, t)`,
    ],
  ],
  current_timezone: [['', `'UTC'`]],
  day_of_week: [['t', 'isodow(t)']],
  dow: [['t', 'isodow(t)']],
  day_of_month: [['t', 'day(t)']],
  day_of_year: [['t', 'dayofyear(t)']],
  doy: [['t', 'dayofyear(t)']],
  week_of_year: [['t', 'week(t)']],
  year_of_week: [['t', 'isoyear(t)']],
  yow: [['t', 'isoyear(t)']],
  millisecond: [['t', 'system.main.millisecond(t) % 1000']],
  last_day_of_month: [['t', 'last_day(t)']],
  // Aggregates.
  approx_distinct: [
    ['x', 'approx_count_distinct(x)'],
    ['x, e', 'approx_count_distinct(x)'],
  ],
  approx_percentile: [['x, p', 'approx_quantile(x, p)']],
  every: [['x', 'bool_and(x)']],
  map_agg: [['k, v', 'map(list(k), list(v))']],
  // Texts.
  concat: parameterLists(12).map((names) => [names.join(', '), names.join(' || ')]),
  split_part: [['s, d, i', 'string_split(s, d)[i]']],
  regexp_like: [['s, p', 'regexp_matches(s, p)']],
  regexp_extract: [
    ['s, p', 'CASE WHEN regexp_matches(s, p) THEN system.main.regexp_extract(s, p) END'],
    ['s, p, g', 'CASE WHEN regexp_matches(s, p) THEN system.main.regexp_extract(s, p, g) END'],
  ],
  regexp_replace: [
    ['s, p', `system.main.regexp_replace(s, p, '', 'g')`],
    ['s, p, r', `system.main.regexp_replace(s, p, system.main.regexp_replace(r, '\\$([0-9])', '\\\\\\1', 'g'), 'g')`],
  ],
  regexp_count: [['s, p', 'len(regexp_extract_all(s, p))']],
  regexp_split: [['s, p', 'regexp_split_to_array(s, p)']],
  // DuckDB's own has other places for arguments, and would leave these as they are.
  format: parameterLists(8).map(([f = '', ...names]) => [
    [f, ...names].join(', '),
    `printf(${[f, ...names].join(', ')})`,
  ]),
  codepoint: [['s', 'unicode(s)']],
  to_utf8: [['s', 'encode(s)']],
  from_utf8: [['b', 'decode(b)']],
  // Bytes in Trino, hexadecimal digits in DuckDB.
  md5: [['b', 'unhex(system.main.md5(b))']],
  sha1: [['b', 'unhex(system.main.sha1(b))']],
  sha256: [['b', 'unhex(system.main.sha256(b))']],
  levenshtein_distance: [['a, b', 'levenshtein(a, b)']],
  // JSON.
  json_extract_scalar: [
    [
      'j, p',
      `CASE WHEN NOT json_valid(j) THEN NULL WHEN json_type(j, p) IN ('OBJECT', 'ARRAY') THEN NULL ELSE json_extract_string(j, p) END`,
    ],
  ],
  json_parse: [['s', 'CAST(s AS JSON)']],
  json_format: [['j', 'CAST(CAST(j AS JSON) AS VARCHAR)']],
  // Arrays and maps.
  cardinality: [
    [
      'x',
      `CASE WHEN x IS NULL THEN NULL WHEN json_type(to_json(x)) = 'ARRAY' THEN json_array_length(to_json(x)) ELSE len(json_keys(to_json(x))) END`,
    ],
  ],
  element_at: [['x, k', 'x[k]']],
  sequence: [
    ['a, b', 'generate_series(a, b)'],
    ['a, b, s', 'generate_series(a, b, s)'],
  ],
  array_join: [
    ['a, s', 'array_to_string(a, s)'],
    ['a, s, n', 'array_to_string(list_transform(a, lambda e: coalesce(CAST(e AS VARCHAR), n)), s)'],
  ],
  array_position: [['a, x', 'coalesce(list_position(a, x), 0)']],
  slice: [['a, s, n', 'list_slice(a, s, CASE WHEN s < 0 AND s + n - 1 >= 0 THEN -1 ELSE s + n - 1 END)']],
  array_max: [['a', 'list_max(a)']],
  array_min: [['a', 'list_min(a)']],
  // Numbers.
  greatest: extreme('greatest'),
  least: extreme('least'),
  truncate: [['x', 'trunc(x)']],
  rand: [['', 'random()']],
  e: [['', 'exp(1)']],
  infinity: [['', `CAST('Infinity' AS DOUBLE)`]],
  nan: [['', `CAST('NaN' AS DOUBLE)`]],
  is_nan: [['x', 'isnan(x)']],
  is_finite: [['x', 'isfinite(x)']],
  is_infinite: [['x', 'isinf(x)']],
  bitwise_and: [['a, b', 'a & b']],
  bitwise_or: [['a, b', 'a | b']],
};

/** The statements that make {@link TRINO_FUNCTIONS}, and the setting by which whole numbers divide to whole numbers. */
export const TRINO_SETUP: readonly string[] = [
  ...Object.entries(TRINO_FUNCTIONS).map(
    ([name, overloads]) =>
      `CREATE MACRO ${name}${overloads.map(([parameters, body]) => `(${parameters}) AS ${body}`).join(', ')}`,
  ),
  'SET GLOBAL integer_division = true',
];
