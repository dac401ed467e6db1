import { QueryError, type StreamingQueryEngine } from '@pulselake/dashboards';
import { AthenaFault, invalidRequest } from './athena-fault.js';
import { isFinished, type Execution, type SharedResult, type StartRequest } from './execution.js';
import { failureReason } from './failure-reason.js';
import { ResultSpool, type ResultPage } from './result-spool.js';
import { runIntoSpool } from './run-into-spool.js';
import { statementKind } from './statement-kind.js';

/** What bounds the memory, the disk and the time of all queries together. */
export interface ExecutionLimits {
  /**
   * Queries that run at once. Each holds one of Node's few threads for files, which the rest of the process wants too.
   */
  readonly maxRunning: number;
  readonly maxQueued: number;
  /** Finished queries that are remembered. */
  readonly maxKept: number;
  readonly maxResultBytes: number;
  /** Bytes of all results; the oldest are dropped for new ones. */
  readonly maxTotalBytes: number;
  readonly timeoutMs: number;
}

export const DEFAULT_LIMITS: ExecutionLimits = {
  maxRunning: 2,
  maxQueued: 200,
  maxKept: 300,
  maxResultBytes: 512 * 1024 * 1024,
  maxTotalBytes: 1024 * 1024 * 1024,
  timeoutMs: 30 * 60_000,
};

export interface QueryExecutionsOptions {
  readonly engine: StreamingQueryEngine;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly newId: () => string;
  /** Where large results lie. */
  readonly folder: string;
  readonly limits?: Partial<ExecutionLimits>;
  /** Told about failures that are faults of the server. */
  readonly onError?: (error: unknown) => void;
}

/** Ids of dropped queries that are remembered, to tell them from ids that never were. */
const MAX_DROPPED = 10_000;

/** All queries of an endpoint: waiting, running, and finished ones with their results. */
export class QueryExecutions {
  /** In the order of their submission. */
  readonly #executions = new Map<string, Execution>();
  readonly #tokens = new Map<string, string>();
  readonly #dropped = new Set<string>();
  readonly #queue: Execution[] = [];
  readonly #running = new Map<Execution, Promise<void>>();
  readonly #limits: ExecutionLimits;
  #isClosed = false;

