import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBConnection } from '@duckdb/node-api';
import { TABLES, WINDOWED_METRICS_CURRENT_COLUMNS } from '@pulselake/data-model';
import { QueryError } from '@pulselake/dashboards';
import { DuckDbQueryEngine, globOf, type Lake } from '../src/index.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { commitTexts, openLake } from './support/lakes.js';
import { commitWindows, DAY_ONE_MS, fillSmallLake } from './support/small-lake.js';
import { temporaryFolder } from './support/temporary-folder.js';

async function openEngine(lake: Lake): Promise<DuckDbQueryEngine> {
  const engine = await DuckDbQueryEngine.open(lake.root);
  onTestFinished(() => engine.close());
  return engine;
}

async function emptyLake() {
  const lake = await openLake(temporaryFolder());
  return { lake, engine: await openEngine(lake) };
}

const LONG = 'SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE (a.range * b.range) % 7 = 3';

describe('the query engine on an empty lake', () => {
  it.each(TABLES.map((table) => [table.name, table] as const))(
    'shows %s as empty, with its columns',
    async (name, table) => {
      const { engine } = await emptyLake();
      const { columns, rows } = await engine.query(`SELECT * FROM ${name}`);
      expect(rows).toEqual([]);
      expect(columns.map((column) => column.name)).toEqual([
        ...table.columns.map((column) => column.name),
        ...table.partitions.map((partition) => partition.name),
      ]);
    },
  );

  it('shows the view with the columns of the contract', async () => {
    const { engine } = await emptyLake();
    const { columns } = await engine.query('SELECT * FROM windowed_metrics_current');
    expect(columns.map(({ name }) => name)).toEqual(WINDOWED_METRICS_CURRENT_COLUMNS.map(({ name }) => name));
    expect(columns.find(({ name }) => name === 'sample_count')!.type).toBe('BIGINT');
    expect(columns.find(({ name }) => name === 'from_timestamp')!.type).toBe('TIMESTAMP');
  });

  it('has the same columns and types once there are rows', async () => {
    const { lake, engine } = await emptyLake();
    const typesOf = async (name: string) => (await engine.query(`SELECT * FROM ${name} LIMIT 0`)).columns;
    const names = [...TABLES.map(({ name }) => name), 'windowed_metrics_current'];
    const empty = await Promise.all(names.map(typesOf));

    await fillSmallLake(lake);
    await commitTexts(lake, 'enriched', {
      'traffic_reports_enriched/report_date=2024-03-01/report.json': '{"id":"1","metrics":[]}\n',
    });

    expect(await Promise.all(names.map(typesOf))).toEqual(empty);
    for (const name of names) {
      const { rows } = await engine.query(`SELECT count(*) FROM ${name}`);
      expect(rows[0]![0], name).toBeGreaterThan(0);
    }
  });

  it('is not disturbed by files that are none of a table', async () => {
    const { lake, engine } = await emptyLake();
    await commitTexts(lake, 'foreign', {
      'windowed_metrics/dt=2024-03-01/.DS_Store': 'x',
      'windowed_metrics/deep/dt=2024-03-01/a.parquet': 'x',
      'rejected/stage=redrive/dt=2024-03-01/a.json': 'x',
      'traffic_reports/readme.json': 'x',
    });
    for (const { name } of TABLES) await expect(engine.query(`FROM ${name}`)).resolves.toHaveProperty('rows');
  });

  it('sees files as they come and go, also from many queries at once', async () => {
    const { lake, engine } = await emptyLake();
    const count = async () => (await engine.query('SELECT count(*) FROM windowed_metrics')).rows[0]![0];
    expect(await count()).toBe(0);
    await commitWindows(lake, 'one', [{ minValue: 1, maxValue: 1, fromMs: DAY_ONE_MS }]);
    expect(await Promise.all(Array.from({ length: 8 }, count))).toEqual(Array.from({ length: 8 }, () => 1));
    rmSync(join(lake.root, 'windowed_metrics'), { recursive: true });
    expect(await count()).toBe(0);
  });
});

