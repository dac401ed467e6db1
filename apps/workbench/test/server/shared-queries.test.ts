import type { QueryOptions, QueryResult } from '@pulselake/dashboards';
import { describe, expect, test } from 'vitest';
import { SharedQueries } from '../../src/server/shared-queries.js';

interface Asked {
  readonly sql: string;
  readonly signal: AbortSignal;
  readonly answer: () => void;
  readonly fail: (error: Error) => void;
}

/** An engine that answers when the test says so. */
function setUp(concurrent?: number) {
  const asked: Asked[] = [];
  const engine = {
    query: (sql: string, options: QueryOptions = {}) =>
      new Promise<QueryResult>((resolve, reject) => {
        const signal = options.signal!;
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        asked.push({ sql, signal, fail: reject, answer: () => resolve({ columns: [], rows: [[sql]] }) });
      }),
    close: () => Promise.resolve(),
  };
  return { asked, shared: new SharedQueries(engine, concurrent) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('SharedQueries', () => {
  test('fifty viewers of the same panel are one query', async () => {
    const { asked, shared } = setUp();
    const answers = Array.from({ length: 50 }, () => shared.query('SELECT 1', { maxRows: 10 }));
    await turn();
    expect(asked.map(({ sql }) => sql)).toEqual(['SELECT 1']);
    asked[0]!.answer();
    expect(new Set((await Promise.all(answers)).map(({ rows }) => rows))).toHaveLength(1);
    // What is asked afterwards is asked anew: the lake may have changed.
    void shared.query('SELECT 1', { maxRows: 10 });
    await turn();
    expect(asked).toHaveLength(2);
  });

  test('queries that differ in anything are not shared', async () => {
    const { asked, shared } = setUp(10);
    for (const options of [{}, { maxRows: 1 }, { maxRows: 2 }, { parameters: ['1'] }])
      void shared.query('SELECT 1', options);
    void shared.query('SELECT 2');
    await turn();
    expect(asked).toHaveLength(5);
  });

  test('one viewer who leaves does not end the query of the others; the last one does', async () => {
    const { asked, shared } = setUp();
    const [first, second] = [new AbortController(), new AbortController()];
    const answers = [first, second].map(({ signal }) =>
      shared.query('SELECT 1', { signal }).catch((error: unknown) => error),
    );
    await turn();
    first.abort(new Error('gone'));
    expect(await answers[0]).toMatchObject({ message: 'gone' });
    expect(asked[0]!.signal.aborted).toBe(false);
    second.abort(new Error('gone too'));
    expect(await answers[1]).toMatchObject({ message: 'gone too' });
    expect(asked[0]!.signal.aborted).toBe(true);
    // One who comes then gets a query of his own.
    const late = shared.query('SELECT 1');
    await turn();
    asked[1]!.answer();
    expect((await late).rows).toEqual([['SELECT 1']]);
  });

  test('a failure reaches everyone who waits, and only them', async () => {
    const { asked, shared } = setUp();
    const answers = [1, 2].map(() => shared.query('SELECT 1').catch((error: unknown) => error));
    await turn();
    asked[0]!.fail(new Error('no'));
    expect(await Promise.all(answers)).toMatchObject([{ message: 'no' }, { message: 'no' }]);
    const next = shared.query('SELECT 1');
    await turn();
    asked[1]!.answer();
    expect((await next).rows).toEqual([['SELECT 1']]);
  });

  test('more queries than the machine bears wait, and are never asked when nobody waits for them', async () => {
    const { asked, shared } = setUp(2);
    const leaves = new AbortController();
    const first = shared.query('SELECT 1');
    void shared.query('SELECT 2');
    const third = shared.query('SELECT 3', { signal: leaves.signal }).catch((error: unknown) => error);
    const fourth = shared.query('SELECT 4');
    await turn();
    expect(asked.map(({ sql }) => sql)).toEqual(['SELECT 1', 'SELECT 2']);
    leaves.abort(new Error('gone'));
    await third;
    asked[0]!.answer();
    await first;
    await turn();
    expect(asked.map(({ sql }) => sql)).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 4']);
    asked[2]!.answer();
    expect((await fourth).rows).toEqual([['SELECT 4']]);
  });
});
