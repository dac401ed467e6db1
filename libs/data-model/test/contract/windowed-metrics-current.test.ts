import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  duckDbCreateTable,
  duckDbSelect,
  WINDOWED_METRICS,
  WINDOWED_METRICS_CURRENT_COLUMNS,
  windowedMetricsCurrentView,
} from '../../src/index.js';
import { rowsOf, withDuckDb } from '../support/duckdb.js';

interface Row {
  metric?: string;
  min?: number;
  max?: number;
  sum?: number | null;
  count?: number | null;
  source?: string;
  part?: string | null;
  revision?: number;
  emitted?: string;
  input?: string;
  from?: string;
  dt?: string;
}

const literal = (value: string | number | null) => (typeof value === 'string' ? `'${value}'` : String(value));

/** Inserts rows of one component and gives what the view shows, ordered by metric and source. */
async function currentOf(rows: readonly Row[], select = '*'): Promise<Record<string, unknown>[]> {
  return withDuckDb(async (connection) => {
    await connection.run(duckDbCreateTable(WINDOWED_METRICS));
    for (const row of rows) {
      const { metric = 'm', min = 1, max = 9, sum = 10, count = 2, source = 'stream', part = '', revision = 0 } = row;
      const { emitted = '2024-05-01 12:06:00', input = '', from = '2024-05-01 12:00:00', dt = '2024-05-01' } = row;
      const delivered = {
        ...{ component_name: 'c', metric_name: metric, unit: 'ms' },
        ...{ min_value: min, max_value: max, sum_value: sum, sample_count: count },
        ...{ from_timestamp: from, to_timestamp: '2024-05-01 12:05:00' },
        ...{ source, part_id: part, revision, emitted_at: emitted, input_id: input, dt },
      };
      const values = Object.values(delivered).map(literal).join(', ');
      await connection.run(`INSERT INTO windowed_metrics (${Object.keys(delivered).join(', ')}) VALUES (${values})`);
    }
    return rowsOf(connection, `SELECT ${select} FROM (${windowedMetricsCurrentView('duckdb')}) ORDER BY ALL`);
  });
}

const STATISTICS = 'min_value, max_value, sum_value, sample_count, avg_value';

