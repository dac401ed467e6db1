import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetQueryResultsCommand,
  InvalidRequestException,
  paginateGetQueryResults,
  StopQueryExecutionCommand,
  TooManyRequestsException,
} from '@aws-sdk/client-athena';
import type { QueryResult, StreamingQueryEngine } from '@pulselake/dashboards';
import { describe, expect, it, onTestFinished } from 'vitest';
import { QueryExecutions } from '../../src/athena/query-executions.js';
import type { ServeAthenaOptions } from '../../src/athena/serve-athena.js';
import { lakeOfTest } from '../cli/support/small-lake.js';
import { Endpoint } from './support/endpoint.js';
import { emptyLakeIn } from './support/lake-of-file.js';

const LONG =
  'SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000) c WHERE (a.range * b.range + c.range) % 7 = 3';

async function emptyLake(options: Partial<ServeAthenaOptions>): Promise<Endpoint> {
  const lake = await lakeOfTest();
  await emptyLakeIn(lake.root);
  const endpoint = await Endpoint.serve(lake.root, options);
  onTestFinished(async () => {
    await endpoint.close();
    expect(endpoint.faults).toEqual([]);
  });
  return endpoint;
}

const stateOf = async (endpoint: Endpoint, id: string) => (await endpoint.execution(id)).Status!.State;

describe('queries at once', () => {
  it('wait for their turn, and too many are refused', async () => {
    const endpoint = await emptyLake({ limits: { maxRunning: 1, maxQueued: 2 } });
    const running = await endpoint.start(LONG);
    const waiting = await endpoint.start('SELECT 1');
    const second = await endpoint.start('SELECT 2');
    while ((await stateOf(endpoint, running)) !== 'RUNNING');
    expect(await stateOf(endpoint, waiting)).toBe('QUEUED');
    const refused = endpoint.start('SELECT 3');
    await expect(refused).rejects.toBeInstanceOf(TooManyRequestsException);
    await expect(refused).rejects.toMatchObject({ Reason: 'CONCURRENT_QUERY_LIMIT_EXCEEDED' });
    // One that is stopped while it waits never runs.
    await endpoint.client.send(new StopQueryExecutionCommand({ QueryExecutionId: waiting }));
    expect(await endpoint.execution(waiting)).toMatchObject({
      Status: { State: 'CANCELLED' },
      Statistics: { EngineExecutionTimeInMillis: 0 },
    });
    await endpoint.client.send(new StopQueryExecutionCommand({ QueryExecutionId: running }));
    expect((await endpoint.ended(second)).Status!.State).toBe('SUCCEEDED');
  });

  it('fail when they run too long', async () => {
    const endpoint = await emptyLake({ limits: { timeoutMs: 300 } });
    const { Status } = await endpoint.run(LONG);
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: 'EXCEEDED_TIME_LIMIT: The query ran longer than 0.3 seconds.',
    });
  });

  it('are cancelled when the endpoint is closed, which does not wait for them', async () => {
    const endpoint = await emptyLake({ limits: { maxRunning: 1 } });
    await endpoint.start(LONG);
    await endpoint.start(LONG);
    const startedMs = performance.now();
    await endpoint.close();
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  }, 20_000);
});

