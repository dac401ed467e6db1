import { setTimeout as sleepFor } from 'node:timers/promises';
import { QueryError, type QueryOptions } from '@pulselake/dashboards';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  AthenaAccessDeniedError,
  AthenaCredentialsError,
  AthenaDeadlineError,
  AthenaQueryEngine,
  type AthenaQueryEngineOptions,
  AthenaThrottledError,
  AthenaUnreachableError,
  AthenaWorkGroupError,
  isRetryable,
} from '../src/index.js';
import { type Answer, FakeAthena, type Script } from './support/fake-athena.js';
import { clientOf, ID, ONE_ROW, results, STARTED, state, SUCCESS } from './support/script.js';

interface Asked extends Partial<AthenaQueryEngineOptions> {
  readonly maxAttempts?: number;
}

async function engineOn(script: Script, { maxAttempts = 1, ...options }: Asked = {}) {
  const athena = await FakeAthena.serve({ ...SUCCESS, ...script });
  const client = clientOf(athena.url, { maxAttempts });
  const waits: number[] = [];
  let nowMs = 0;
  const engine = new AthenaQueryEngine({
    client,
    clock: () => nowMs,
    // Time passes by waiting only.
    sleep: (ms, signal) => {
      waits.push(ms);
      nowMs += ms;
      return sleepFor(1, undefined, { signal });
    },
    ...options,
  });
  onTestFinished(async () => {
    await engine.close();
    client.destroy();
  });
  return { athena, engine, waits };
}

const failureOf = async (script: Script, options: Asked = {}, queryOptions: QueryOptions = {}) => {
  const { athena, engine } = await engineOn(script, options);
  const error: unknown = await engine.query('SELECT 1', queryOptions).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  await engine.close();
  return { error, athena, stops: athena.asked('StopQueryExecution') };
};

describe('a query', () => {
  it('is started, waited for, and read', async () => {
    const { athena, engine, waits } = await engineOn({});
    const result = await engine.query('SELECT 7 AS n');
    expect(result.columns).toEqual([{ name: 'n', type: 'integer' }]);
    expect(result.rows).toEqual([[7]]);
    expect(athena.requests.map(({ operation }) => operation)).toEqual([
      'StartQueryExecution',
      'GetQueryExecution',
      'GetQueryExecution',
      'GetQueryExecution',
      'GetQueryResults',
    ]);
    expect(waits).toEqual([100, 200, 400]);
  });

  it('is looked at ever more seldom, up to the longest wait', async () => {
    const { engine, waits } = await engineOn({
      GetQueryExecution: [...Array<Answer>(8).fill(state('RUNNING')), state('SUCCEEDED')],
    });
    await engine.query('SELECT 1');
    expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000]);
  });

  it('says where and how it runs', async () => {
    const { athena, engine } = await engineOn(
      {},
      {
        workGroup: 'team',
        database: 'pulselake',
        catalog: 'AwsDataCatalog',
        outputLocation: 's3://bucket/results/',
        resultReuseMinutes: 30,
        newToken: () => 't'.repeat(32),
      },
    );
    await engine.query('SELECT ?', { parameters: ["'a'", '1'] });
    expect(athena.asked('StartQueryExecution')).toEqual([
      {
        QueryString: 'SELECT ?',
        ClientRequestToken: 't'.repeat(32),
        WorkGroup: 'team',
        QueryExecutionContext: { Database: 'pulselake', Catalog: 'AwsDataCatalog' },
        ResultConfiguration: { OutputLocation: 's3://bucket/results/' },
        ExecutionParameters: ["'a'", '1'],
        ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 30 } },
      },
    ]);
  });

  it('keeps its token when the start is tried again, and has another one the next time', async () => {
    const { athena, engine } = await engineOn({ StartQueryExecution: ['reset', STARTED] }, { maxAttempts: 3 });
    await engine.query('SELECT 1');
    await engine.query('SELECT 1');
    const tokens = athena.asked('StartQueryExecution').map((input) => input['ClientRequestToken']);
    expect(tokens).toHaveLength(3);
    expect(tokens[0]).toBe(tokens[1]);
    expect(tokens[2]).not.toBe(tokens[0]);
    expect(String(tokens[0]).length).toBeGreaterThanOrEqual(32);
  });

  it('tells what it scanned and what that cost', async () => {
    const { engine } = await engineOn({}, { pricePerTbUsd: 6 });
    const { statistics } = await engine.query('SELECT 1');
    expect(statistics).toEqual({
      queryId: ID,
      bytesScanned: 25_000_000,
      isReused: false,
      costUsd: (24 * 1024 ** 2 * 6) / 1024 ** 4,
    });
  });

  it.each([
    [
      'a reused result',
      state('SUCCEEDED', {
        statistics: { DataScannedInBytes: 0, ResultReuseInformation: { ReusedPreviousResult: true } },
      }),
      { isReused: true, costUsd: 0 },
    ],
    ['what is no query', state('SUCCEEDED', { type: 'DDL' }), { isReused: false, costUsd: 0 }],
  ])('costs nothing for %s', async (_, execution, expected) => {
    const { engine } = await engineOn({ GetQueryExecution: [execution] });
    expect((await engine.query('SELECT 1')).statistics).toMatchObject(expected);
  });

  it('does not invent bytes that Athena does not tell', async () => {
    const { engine } = await engineOn({ GetQueryExecution: [state('SUCCEEDED', { statistics: {} })] });
    expect((await engine.query('SELECT 1')).statistics).toEqual({ queryId: ID, isReused: false });
  });
});

