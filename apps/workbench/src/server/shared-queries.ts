import type { QueryEngine, QueryOptions, QueryResult } from '@pulselake/dashboards';
import pLimit from 'p-limit';

/** Queries that an engine works on at once: memory and threads are those of one machine. */
const CONCURRENT = 4;

interface Running {
  readonly result: Promise<QueryResult>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * An engine that asks another one the same question once, however many viewers ask it at the same time, and gives a query up
 * when nobody waits for it any more. Further questions wait their turn.
 */
export class SharedQueries implements QueryEngine {
  readonly #running = new Map<string, Running>();
  readonly #limit;

  constructor(
    private readonly engine: QueryEngine,
    concurrent = CONCURRENT,
  ) {
    this.#limit = pLimit(concurrent);
  }

  async query(sql: string, { signal, ...options }: QueryOptions = {}): Promise<QueryResult> {
    signal?.throwIfAborted();
    const key = JSON.stringify([sql, options.maxRows, options.parameters]);
    const running = this.#running.get(key) ?? this.#start(key, sql, options);
    running.waiting++;
    let onAbort: () => void = () => undefined;
    try {
      if (!signal) return await running.result;
      return await Promise.race([
        running.result,
        new Promise<never>((_, reject) => {
          onAbort = () => reject(signal.reason as Error);
          signal.addEventListener('abort', onAbort, { once: true });
        }),
      ]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      if (--running.waiting === 0) {
        // Whoever asks from now on must not get a query that is being stopped.
        if (this.#running.get(key) === running) this.#running.delete(key);
        running.stop.abort();
      }
    }
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  #start(key: string, sql: string, options: Omit<QueryOptions, 'signal'>): Running {
    const stop = new AbortController();
    const result = this.#limit(() => {
      stop.signal.throwIfAborted();
      return this.engine.query(sql, { ...options, signal: stop.signal });
    }).finally(() => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    });
    // Whoever still waits hears of a failure.
    result.catch(() => undefined);
    const running: Running = { result, stop, waiting: 0 };
    this.#running.set(key, running);
    return running;
  }
}
