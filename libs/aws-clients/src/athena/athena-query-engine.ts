import { randomUUID } from 'node:crypto';
import { setTimeout as sleepFor } from 'node:timers/promises';
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type AthenaClient,
  type GetQueryResultsOutput,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import { QueryError, type QueryOptions, type QueryResult, type StreamingQueryEngine } from '@pulselake/dashboards';
import { AthenaDeadlineError, AthenaThrottledError, AthenaUnreachableError } from './errors.js';
import { explainSdkError } from './explain-sdk-error.js';
import { DEFAULT_PRICE_PER_TB_USD } from './query-cost.js';
import { queryFailure } from './query-failure.js';
import { queryStatistics } from './query-statistics.js';
import { rowsOfPage } from './rows-of-page.js';
import { waitFor } from './wait-for.js';

/** Where and how an {@link AthenaQueryEngine} runs its queries. */
export interface AthenaQueryEngineOptions {
  /** The SDK's client; {@link createAthenaClient} makes one. `close` leaves it open. */
  readonly client: Pick<AthenaClient, 'send'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Where queries run and are counted. Default Athena's, `primary`. */
  readonly workGroup?: string;
  /** The database of tables without one. */
  readonly database?: string;
  /** The data catalog of that database. Default Athena's, `AwsDataCatalog`. */
  readonly catalog?: string;
  /** Where results go, `s3://…`, unless the work group says it. */
  readonly outputLocation?: string;
  /** Age up to which the result of the same query is taken instead of running it again. Default 0: never. */
  readonly resultReuseMinutes?: number;
  /** Time from the start of a query to its last row, default 600,000. */
  readonly deadlineMs?: number;
  /** Time until the first look whether a query has ended, doubled up to the longest. Default 100 and 2,000. */
  readonly poll?: { readonly firstMs: number; readonly longestMs: number };
  /** Price of a TB scanned in US dollars, default {@link DEFAULT_PRICE_PER_TB_USD}. */
  readonly pricePerTbUsd?: number;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** A token of at least 32 characters that makes a repeated start the same query. */
  readonly newToken?: () => string;
}

const DEFAULT_DEADLINE_MS = 600_000;
const DEFAULT_POLL = { firstMs: 100, longestMs: 2_000 };
const DEFAULT_MAX_ROWS = 1_000_000;
const PAGE_ROWS = 1_000;
/** Time for the request that stops a query. */
const STOP_MS = 10_000;

/** One query under way. */
interface Running {
  readonly sql: string;
  /** Aborted by the caller, or when the time is over. */
  readonly signal: AbortSignal;
  readonly startedMs: number;
  /** Whether Athena has ended the query, in whatever way. */
  hasEnded: boolean;
}

/**
 * Read SQL on Athena, behind the same port as the embedded engine.
 *
 * A query that is given up, or that does not end in time, is stopped in Athena. Fails with `QueryError` when a statement
 * fails, and with an `AthenaError` when Athena cannot be asked.
 *
 * @example
 * const engine = new AthenaQueryEngine({ client: createAthenaClient(), clock: Date.now, database: 'pulselake' });
 * const { rows, statistics } = await engine.query('SELECT count(*) FROM windowed_metrics_current');
 */
export class AthenaQueryEngine implements StreamingQueryEngine {
  /** Requests that stop queries nobody waits for. */
  readonly #stopping = new Set<Promise<unknown>>();