describe('pages', () => {
  const COLUMNS = [
    ['n', 'bigint'],
    ['text', 'varchar'],
  ] as const;
  const PAGES = 101;
  /** The header and 999 rows first, as Athena does, then 1,000 each. */
  const page = (token: unknown): Answer => {
    const at = token === undefined ? 0 : Number(token);
    const rows = Array.from({ length: at === 0 ? 999 : 1000 }, (_, index) => {
      const n = at === 0 ? index : at * 1000 - 1 + index;
      return [String(n), n % 2 === 0 ? null : ''];
    });
    return results(COLUMNS, at === 0 ? [['n', 'text'], ...rows] : rows, at + 1 < PAGES ? String(at + 1) : undefined);
  };
  const script: Script = { GetQueryResults: ({ NextToken }) => page(NextToken) };

  it('of 100,999 rows are read in order, NULL told from the empty text', async () => {
    const { athena, engine } = await engineOn(script);
    const { rows } = await engine.query('SELECT 1');
    expect(rows).toHaveLength(100_999);
    expect(rows.every(([n, text], index) => n === index && text === (index % 2 === 0 ? null : ''))).toBe(true);
    expect(athena.asked('GetQueryResults')).toHaveLength(PAGES);
  });

  it('come one at a time, and no further than the reader goes', async () => {
    const { athena, engine } = await engineOn(script);
    const sizes: number[] = [];
    for await (const { rows } of engine.stream('SELECT 1')) {
      sizes.push(rows.length);
      if (sizes.length === 2) break;
    }
    expect(sizes).toEqual([999, 1000]);
    expect(athena.asked('GetQueryResults')).toHaveLength(2);
  });

  it('end with an error when there are more rows than wanted', async () => {
    const { athena, engine } = await engineOn(script);
    const attempt = engine.query('SELECT 1', { maxRows: 1500 });
    await expect(attempt).rejects.toBeInstanceOf(QueryError);
    await expect(attempt).rejects.toThrow('The result has more than 1500 rows');
    expect(athena.asked('GetQueryResults')).toHaveLength(2);
  });

  it.each([
    ['a query, whose header is dropped', state('SUCCEEDED'), [['n'], ['n'], ['1']], [['n'], ['1']]],
    ['a query with an empty result', state('SUCCEEDED'), [['n']], []],
    [
      'SHOW, whose first row may look like one',
      state('SUCCEEDED', { type: 'UTILITY', subtype: 'SHOW_TABLES' }),
      [['n'], ['t']],
      [['n'], ['t']],
    ],
    ['EXPLAIN', state('SUCCEEDED', { type: 'UTILITY', subtype: 'EXPLAIN' }), [['n'], ['plan']], [['plan']]],
    ['EXPLAIN without one', state('SUCCEEDED', { type: 'UTILITY', subtype: 'EXPLAIN' }), [['plan']], [['plan']]],
    ['DDL without rows', state('SUCCEEDED', { type: 'DDL', subtype: 'CREATE_TABLE' }), [], []],
  ])('of %s', async (_, execution, rows, expected) => {
    const { engine } = await engineOn({
      GetQueryExecution: [execution],
      GetQueryResults: [results([['n', 'varchar']], rows)],
    });
    expect((await engine.query('SELECT 1')).rows).toEqual(expected);
  });

  it('that are throttled are asked for again', async () => {
    const throttled: Answer = { fault: 'TooManyRequestsException', message: 'Rate exceeded' };
    const { engine } = await engineOn({ GetQueryResults: [throttled, throttled, ONE_ROW] });
    expect((await engine.query('SELECT 1')).rows).toEqual([[7]]);
  });
});