describe('results', () => {
  it.each([[2_000], [1_000_000_000]])('that are too large fail with a reason: %i rows', async (rows) => {
    const endpoint = await emptyLake({ limits: { maxResultBytes: 1_000_000 } });
    const { Status } = await endpoint.run(`SELECT repeat('x', 1000) FROM range(${rows})`);
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringContaining('The result has more than 1000000 bytes') as string,
    });
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('pulselake-result-'))).toEqual([]);
  });

  it('of 100 MB come in pages from disk, with the memory of pages', async () => {
    const endpoint = await emptyLake({});
    const { QueryExecutionId: id } = await endpoint.run(
      "SELECT n, repeat('abcdefghij', 100) || n AS text FROM range(100000) t(n) ORDER BY n",
    );
    let at = -1;
    let highest = 0;
    for await (const { ResultSet } of paginateGetQueryResults({ client: endpoint.client }, { QueryExecutionId: id })) {
      for (const { Data } of ResultSet!.Rows!) {
        if (at >= 0 && Data![0]!.VarCharValue !== String(at))
          throw new Error(`row ${at} is ${Data![0]!.VarCharValue!}`);
        at += 1;
      }
      highest = Math.max(highest, process.memoryUsage().external + process.memoryUsage().arrayBuffers);
    }
    expect(at).toBe(100_000);
    expect(highest).toBeLessThan(80 * 1024 * 1024);
  }, 120_000);

  it('of rows of a megabyte come a few at a time', async () => {
    const endpoint = await emptyLake({});
    const { QueryExecutionId: id } = await endpoint.run("SELECT repeat('x', 1000000) AS text FROM range(12)");
    const sizes: number[] = [];
    for await (const { ResultSet } of paginateGetQueryResults({ client: endpoint.client }, { QueryExecutionId: id })) {
      sizes.push(ResultSet!.Rows!.length);
    }
    expect(sizes.reduce((sum, size) => sum + size)).toBe(13);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(7);
  });

  it('make the oldest ones expire, by their number and by their bytes', async () => {
    const endpoint = await emptyLake({ limits: { maxKept: 3, maxTotalBytes: 2_000_000 } });
    const first = (await endpoint.run('SELECT 1')).QueryExecutionId!;
    const big = (await endpoint.run("SELECT repeat('x', 1000) FROM range(1500)")).QueryExecutionId!;
    expect(await stateOf(endpoint, first)).toBe('SUCCEEDED');
    const next = (await endpoint.run("SELECT repeat('y', 1000) FROM range(1500)")).QueryExecutionId!;
    await settled();
    for (const id of [first, big]) {
      const attempt = endpoint.client.send(new GetQueryResultsCommand({ QueryExecutionId: id }));
      await expect(attempt).rejects.toBeInstanceOf(InvalidRequestException);
      await expect(attempt).rejects.toThrow(`QueryExecution ${id} has expired`);
    }
    expect(await stateOf(endpoint, next)).toBe('SUCCEEDED');
    for (const n of [1, 2, 3]) await endpoint.run(`SELECT ${n}`);
    await settled();
    await expect(endpoint.execution(next)).rejects.toThrow('has expired');
  });

  it('are kept while one that reuses them is', async () => {
    const endpoint = await emptyLake({ limits: { maxKept: 2 } });
    const reuse = {
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 5 } },
    };
    await endpoint.run('SELECT 42 AS n');
    const reusing = await endpoint.run('SELECT 42 AS n', reuse);
    expect(reusing.Statistics!.ResultReuseInformation!.ReusedPreviousResult).toBe(true);
    await endpoint.run('SELECT 1');
    await settled();
    const { ResultSet } = await endpoint.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: reusing.QueryExecutionId }),
    );
    expect(ResultSet!.Rows![1]!.Data).toEqual([{ VarCharValue: '42' }]);
    for (let n = 0; n < 20; n++) await endpoint.run('SELECT 1', reuse);
    await settled();
    await expect(endpoint.execution(reusing.QueryExecutionId!)).rejects.toThrow('has expired');
  });
});

describe('a lake that is gone', () => {
  it('fails queries with a reason, not with empty tables', async () => {
    const lake = await lakeOfTest();
    await emptyLakeIn(lake.root);
    const endpoint = await Endpoint.serve(lake.root);
    onTestFinished(() => endpoint.close());
    expect(await endpoint.texts('SELECT count(*) AS n FROM traffic_reports')).toEqual([['n'], ['0']]);
    await rm(lake.root, { recursive: true });
    const { Status } = await endpoint.run('SELECT count(*) AS n FROM traffic_reports');
    expect(Status!.State).toBe('FAILED');
    expect(Status!.StateChangeReason).toMatch(/^GENERIC_USER_ERROR: The lake is gone/);
  });
});

/** Old results are dropped right after a query has ended. */
const settled = () => sleep(50);

/** An engine that breaks in ways no query should see. */
class BrokenEngine implements StreamingQueryEngine {
  constructor(private readonly error: unknown) {}
  query(): Promise<QueryResult> {
    return Promise.reject(new Error('not asked'));
  }
  // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- it fails first
  async *stream(): AsyncGenerator<QueryResult> {
    throw this.error;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('an engine that breaks', () => {
  it('fails the query as a fault of the system, and is told to the server', async () => {
    const faults: unknown[] = [];
    const fault = new TypeError('x is not a function');
    const executions = new QueryExecutions({
      engine: new BrokenEngine(fault),
      clock: () => 0,
      newId: () => 'id',
      folder: tmpdir(),
      onError: (error) => faults.push(error),
    });
    const execution = executions.start({ sql: 'SELECT 1', parameters: [] });
    while (execution.state !== 'FAILED') await sleep(1);
    expect(execution).toMatchObject({ errorCategory: 1 });
    expect(execution.reason).toContain('a bug in pulselake');
    expect(faults).toEqual([fault]);
    await executions.close();
  });
});