  constructor(private readonly options: QueryExecutionsOptions) {
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  /** Submits a query; one with the token of another is that one. */
  start(request: StartRequest): Execution {
    const repeated = this.#repeated(request);
    if (repeated) return repeated;
    const execution: Execution = {
      id: this.options.newId(),
      request,
      kind: statementKind(request.sql),
      submittedMs: this.options.clock(),
      stop: new AbortController(),
      state: 'QUEUED',
      isReused: false,
    };
    const reused = this.#reusable(request);
    if (!reused && this.#queue.length >= this.#limits.maxQueued) {
      throw new AthenaFault(
        'TooManyRequestsException',
        `${this.#queue.length} queries wait already. Try again later.`,
        {
          Reason: 'CONCURRENT_QUERY_LIMIT_EXCEEDED',
        },
      );
    }
    this.#executions.set(execution.id, execution);
    if (request.token !== undefined) this.#tokens.set(request.token, execution.id);
    if (reused) {
      reused.holders += 1;
      execution.result = reused;
      execution.isReused = true;
      this.#finish(execution, 'SUCCEEDED');
      // Nothing runs that would do so at its end.
      this.#makeRoom().catch((error: unknown) => this.options.onError?.(error));
    } else {
      this.#queue.push(execution);
      this.#runNext();
    }
    return execution;
  }

  /** @throws AthenaFault when the id is unknown, or the query was dropped */
  get(id: string): Execution {
    const execution = this.#executions.get(id);
    if (execution) return execution;
    throw invalidRequest(
      this.#dropped.has(id)
        ? `QueryExecution ${id} has expired: this endpoint keeps a bounded number of queries and bytes. Run the query again.`
        : `QueryExecution ${id} was not found`,
    );
  }

  /** Ids, the newest first. */
  ids(): string[] {
    return [...this.#executions.keys()].reverse();
  }

  /** Cancels a query that has not ended; does nothing to one that has. */
  stop(id: string): void {
    const execution = this.get(id);
    if (isFinished(execution)) return;
    const waiting = this.#queue.indexOf(execution);
    if (waiting >= 0) this.#queue.splice(waiting, 1);
    this.#finish(execution, 'CANCELLED', 'Query cancelled by user');
    execution.stop.abort();
  }

  /** Rows of the result of a query, from the `from`-th on. */
  async page(execution: Execution, from: number, maxRows: number): Promise<ResultPage> {
    try {
      return (await execution.result?.spool.page(from, maxRows)) ?? { rows: [] };
    } catch (error) {
      // Dropped while it was read.
      this.get(execution.id);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const execution of this.#executions.values()) {
      if (!isFinished(execution)) this.#finish(execution, 'CANCELLED', 'The server was stopped');
      execution.stop.abort();
    }
    this.#queue.length = 0;
    await Promise.all(this.#running.values());
    for (const id of [...this.#executions.keys()]) await this.#drop(id);
  }

  #repeated(request: StartRequest): Execution | undefined {
    const id = request.token === undefined ? undefined : this.#tokens.get(request.token);
    const earlier = id === undefined ? undefined : this.#executions.get(id);
    if (earlier && JSON.stringify(earlier.request) !== JSON.stringify(request)) {
      throw invalidRequest('Idempotent parameters do not match: the ClientRequestToken was used for another query');
    }
    return earlier;
  }

  /** The newest result of the same query that is young enough. */
  #reusable({ reuseMaxAgeMs, ...asked }: StartRequest): SharedResult | undefined {
    if (reuseMaxAgeMs === undefined) return undefined;
    const key = keyOf(asked);
    const oldestMs = this.options.clock() - reuseMaxAgeMs;
    return [...this.#executions.values()]
      .reverse()
      .find(
        ({ state, isReused, completedMs, request }) =>
          state === 'SUCCEEDED' && !isReused && (completedMs ?? 0) >= oldestMs && keyOf(request) === key,
      )?.result;
  }

  #runNext(): void {
    while (!this.#isClosed && this.#running.size < this.#limits.maxRunning) {
      const execution = this.#queue.shift();
      if (!execution) return;
      const running = this.#run(execution).finally(() => {
        this.#running.delete(execution);
        this.#runNext();
      });
      this.#running.set(execution, running);
    }
  }

  async #run(execution: Execution): Promise<void> {
    const { engine, clock, folder, onError } = this.options;
    const { maxResultBytes, timeoutMs } = this.#limits;
    execution.state = 'RUNNING';
    execution.startedMs = clock();
    const result: SharedResult = { spool: new ResultSpool(folder), columns: [], holders: 1 };
    execution.result = result;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      result.columns = await runIntoSpool(execution.request, {
        engine,
        spool: result.spool,
        signal: AbortSignal.any([execution.stop.signal, deadline]),
        maxResultBytes,
        onGrown: () => this.#makeRoom(),
      });
      if (!isFinished(execution)) this.#finish(execution, 'SUCCEEDED');
    } catch (error) {
      if (!isFinished(execution)) {
        const { message, category } = deadline.aborted
          ? failureReason(
              new QueryError(`The query ran longer than ${timeoutMs / 1000} seconds.`),
              'EXCEEDED_TIME_LIMIT',
            )
          : failureReason(error, execution.kind.isReading ? undefined : 'NOT_SUPPORTED');
        if (category === 1) onError?.(error);
        execution.errorCategory = category;
        this.#finish(execution, 'FAILED', message);
      }
    }
    if (!hasSucceeded(execution)) await this.#release(execution);
    await this.#makeRoom();
  }

  #finish(execution: Execution, state: Execution['state'], reason?: string): void {
    execution.state = state;
    execution.completedMs = this.options.clock();
    if (reason !== undefined) execution.reason = reason;
  }

  /** Drops the oldest finished queries while there is too much. */
  async #makeRoom(): Promise<void> {
    const { maxKept, maxTotalBytes } = this.#limits;
    for (const execution of [...this.#executions.values()]) {
      const results = new Set([...this.#executions.values()].flatMap(({ result }) => result ?? []));
      const bytes = [...results].reduce((sum, { spool }) => sum + spool.sizeBytes, 0);
      if (this.#executions.size <= maxKept && bytes <= maxTotalBytes) return;
      if (isFinished(execution) && !this.#running.has(execution)) await this.#drop(execution.id);
    }
  }

  async #drop(id: string): Promise<void> {
    const execution = this.#executions.get(id);
    if (!execution) return;
    this.#executions.delete(id);
    if (execution.request.token !== undefined) this.#tokens.delete(execution.request.token);
    this.#dropped.add(id);
    for (const oldest of this.#dropped) {
      if (this.#dropped.size <= MAX_DROPPED) break;
      this.#dropped.delete(oldest);
    }
    await this.#release(execution);
  }

  async #release(execution: Execution): Promise<void> {
    const { result } = execution;
    delete execution.result;
    if (result && --result.holders === 0) await result.spool.close();
  }
}

function hasSucceeded({ state }: Execution): boolean {
  return state === 'SUCCEEDED';
}

function keyOf({ sql, parameters, database, catalog }: Omit<StartRequest, 'reuseMaxAgeMs' | 'token'>): string {
  return JSON.stringify([sql, parameters, database, catalog]);
}