  constructor(private readonly options: AthenaQueryEngineOptions) {}

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    const { maxRows = DEFAULT_MAX_ROWS } = options;
    const rows: QueryResult['rows'][number][] = [];
    let last: QueryResult = { columns: [], rows };
    for await (const part of this.stream(sql, options)) {
      if (rows.length + part.rows.length > maxRows) {
        throw new QueryError(`The result has more than ${maxRows} rows. Add a LIMIT, or aggregate.`);
      }
      for (const row of part.rows) rows.push(row);
      last = part;
    }
    return { ...last, rows };
  }

  async *stream(
    sql: string,
    { signal: given, parameters = [] }: Omit<QueryOptions, 'maxRows'> = {},
  ): AsyncGenerator<QueryResult, void, undefined> {
    given?.throwIfAborted();
    const { clock, deadlineMs = DEFAULT_DEADLINE_MS } = this.options;
    const deadline = AbortSignal.timeout(deadlineMs);
    const signal = given ? AbortSignal.any([given, deadline]) : deadline;
    const running: Running = { sql, signal, startedMs: clock(), hasEnded: false };
    let id: string | undefined;
    try {
      id = await this.#start(running, parameters);
      const execution = await this.#untilSucceeded(running, id);
      const statistics = queryStatistics(execution, this.options.pricePerTbUsd ?? DEFAULT_PRICE_PER_TB_USD);
      let token: string | undefined;
      let isFirst = true;
      do {
        const page = await this.#page(running, id, token);
        const { columns, rows } = rowsOfPage(page, execution, isFirst);
        yield { columns, rows, statistics };
        isFirst = false;
        token = page.NextToken;
      } while (token !== undefined);
    } catch (error) {
      if (id !== undefined && !running.hasEnded) this.#stopLater(id);
      if (given?.aborted) throw given.reason;
      if (deadline.aborted) throw this.#late(id);
      throw error;
    }
  }

  /** Waits until queries that were given up are stopped. */
  async close(): Promise<void> {
    await Promise.all(this.#stopping);
  }

  async #start({ sql, signal }: Running, parameters: readonly string[]): Promise<string> {
    const { client, workGroup, database, catalog, outputLocation, resultReuseMinutes = 0 } = this.options;
    const command = new StartQueryExecutionCommand({
      QueryString: sql,
      ClientRequestToken: (this.options.newToken ?? randomUUID)(),
      ...(workGroup !== undefined && { WorkGroup: workGroup }),
      ...((database !== undefined || catalog !== undefined) && {
        QueryExecutionContext: { Database: database, Catalog: catalog },
      }),
      ...(outputLocation !== undefined && { ResultConfiguration: { OutputLocation: outputLocation } }),
      ...(parameters.length > 0 && { ExecutionParameters: [...parameters] }),
      ...(resultReuseMinutes > 0 && {
        ResultReuseConfiguration: {
          ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: resultReuseMinutes },
        },
      }),
    });
    // Not ended by the signal: a query that was accepted must be known, so that it can be stopped.
    const starting = client.send(command).then(({ QueryExecutionId: id }) => id);
    try {
      const id = await waitFor(starting, signal);
      if (id === undefined) throw new AthenaUnreachableError('Athena answered a start without the id of the query.');
      return id;
    } catch (error) {
      if (signal.aborted) this.#keep(starting.then((id) => id !== undefined && this.#stop(id)));
      throw explainSdkError(error);
    }
  }

  /** Polls until the query has ended; a throttled look is one that has not seen the end. */
  async #untilSucceeded(running: Running, id: string): Promise<QueryExecution> {
    const { poll = DEFAULT_POLL } = this.options;
    for (let waitMs = poll.firstMs; ; waitMs = Math.min(waitMs * 2, poll.longestMs)) {
      await this.#pause(running, id, waitMs);
      const execution = await this.#look(running, id);
      const { State: state, StateChangeReason: reason = 'Athena gave no reason.' } = execution?.Status ?? {};
      if (state === 'SUCCEEDED' || state === 'FAILED' || state === 'CANCELLED') running.hasEnded = true;
      if (state === 'FAILED') throw queryFailure(reason);
      if (state === 'CANCELLED') throw new QueryError(`The query was cancelled: ${reason}`);
      if (execution && state === 'SUCCEEDED') return execution;
    }
  }

  async #look({ signal }: Running, id: string): Promise<QueryExecution | undefined> {
    try {
      const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
      const answer = await waitFor(this.options.client.send(command, { abortSignal: signal }), signal);
      if (!answer.QueryExecution) throw new AthenaUnreachableError('Athena answered without the state of the query.');
      return answer.QueryExecution;
    } catch (error) {
      const explained = explainSdkError(error);
      if (explained instanceof AthenaThrottledError) return undefined;
      throw explained;
    }
  }

  async #page(running: Running, id: string, token: string | undefined): Promise<GetQueryResultsOutput> {
    const { client, poll = DEFAULT_POLL } = this.options;
    const { signal } = running;
    for (;;) {
      try {
        const command = new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: PAGE_ROWS, NextToken: token });
        return await waitFor(client.send(command, { abortSignal: signal }), signal);
      } catch (error) {
        const explained = explainSdkError(error);
        if (!(explained instanceof AthenaThrottledError)) throw explained;
        await this.#pause(running, id, poll.longestMs);
      }
    }
  }

  /** @throws AthenaDeadlineError when the time is over, or would be after the pause */
  async #pause({ signal, startedMs }: Running, id: string, ms: number): Promise<void> {
    const { clock, deadlineMs = DEFAULT_DEADLINE_MS, sleep = defaultSleep } = this.options;
    if (clock() - startedMs + ms > deadlineMs) throw this.#late(id);
    await sleep(ms, signal);
  }

  #late(id: string | undefined): AthenaDeadlineError {
    const { deadlineMs = DEFAULT_DEADLINE_MS } = this.options;
    return new AthenaDeadlineError(
      `The query did not end within ${deadlineMs / 1000} seconds and was stopped. Narrow it to fewer days, or allow more time.`,
      deadlineMs,
      id,
    );
  }

  #stopLater(id: string): void {
    this.#keep(this.#stop(id));
  }

  /** What is not awaited by its caller; `close` does. Nobody is left whom its failure would tell anything. */
  #keep(work: Promise<unknown>): void {
    const kept = work.catch(() => undefined).finally(() => this.#stopping.delete(kept));
    this.#stopping.add(kept);
  }

  #stop(id: string): Promise<unknown> {
    const command = new StopQueryExecutionCommand({ QueryExecutionId: id });
    return this.options.client.send(command, { abortSignal: AbortSignal.timeout(STOP_MS) });
  }
}

function defaultSleep(ms: number, signal: AbortSignal): Promise<unknown> {
  return sleepFor(ms, undefined, { signal });
}