describe('a query that fails', () => {
  it('fails with the reason of Athena, and its place', async () => {
    const reason = "SYNTAX_ERROR: line 3:17: Column 'foo' cannot be resolved";
    const { error, stops } = await failureOf({ GetQueryExecution: [state('RUNNING'), state('FAILED', { reason })] });
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ message: reason, position: { line: 3, column: 17 } });
    expect(stops).toEqual([]);
  });

  it('fails when somebody else cancels it', async () => {
    const { error, stops } = await failureOf({
      GetQueryExecution: [state('CANCELLED', { reason: 'Query cancelled by user' })],
    });
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ message: 'The query was cancelled: Query cancelled by user' });
    expect(stops).toEqual([]);
  });

  it('fails at once on a statement that Athena does not take', async () => {
    const { error } = await failureOf({
      StartQueryExecution: [
        { fault: 'InvalidRequestException', message: "line 1:1: mismatched input 'SELEC'. Expecting: 'SELECT'" },
      ],
    });
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ position: { line: 1, column: 1 } });
  });

  const FAULTS: [string, Answer, abstract new (...args: never[]) => Error, boolean][] = [
    ['throttling', { fault: 'TooManyRequestsException', message: 'Rate exceeded' }, AthenaThrottledError, true],
    [
      'throttling by another name',
      { fault: 'ThrottlingException', message: 'Rate exceeded' },
      AthenaThrottledError,
      true,
    ],
    [
      'no permission',
      { fault: 'AccessDeniedException', message: 'User x is not authorized to perform: athena:StartQueryExecution' },
      AthenaAccessDeniedError,
      false,
    ],
    [
      'expired credentials',
      { fault: 'ExpiredTokenException', message: 'The security token included in the request is expired' },
      AthenaCredentialsError,
      false,
    ],
    [
      'wrong credentials',
      { fault: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' },
      AthenaCredentialsError,
      false,
    ],
    [
      'a wrong signature',
      { fault: 'InvalidSignatureException', message: 'Signature expired' },
      AthenaCredentialsError,
      false,
    ],
    [
      'an unknown work group',
      { fault: 'InvalidRequestException', message: 'WorkGroup team is not found.' },
      AthenaWorkGroupError,
      false,
    ],
    [
      'no place for results',
      {
        fault: 'InvalidRequestException',
        message:
          'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
      },
      AthenaWorkGroupError,
      false,
    ],
    [
      'a fault of Athena',
      { fault: 'InternalServerException', message: 'oops', status: 500 },
      AthenaUnreachableError,
      true,
    ],
    [
      'a page of a proxy',
      { html: '<html>\n<body>Bad gateway</body></html>', status: 502 },
      AthenaUnreachableError,
      true,
    ],
    [
      'a page of a portal that says all is well',
      { html: '<html>Sign in</html>', status: 200 },
      AthenaUnreachableError,
      true,
    ],
    ['a connection that is cut', 'reset', AthenaUnreachableError, true],
    ['no answer', 'hang', AthenaUnreachableError, true],
    ['an answer that stalls', 'stall', AthenaUnreachableError, true],
    ['an answer without an id', { body: {} }, AthenaUnreachableError, true],
  ];

  it.each(FAULTS)('fails at the start on %s', async (_, answer, type, retryable) => {
    const { error, stops } = await failureOf({ StartQueryExecution: [answer] });
    expect(error).toBeInstanceOf(type);
    expect(isRetryable(error)).toBe(retryable);
    expect((error as Error).message).not.toContain('\n');
    expect(stops).toEqual([]);
  });

  it.each(FAULTS.filter(([, , type]) => type !== AthenaThrottledError))(
    'is stopped when looking at it fails on %s',
    async (_, answer, type) => {
      const { error, stops } = await failureOf({ GetQueryExecution: [state('RUNNING'), answer] });
      if (type !== AthenaWorkGroupError) expect(error).toBeInstanceOf(type);
      expect(stops).toEqual([{ QueryExecutionId: ID }]);
    },
  );

  it.each(FAULTS.filter(([, , type]) => type !== AthenaThrottledError && type !== AthenaWorkGroupError).slice(0, -1))(
    'fails when its result cannot be read: %s',
    async (_, answer, type) => {
      const { error, stops } = await failureOf({ GetQueryResults: [answer] });
      expect(error).toBeInstanceOf(type);
      // It has ended: there is nothing to stop.
      expect(stops).toEqual([]);
    },
  );

  it('fails on a page whose token has expired', async () => {
    const { error } = await failureOf({
      GetQueryResults: [
        results([['n', 'integer']], [['n'], ['1']], 'token'),
        { fault: 'InvalidRequestException', message: 'Query has expired' },
      ],
    });
    expect(error).toBeInstanceOf(QueryError);
    expect(error).toMatchObject({ message: 'Query has expired' });
  });

  it('bears a throttled look, and goes on', async () => {
    const throttled: Answer = { fault: 'TooManyRequestsException', message: 'Rate exceeded' };
    const { engine } = await engineOn({ GetQueryExecution: [throttled, throttled, state('SUCCEEDED')] });
    expect((await engine.query('SELECT 1')).rows).toEqual([[7]]);
  });

  it('bears a reset and a 500, which are tried again', async () => {
    const { athena, engine } = await engineOn(
      { GetQueryResults: ['reset', { html: 'x', status: 500 }, ONE_ROW] },
      { maxAttempts: 4 },
    );
    expect((await engine.query('SELECT 1')).rows).toEqual([[7]]);
    expect(athena.asked('GetQueryResults')).toHaveLength(3);
  });
});