describe('windowed_metrics_current', () => {
  test('gives every column in its order, instants as they came', async () => {
    const [row] = await currentOf([{}]);
    expect(Object.keys(row ?? {})).toEqual(WINDOWED_METRICS_CURRENT_COLUMNS.map(({ name }) => name));
    expect(row).toEqual({
      component_name: 'c',
      metric_name: 'm',
      unit: 'ms',
      min_value: 1,
      max_value: 9,
      sum_value: 10,
      sample_count: '2',
      avg_value: 5,
      from_timestamp: '2024-05-01 12:00:00',
      to_timestamp: '2024-05-01 12:05:00',
      source: 'stream',
      revision: 0,
      emitted_at: '2024-05-01 12:06:00',
      dt: '2024-05-01',
    });
  });

  test('counts a window that was delivered twice once', async () => {
    expect(await currentOf([{}, {}], STATISTICS)).toEqual([
      { min_value: 1, max_value: 9, sum_value: 10, sample_count: '2', avg_value: 5 },
    ]);
  });

  test('prefers the highest revision to the latest emission', async () => {
    const corrected = { revision: 2, sum: 30, count: 3, emitted: '2024-05-01 12:00:01' };
    expect(
      await currentOf([{ revision: 1, emitted: '2024-05-02 00:00:00' }, corrected], 'sum_value, revision'),
    ).toEqual([{ sum_value: 30, revision: 2 }]);
  });

  test.each([
    ['the latest emission', { emitted: '2024-05-01 12:07:00', max: 1 }, { max: 8 }, 'max_value', 1],
    ['then the highest maximum', { max: 9 }, { max: 8 }, 'max_value', 9],
    ['then the lowest minimum', { min: -1, sum: 1 }, { min: 1, sum: 0 }, 'sum_value', 1],
    ['then the lowest sum', { sum: 4, count: 5 }, { sum: 5, count: 2 }, 'sum_value', 4],
    ['then any sum before none', { sum: 5 }, { sum: null }, 'sum_value', 5],
    ['then the lowest count', { count: 4 }, { count: 5 }, 'sample_count', '4'],
    ['then any count before none', { count: 4 }, { count: null }, 'sample_count', '4'],
  ] satisfies [string, Row, Row, string, unknown][])(
    'chooses among equal revisions %s',
    async (_name, winner, loser, column, expected) => {
      expect(await currentOf([winner, loser], column)).toEqual([{ [column]: expected }]);
      expect(await currentOf([loser, winner], column)).toEqual([{ [column]: expected }]);
    },
  );

  test('merges the parts of a window, of each the latest revision', async () => {
    const rows = [
      { part: 'a', min: 2, max: 3, sum: 5, count: 2, input: 'a' },
      { part: 'b', min: -7, max: 1, sum: -6, count: 2, input: 'b' },
      { part: 'b', min: -7, max: 11, sum: 5, count: 3, revision: 1, emitted: '2024-05-03 00:00:00', input: 'b2' },
    ];
    expect(await currentOf(rows, `${STATISTICS}, revision, emitted_at`)).toEqual([
      {
        min_value: -7,
        max_value: 11,
        sum_value: 10,
        sample_count: '5',
        avg_value: 2,
        revision: 1,
        emitted_at: '2024-05-03 00:00:00',
      },
    ]);
  });

  test('takes a part without a name and an empty one for the same', async () => {
    expect(await currentOf([{ part: null }, { part: '' }], 'sample_count')).toEqual([{ sample_count: '2' }]);
  });

  test('does not tell inputs apart within a part', async () => {
    expect(await currentOf([{ input: 'a' }, { input: 'b' }], 'sample_count')).toEqual([{ sample_count: '2' }]);
  });

  test('has no sum when one part has none, and no average', async () => {
    expect(await currentOf([{ part: 'a', sum: null }, { part: 'b' }], STATISTICS)).toEqual([
      { min_value: 1, max_value: 9, sum_value: null, sample_count: '4', avg_value: null },
    ]);
  });

  test('has no count when one part has none, and no average', async () => {
    expect(await currentOf([{ part: 'a', count: null }, { part: 'b' }], STATISTICS)).toEqual([
      { min_value: 1, max_value: 9, sum_value: 20, sample_count: null, avg_value: null },
    ]);
  });

  test('has no sum when the sum of the parts is beyond double', async () => {
    const rows = ['a', 'b'].map((part) => ({ part, sum: 1.7e308, max: 1.7e308 }));
    expect(await currentOf(rows, 'sum_value, avg_value')).toEqual([{ sum_value: null, avg_value: null }]);
  });

  test('keeps stream and batch, units of time and metrics apart', async () => {
    const rows = [{}, { source: 'batch' }, { metric: 'other' }, { from: '2024-05-01 12:00:00.001' }];
    expect(await currentOf(rows, 'sample_count')).toHaveLength(4);
  });

  test('reads the relation it is given', () => {
    expect(windowedMetricsCurrentView('athena', { from: '"lake"."windowed_metrics"' })).toContain(
      'FROM "lake"."windowed_metrics"\n',
    );
  });

  test('opens only the files of the day that is asked for', async () => {
    const root = await mkdtemp(join(tmpdir(), 'pulselake-view-'));
    try {
      await withDuckDb(async (connection) => {
        await connection.run(duckDbCreateTable(WINDOWED_METRICS));
        await connection.run(
          `COPY (SELECT * REPLACE ('2024-05-01' AS dt) FROM (SELECT 1) LEFT JOIN windowed_metrics ON true)
           TO '${root}' (FORMAT parquet, PARTITION_BY (dt), OVERWRITE_OR_IGNORE)`,
        );
        await mkdir(join(root, 'dt=2024-05-02'));
        await writeFile(join(root, 'dt=2024-05-02', 'x.parquet'), 'no Parquet at all');
        const from = `(${duckDbSelect(WINDOWED_METRICS, `${root}/dt=*/*.parquet`)})`;
        const view = `SELECT dt FROM (${windowedMetricsCurrentView('duckdb', { from })})`;
        expect(await rowsOf(connection, `${view} WHERE dt = '2024-05-01'`)).toEqual([{ dt: '2024-05-01' }]);
        await expect(rowsOf(connection, view)).rejects.toThrow('dt=2024-05-02');
      });
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
