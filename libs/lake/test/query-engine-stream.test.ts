import { pbkdf2 } from 'node:crypto';
import { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '@pulselake/dashboards';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { errorPosition } from '../src/error-position.js';
import { DuckDbQueryEngine } from '../src/index.js';
import { openLake } from './support/lakes.js';
import { keptFolder } from './support/temporary-folder.js';

const folder = keptFolder();
let engine: DuckDbQueryEngine;

beforeAll(async () => {
  const lake = await openLake(`${folder.path}/lake`);
  engine = await DuckDbQueryEngine.open(lake.root, {
    setup: [
      'CREATE MACRO twice(x) AS x * 2',
      'CREATE SCHEMA fleet',
      'CREATE VIEW fleet.traffic_reports AS FROM memory.main.traffic_reports',
    ],
    schemas: ['fleet'],
  });
});
afterAll(async () => {
  await engine.close();
  folder.remove();
});

const partsOf = async (sql: string) => {
  const parts = [];
  for await (const part of engine.stream(sql)) parts.push(part);
  return parts;
};

describe('a result part by part', () => {
  it('has all rows in order, in parts of a bounded size', async () => {
    const parts = await partsOf('SELECT n, n % 7 AS rest FROM range(100_000) t(n)');
    expect(parts.length).toBeGreaterThan(10);
    expect(Math.max(...parts.map(({ rows }) => rows.length))).toBeLessThanOrEqual(2048);
    const rows = parts.flatMap((part) => part.rows);
    expect(rows).toHaveLength(100_000);
    expect(rows.every(([n, rest], index) => n === index && rest === index % 7)).toBe(true);
  });

  it('has one part with the columns when there are no rows', async () => {
    expect(await partsOf('SELECT 1 AS one WHERE false')).toEqual([
      { columns: [{ name: 'one', type: 'INTEGER' }], rows: [] },
    ]);
  });

  it('fails as a query does, before the first part', async () => {
    await expect(partsOf('DROP VIEW traffic_reports')).rejects.toBeInstanceOf(QueryError);
    await expect(partsOf('SELECT nothing')).rejects.toMatchObject({ position: { line: 1, column: 8 } });
  });

  it('ends the query when its reader leaves, and takes the next one', async () => {
    for await (const { rows } of engine.stream('SELECT * FROM range(1_000_000_000)')) {
      expect(rows.length).toBeGreaterThan(0);
      break;
    }
    expect((await engine.query('SELECT 1')).rows).toEqual([[1]]);
  });

  it('stops between two parts when its signal is aborted', async () => {
    const stop = new AbortController();
    const read = async () => {
      let parts = 0;
      for await (const part of engine.stream('SELECT * FROM range(1_000_000_000)', { signal: stop.signal })) {
        parts += Math.min(1, part.rows.length);
        if (parts === 3) stop.abort();
      }
    };
    await expect(read()).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a query that is stopped while it waits for a thread', () => {
  const LONG = 'SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE (a.range * b.range) % 7 = 3';

  it.each(['stream', 'streamAndReadUntil'] as const)(
    'ends: %s',
    async (name) => {
      const stop = new AbortController();
      // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its connection below
      const run = DuckDBConnection.prototype[name] as (...args: unknown[]) => Promise<unknown>;
      const spy = vi.spyOn(DuckDBConnection.prototype, name).mockImplementation(function (
        this: DuckDBConnection,
        ...args: unknown[]
      ) {
        // All threads are taken, so that what is aborted has not begun.
        for (let thread = 0; thread < 8; thread++) pbkdf2('a', 'b', 200_000, 64, 'sha512', () => undefined);
        const running = run.apply(this, args);
        stop.abort();
        return running as never;
      });
      onTestFinished(() => spy.mockRestore());
      const asked =
        name === 'stream'
          ? engine.stream(LONG, { signal: stop.signal }).next()
          : engine.query(LONG, { signal: stop.signal });
      await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    },
    20_000,
  );
});

describe('an engine that was set up', () => {
  it('knows functions and names of another dialect', async () => {
    expect((await engine.query('SELECT twice(21), (SELECT count(*) FROM fleet.traffic_reports)')).rows).toEqual([
      [42, 0],
    ]);
  });

  it.each([['CREATE MACRO thrice(x) AS x * 3'], ['SELECT * FROM elsewhere.traffic_reports'], ['DROP SCHEMA fleet']])(
    'fails on %s',
    async (sql) => {
      await expect(engine.query(sql)).rejects.toBeInstanceOf(QueryError);
    },
  );
});

describe('a query with parameters', () => {
  it('has them in the places of the question marks', async () => {
    const { rows } = await engine.query("SELECT ?, ? || '?'", { parameters: ['42', "'a''b'"] });
    expect(rows).toEqual([[42, "a'b?"]]);
  });

  it('fails on one that is more than a literal', async () => {
    await expect(engine.query('SELECT ?', { parameters: ["(SELECT 'x')"] })).rejects.toBeInstanceOf(QueryError);
  });
});

describe('values', () => {
  it('decimals are numbers as long as a double holds them', async () => {
    const { rows } = await engine.query(
      "SELECT 1.10, CAST('12345678901234567.89' AS DECIMAL(38,2)), CAST(-7 AS DECIMAL(38,0))",
    );
    expect(rows).toEqual([[1.1, '12345678901234567.89', -7]]);
  });
});

describe('the position of a fault', () => {
  const x300 = 'x'.repeat(300);
  it.each([
    ['a wrong word', 'SELECT 1 FROM WHERE 2', 1, 15],
    ['a column on the second line', 'SELECT 1,\n  foo FROM range(3)', 2, 3],
    ['a column behind letters beyond ASCII', "SELECT 'äß', foo FROM range(3)", 1, 14],
    ['a line that is shown in part', `SELECT '${x300}' AS a, foo, '${x300}z' FROM range(3)`, 1, 317],
    ['the end', 'SELECT 1 +\n 2 +', 2, 5],
  ])('%s', async (_, sql, line, column) => {
    await expect(engine.query(sql)).rejects.toMatchObject({ position: { line, column } });
  });

  it('is not guessed where DuckDB names none, or shows a part that stands twice', async () => {
    await expect(engine.query("SELECT error('no')")).rejects.toMatchObject({ position: undefined });
    expect(
      errorPosition('Binder Error: no\n\nLINE 1: ...1, foo, 1...\n                ^', '1, foo, 1, 1, foo, 1'),
    ).toBe(undefined);
  });
});
