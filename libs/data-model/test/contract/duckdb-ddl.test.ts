import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  duckDbCreateTable,
  duckDbEmptySelect,
  duckDbSelect,
  duckDbTypes,
  PIPELINE_RUNS,
  REJECTED_RECORDS,
  TABLES,
  TRAFFIC_REPORTS_ENRICHED,
  WINDOWED_METRICS,
} from '../../src/index.js';
import { columnsOf, rowsOf, withDuckDb } from '../support/duckdb.js';

describe('DuckDB definitions', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulselake-ddl-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const put = async (path: string, rows: readonly object[]) => {
    const file = join(folder, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  };

  test('names and types every column in order', () => {
    expect(duckDbTypes(WINDOWED_METRICS).slice(6, 9)).toEqual([
      { name: 'sample_count', field: 'sampleCount', type: 'BIGINT' },
      { name: 'from_timestamp', field: 'fromTimestamp', type: 'TIMESTAMP WITH TIME ZONE' },
      { name: 'to_timestamp', field: 'toTimestamp', type: 'TIMESTAMP WITH TIME ZONE' },
    ]);
    expect(duckDbTypes(TRAFFIC_REPORTS_ENRICHED).at(-1)?.type).toBe(
      'STRUCT("metricName" VARCHAR, "unit" VARCHAR, "minValue" DOUBLE, "maxValue" DOUBLE, "avgValue" DOUBLE)[]',
    );
  });

  test.each([
    ['with a zone', 'TIMESTAMPTZ', '+00'],
    ['without a zone', 'TIMESTAMP', ''],
    ['in nanoseconds', 'TIMESTAMP_NS', ''],
  ])('reads Parquet instants %s as UTC', async (name, type, zone) => {
    await withDuckDb(async (connection) => {
      const root = join(folder, name);
      await mkdir(root);
      await connection.run(duckDbCreateTable(WINDOWED_METRICS));
      const at = (text: string) => `${type} '${text}${zone}'`;
      await connection.run(
        `COPY (SELECT * REPLACE (${at('2024-02-29 23:59:59.999')} AS from_timestamp, ${at('2024-03-01 00:00:00')} AS to_timestamp,
           ${at('2024-03-01 00:01:00')} AS emitted_at, '2024-02-29' AS dt) FROM (SELECT 1) LEFT JOIN windowed_metrics ON true)
         TO '${root}' (FORMAT parquet, PARTITION_BY (dt), OVERWRITE_OR_IGNORE)`,
      );
      const select = duckDbSelect(WINDOWED_METRICS, `${root}/dt=*/*.parquet`);
      expect(await rowsOf(connection, `SELECT from_timestamp, emitted_at, dt FROM (${select})`)).toEqual([
        { from_timestamp: '2024-02-29 23:59:59.999', emitted_at: '2024-03-01 00:01:00', dt: '2024-02-29' },
      ]);
      expect(await columnsOf(connection, select)).toEqual(
        await columnsOf(connection, duckDbEmptySelect(WINDOWED_METRICS)),
      );
    });
  });

  test('reads JSON fields by their camelCase names, absent ones as NULL, partitions from the path', async () => {
    await put('rejected/stage=metrics-etl/dt=2024-02-29/x.jsonl', [
      { runId: 'r', reason: 'late', message: 'm', line: 7, inputId: 'i', raw: 'a"b' },
    ]);
    await withDuckDb(async (connection) => {
      const select = duckDbSelect(REJECTED_RECORDS, join(folder, 'rejected/stage=*/dt=*/*.jsonl'));
      expect(await rowsOf(connection, select)).toEqual([
        {
          run_id: 'r',
          reason: 'late',
          message: 'm',
          file: null,
          line: '7',
          sequence_number: null,
          input_id: 'i',
          raw: 'a"b',
          raw_base64: null,
          truncated: null,
          stage: 'metrics-etl',
          dt: '2024-02-29',
        },
      ]);
    });
  });

  test('reads structures and maps of a run with camelCase fields', async () => {
    const counts = { read: 3, accepted: 1, duplicate: 0, external: 0, outOfRange: 1, rejected: 1 };
    await put('pipeline_runs/dt=2024-02-29/r.json', [
      {
        runId: 'r',
        counts,
        rejectedByReason: { 'min-above-max': 1 },
        replaced: ['k'],
        outputs: [{ uri: 'u', rows: 2 }],
      },
    ]);
    await withDuckDb(async (connection) => {
      const select = duckDbSelect(PIPELINE_RUNS, join(folder, 'pipeline_runs/dt=*/*.json'));
      expect(
        await rowsOf(
          connection,
          `SELECT counts."outOfRange" AS out, rejected_by_reason['min-above-max'] AS why, replaced[1] AS key, outputs[1].rows AS rows, dt FROM (${select})`,
        ),
      ).toEqual([{ out: '1', why: '1', key: 'k', rows: '2', dt: '2024-02-29' }]);
    });
  });

  test.each(TABLES.map((table) => [table.name, table] as const))(
    'gives %s the same columns empty, created and filled',
    async (name, table) => {
      await withDuckDb(async (connection) => {
        const expected = await columnsOf(connection, duckDbEmptySelect(table));
        expect(Object.keys(expected)).toEqual([...table.columns, ...table.partitions].map((column) => column.name));
        await connection.run(duckDbCreateTable(table));
        expect(await columnsOf(connection, `SELECT * FROM ${name}`)).toEqual(expected);
        expect(await rowsOf(connection, duckDbEmptySelect(table))).toEqual([]);
        if (table.format === 'parquet') return;
        const path = table.partitions.map((partition) => `${partition.name}=x`).join('/');
        await put(`same/${name}/${path}/a.json`, [{}]);
        expect(await columnsOf(connection, duckDbSelect(table, join(folder, `same/${name}/**/*.json`)))).toEqual(
          expected,
        );
      });
    },
  );

  test('quotes a path with an apostrophe', () => {
    expect(duckDbSelect(WINDOWED_METRICS, "/it's/*.parquet")).toContain("'/it''s/*.parquet'");
  });
});
