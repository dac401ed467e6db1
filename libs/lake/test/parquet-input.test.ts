import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { InputError, type ParquetRow, readParquetRows } from '../src/index.js';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './support/temporary-folder.js';

/** Writes what a SELECT gives as Parquet. */
async function parquetOf(select: string, options = ''): Promise<string> {
  const path = join(temporaryFolder(), `it's in.parquet`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet${options})`);
  instance.closeSync();
  return path;
}

const NAMES = `'cart' AS "componentName", 'latency' AS "metricName", 'ms' AS unit`;
const VALUES = '1.5::DOUBLE AS "minValue", 4::DOUBLE AS "maxValue"';
const TIMES = `'2024-03-01T00:00:00Z' AS "fromTimestamp", '2024-03-01T00:05:00Z' AS "toTimestamp"`;

async function rowsOf(path: string): Promise<ParquetRow[]> {
  const rows: ParquetRow[] = [];
  for await (const chunk of readParquetRows(path)) rows.push(...chunk);
  return rows;
}

const ROW = {
  ...{ componentName: 'cart', metricName: 'latency', unit: 'ms', minValue: 1.5, maxValue: 4 },
  ...{ fromTimestamp: '2024-03-01T00:00:00Z', toTimestamp: '2024-03-01T00:05:00Z' },
};

describe('readParquetRows', () => {
  it('gives texts and numbers as they are, and leaves unknown columns out', async () => {
    const path = await parquetOf(`SELECT 7 AS other, ${VALUES}, ${NAMES}, ${TIMES}`);
    expect(await rowsOf(path)).toEqual([ROW]);
  });

  it('gives the optional columns when they are there, absent values as null', async () => {
    const path = await parquetOf(
      `SELECT ${NAMES}, ${VALUES}, ${TIMES}, v AS "sumValue", w AS "sampleCount" FROM (VALUES (10.5::DOUBLE, 4::BIGINT), (NULL, NULL)) t(v, w)`,
    );
    expect(await rowsOf(path)).toEqual([
      { ...ROW, sumValue: 10.5, sampleCount: 4 },
      { ...ROW, sumValue: null, sampleCount: null },
    ]);
  });

  it('gives NULL of any column as null', async () => {
    const path = await parquetOf(
      `SELECT NULL::VARCHAR AS "componentName", NULL::VARCHAR AS "metricName", NULL::VARCHAR AS unit, NULL::DOUBLE AS "minValue", NULL::INTEGER AS "maxValue", NULL::TIMESTAMP AS "fromTimestamp", NULL::TIMESTAMP_NS AS "toTimestamp"`,
    );
    expect(await rowsOf(path)).toEqual([Object.fromEntries(Object.keys(ROW).map((name) => [name, null]))]);
  });

  it.each([
    'TINYINT',
    'UTINYINT',
    'SMALLINT',
    'INTEGER',
    'UINTEGER',
    'BIGINT',
    'UBIGINT',
    'FLOAT',
    'DECIMAL(9, 2)',
    'DECIMAL(38, 3)',
  ])('gives a number of type %s as a number', async (type) => {
    const path = await parquetOf(`SELECT ${NAMES}, 1::${type} AS "minValue", 4::DOUBLE AS "maxValue", ${TIMES}`);
    expect((await rowsOf(path))[0]!['minValue']).toBe(1);
  });

  it.each([
    ['TIMESTAMP', '2024-03-01 00:00:00.123999', '2024-03-01T00:00:00.123Z'],
    ['TIMESTAMP', '1969-12-31 23:59:59.999999', '1969-12-31T23:59:59.999Z'],
    ['TIMESTAMP', '1969-12-31 23:59:59.999', '1969-12-31T23:59:59.999Z'],
    ['TIMESTAMP', '0001-01-01 00:00:00.000001', '0001-01-01T00:00:00.000Z'],
    ['TIMESTAMP', '9999-12-31 23:59:59.999999', '9999-12-31T23:59:59.999Z'],
    ['TIMESTAMPTZ', '2024-03-01 02:00:00.123999+02', '2024-03-01T00:00:00.123Z'],
    ['TIMESTAMPTZ', '1969-12-31 23:59:59.000001+00', '1969-12-31T23:59:59.000Z'],
    ['TIMESTAMP_MS', '2024-03-01 00:00:00.123', '2024-03-01T00:00:00.123Z'],
    ['TIMESTAMP_MS', '1969-12-31 23:59:59.123', '1969-12-31T23:59:59.123Z'],
    ['TIMESTAMP_S', '1969-12-31 23:59:59', '1969-12-31T23:59:59.000Z'],
    ['TIMESTAMP_NS', '2024-03-01 00:00:00.123999999', '2024-03-01T00:00:00.123Z'],
    ['TIMESTAMP_NS', '1969-12-31 23:59:59.999999999', '1969-12-31T23:59:59.999Z'],
    ['TIMESTAMP_NS', '1969-12-31 23:59:59.000000001', '1969-12-31T23:59:59.000Z'],
    ['TIMESTAMP_NS', '1969-12-31 23:59:58.999000000', '1969-12-31T23:59:58.999Z'],
  ])('cuts %s %s towards the past', async (type, text, instant) => {
    const path = await parquetOf(
      `SELECT ${NAMES}, ${VALUES}, ${type} '${text}' AS "fromTimestamp", ${type} '${text}' AS "toTimestamp"`,
    );
    const date = new Date(instant);
    expect(await rowsOf(path)).toEqual([{ ...ROW, fromTimestamp: date, toTimestamp: date }]);
  });

  it('gives a value of a type that is none of ours as false, which no column takes', async () => {
    const path = await parquetOf(
      `SELECT [1] AS "componentName", {'a': 1} AS "metricName", '\\x01'::BLOB AS unit, DATE '2024-03-01' AS "minValue", true AS "maxValue", TIME '10:00:00' AS "fromTimestamp", 5::BIGINT AS "toTimestamp"`,
    );
    expect(await rowsOf(path)).toEqual([
      {
        ...{ componentName: false, metricName: false, unit: false, minValue: false, maxValue: true },
        ...{ fromTimestamp: false, toTimestamp: 5 },
      },
    ]);
  });

  it('gives every row of a long file in its order', async () => {
    const path = await parquetOf(
      `SELECT ${NAMES}, i::DOUBLE AS "minValue", i::DOUBLE AS "maxValue", ${TIMES} FROM range(10000) t(i)`,
      ', ROW_GROUP_SIZE 2048, COMPRESSION gzip',
    );
    expect((await rowsOf(path)).map((row) => row['minValue'])).toEqual([...Array(10_000).keys()]);
  });

  it('gives none of an empty table', async () => {
    expect(await rowsOf(await parquetOf(`SELECT ${NAMES}, ${VALUES}, ${TIMES} WHERE false`))).toEqual([]);
  });

  it('takes a path with glob characters literally', async () => {
    const content = readFileSync(await parquetOf(`SELECT ${NAMES}, ${VALUES}, ${TIMES}`));
    const folder = temporaryFolder();
    for (const name of ['in[1]*.parquet', 'in1.parquet', 'in[1]2.parquet', '*.parquet'])
      writeFileSync(join(folder, name), content);
    expect(await rowsOf(join(folder, 'in[1]*.parquet'))).toEqual([ROW]);
    expect(await rowsOf(join(folder, '*.parquet'))).toEqual([ROW]);
  });

  it('may be left in the middle', async () => {
    const path = await parquetOf(`SELECT ${NAMES}, ${VALUES}, ${TIMES} FROM range(10000)`);
    for await (const chunk of readParquetRows(path)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
  });

  it.each([
    ['one column', `${NAMES}, ${VALUES}, '' AS "toTimestamp"`, /lacks the column fromTimestamp\.$/],
    ['several columns', `${NAMES}, ${TIMES}`, /lacks the columns minValue, maxValue\.$/],
    [
      'a column in another case',
      `${NAMES}, 1.0 AS minvalue, 2.0 AS "maxValue", ${TIMES}`,
      /lacks the column minValue\.$/,
    ],
  ])('fails when it lacks %s', async (_, columns, message) => {
    const attempt = rowsOf(await parquetOf(`SELECT ${columns}`));
    await expect(attempt).rejects.toBeInstanceOf(InputError);
    await expect(attempt).rejects.toThrow(message);
  });

  it('fails on what is no Parquet, or is cut, and names the file', async () => {
    const good = readFileSync(await parquetOf(`SELECT ${NAMES}, ${VALUES}, ${TIMES}`));
    const path = join(temporaryFolder(), 'in.parquet');
    const cuts = [
      Buffer.from('a,b\n1,2\n'),
      Buffer.alloc(0),
      good.subarray(0, -1),
      good.subarray(0, 40),
      good.subarray(1),
    ];
    for (const content of [...cuts, Buffer.alloc(200)]) {
      writeFileSync(path, content);
      const attempt = rowsOf(path);
      await expect(attempt).rejects.toBeInstanceOf(InputError);
      await expect(attempt).rejects.toThrow(`${path}: not a readable Parquet file`);
    }
    await expect(rowsOf('/nowhere/in.parquet')).rejects.toBeInstanceOf(InputError);
  });
});