describe('the deadline', () => {
  it('stops a query that does not end', async () => {
    const startedMs = performance.now();
    const { error, stops } = await failureOf({ GetQueryExecution: [state('RUNNING')] }, { deadlineMs: 10_000 });
    // By the clock that was given, which runs faster.
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(error).toBeInstanceOf(AthenaDeadlineError);
    expect(error).toMatchObject({ deadlineMs: 10_000, queryId: ID });
    expect((error as Error).message).toContain('did not end within 10 seconds and was stopped');
    expect(stops).toEqual([{ QueryExecutionId: ID }]);
  });

  it('counts throttled looks too', async () => {
    const { error, stops } = await failureOf(
      { GetQueryExecution: [{ fault: 'TooManyRequestsException', message: 'Rate exceeded' }] },
      { deadlineMs: 10_000 },
    );
    expect(error).toBeInstanceOf(AthenaDeadlineError);
    expect(stops).toHaveLength(1);
  });

  it('ends a wait for an answer that never comes', async () => {
    const startedMs = performance.now();
    const { error, stops } = await failureOf({ GetQueryExecution: ['hang'] }, { deadlineMs: 200 });
    expect(error).toBeInstanceOf(AthenaDeadlineError);
    expect(performance.now() - startedMs).toBeLessThan(1_500);
    expect(stops).toHaveLength(1);
  });
});

describe('an abort', () => {
  /** Aborts once the operation was asked for `count` times. */
  const abortAt = async (operation: string, script: Script, count = 1) => {
    const stop = new AbortController();
    const { athena, engine } = await engineOn(script);
    const attempt = engine.query('SELECT 1', { signal: stop.signal }).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    while (athena.asked(operation).length < count) await sleepFor(2);
    stop.abort();
    const error = await attempt;
    await engine.close();
    return { error, athena, stops: athena.asked('StopQueryExecution') };
  };

  it('before the start starts nothing', async () => {
    const { error, athena } = await failureOf({}, {}, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(athena.requests).toEqual([]);
  });

  it('during the start stops the query as soon as its id is known', async () => {
    const { error, athena, stops } = await abortAt('StartQueryExecution', {
      StartQueryExecution: [{ body: { QueryExecutionId: ID }, delayMs: 150 }],
    });
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(stops).toEqual([{ QueryExecutionId: ID }]);
    expect(athena.asked('GetQueryExecution')).toEqual([]);
  });

  it('between the start and the first look stops the query', async () => {
    const stop = new AbortController();
    const { athena, engine } = await engineOn(
      {},
      {
        sleep: (ms, signal) => {
          stop.abort();
          return sleepFor(ms, undefined, { signal });
        },
      },
    );
    await expect(engine.query('SELECT 1', { signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
    await engine.close();
    expect(athena.requests.map(({ operation }) => operation)).toEqual(['StartQueryExecution', 'StopQueryExecution']);
  });

  it.each([
    ['is looked at', { GetQueryExecution: ['hang'] }],
    ['runs', { GetQueryExecution: [state('RUNNING')] }],
  ] as [string, Script][])('while the query %s stops it', async (_, script) => {
    const { error, stops } = await abortAt('GetQueryExecution', script);
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(stops).toEqual([{ QueryExecutionId: ID }]);
  });

  it('while pages are read ends the reading', async () => {
    const { error, stops } = await abortAt('GetQueryResults', { GetQueryResults: ['hang'] });
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(stops).toEqual([]);
  });

  it('is not kept waiting by a stop that fails', async () => {
    const { error, stops } = await abortAt('GetQueryExecution', {
      GetQueryExecution: [state('RUNNING')],
      StopQueryExecution: [{ fault: 'AccessDeniedException', message: 'no' }],
    });
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(stops).toHaveLength(1);
  });

  it('gives the reason of the signal', async () => {
    const { error } = await failureOf({}, {}, { signal: AbortSignal.abort(new RangeError('enough')) });
    expect(error).toBeInstanceOf(RangeError);
  });
});