describe('a query', () => {
  it('reads a lake whose folder has quotes, spaces and glob characters in its name', async () => {
    const lake = await openLake(join(temporaryFolder(), `it's [a] "lake" *?`));
    await commitWindows(lake, 'one', [{ minValue: 1, maxValue: 1, fromMs: DAY_ONE_MS }]);
    const engine = await openEngine(lake);
    expect((await engine.query('SELECT dt FROM windowed_metrics')).rows).toEqual([['2024-03-01']]);
    expect(globOf('/lakes/a*', TABLES[0]!)).toBe('/lakes/a[*]/windowed_metrics/dt=*/*.parquet');
  });

  it('gives values that JSON can hold without loss', async () => {
    const { engine } = await emptyLake();
    const { columns, rows } = await engine.query(`SELECT
      TIMESTAMP '2024-03-01 00:00:00' AS seconds, TIMESTAMP '1969-12-31 23:59:59.000001' AS micros,
      TIMESTAMPTZ '2024-03-01 01:00:00.5+01' AS zoned, TIMESTAMP_NS '2024-03-01 00:00:00.123456789' AS nanos,
      TIMESTAMP_MS '2024-03-01 00:00:00.123' AS millis, TIMESTAMP_S '2024-03-01 00:00:00' AS whole,
      9007199254740991::BIGINT AS safe, 9007199254740993::BIGINT AS big, -9007199254740993::HUGEINT AS huge,
      1.25::DECIMAL(8, 2) AS exact, 'x\u{1F600}' AS text, NULL AS nothing, true AS yes, '\\x00\\xFF'::BLOB AS bytes,
      [1, 2] AS list, {'a': {'b': [1.5]}} AS struct, MAP {'late': 3} AS map, DATE '2024-03-01' AS day`);
    expect(Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]![index]]))).toEqual({
      seconds: '2024-03-01T00:00:00.000Z',
      micros: '1969-12-31T23:59:59.000001Z',
      zoned: '2024-03-01T00:00:00.500Z',
      nanos: '2024-03-01T00:00:00.123456Z',
      millis: '2024-03-01T00:00:00.123Z',
      whole: '2024-03-01T00:00:00.000Z',
      safe: 9007199254740991,
      big: '9007199254740993',
      huge: '-9007199254740993',
      exact: 1.25,
      text: 'x\u{1F600}',
      nothing: null,
      yes: true,
      bytes: 'AP8=',
      list: [1, 2],
      struct: { a: { b: [1.5] } },
      map: { late: 3 },
      day: '2024-03-01',
    });
    expect(columns.find(({ name }) => name === 'big')!.type).toBe('BIGINT');
  });

  it('gives instants of the tables as texts with three fraction digits', async () => {
    const { lake, engine } = await emptyLake();
    await commitWindows(lake, 'one', [{ minValue: 1, maxValue: 1, fromMs: DAY_ONE_MS + 1 }]);
    const { rows } = await engine.query(
      'SELECT from_timestamp, to_timestamp, emitted_at FROM windowed_metrics_current',
    );
    expect(rows).toEqual([['2024-03-01T00:00:00.001Z', '2024-03-01T00:05:00.001Z', '2024-03-01T00:00:00.000Z']]);
  });

  it('may return as many rows as asked for, and fails with one more', async () => {
    const { engine } = await emptyLake();
    expect((await engine.query('FROM range(3)', { maxRows: 3 })).rows).toHaveLength(3);
    const attempt = engine.query('FROM range(4)', { maxRows: 3 });
    await expect(attempt).rejects.toBeInstanceOf(QueryError);
    await expect(attempt).rejects.toThrow('The result has more than 3 rows. Add a LIMIT, or aggregate.');
  });

  it('stops soon when its signal is aborted', async () => {
    const { engine } = await emptyLake();
    const controller = new AbortController();
    const attempt = engine.query(LONG, { signal: controller.signal });
    setTimeout(() => controller.abort(), 300);
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
    expect((await engine.query('SELECT 1')).rows).toEqual([[1]]);
  }, 20_000);

  it.each([0, 1, 2, 4, 8])(
    'stops when its signal is aborted %i turns after its start',
    async (turns) => {
      const { engine } = await emptyLake();
      const controller = new AbortController();
      const attempt = engine.query(LONG, { signal: controller.signal });
      const assessed = expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      await assessed;
    },
    20_000,
  );

  it('does not start when its signal was aborted before', async () => {
    const { engine } = await emptyLake();
    await expect(engine.query('SELECT 1', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('reads what is left when files vanished between the listing and the read', async () => {
    const { lake, engine } = await emptyLake();
    await commitWindows(lake, 'one', [{ minValue: 1, maxValue: 1, fromMs: DAY_ONE_MS }]);
    const sql = 'SELECT count(*) FROM windowed_metrics';
    expect((await engine.query(sql)).rows).toEqual([[1]]);
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its connection below
    const read = DuckDBConnection.prototype.streamAndReadUntil;
    let reads = 0;
    const spy = vi.spyOn(DuckDBConnection.prototype, 'streamAndReadUntil').mockImplementation(function (
      this: DuckDBConnection,
      ...args
    ) {
      if (reads++ === 0) rmSync(join(lake.root, 'windowed_metrics/dt=2024-03-01/one-0.parquet'));
      return read.apply(this, args);
    });
    onTestFinished(() => spy.mockRestore());

    expect((await engine.query(sql)).rows).toEqual([[0]]);
    expect(reads).toBe(2);
  });

  it('fails when a file cannot be found the second time either', async () => {
    const { engine } = await emptyLake();
    const gone = new Error('IO Error: Cannot open file "a.parquet": No such file or directory');
    const spy = vi.spyOn(DuckDBConnection.prototype, 'streamAndReadUntil').mockRejectedValue(gone);
    onTestFinished(() => spy.mockRestore());
    await expect(engine.query('SELECT 1')).rejects.toBeInstanceOf(QueryError);
    expect(spy).toHaveBeenCalledTimes(2);
  });

  it('fails with a QueryError that keeps what DuckDB says', async () => {
    const { engine } = await emptyLake();
    await expect(engine.query('SELECT nothing FROM windowed_metrics')).rejects.toMatchObject({
      name: 'QueryError',
      message: expect.stringMatching(/column "nothing" not found/) as unknown,
      cause: expect.any(Error) as unknown,
    });
    await expect(engine.query('SELEC 1')).rejects.toBeInstanceOf(QueryError);
  });

  it('fails on a file that is no Parquet, instead of skipping it', async () => {
    const { lake, engine } = await emptyLake();
    await commitWindows(lake, 'one', [{ minValue: 1, maxValue: 1, fromMs: DAY_ONE_MS }]);
    const path = join(lake.root, 'windowed_metrics/dt=2024-03-01/one-0.parquet');
    writeFileSync(path, 'PAR1 no more');
    utimesSync(path, 1, 1);
    await expect(engine.query('SELECT count(*) FROM windowed_metrics')).rejects.toBeInstanceOf(QueryError);
  });
});
