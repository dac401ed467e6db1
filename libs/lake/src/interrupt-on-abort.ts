import type { DuckDBConnection } from '@duckdb/node-api';

/** DuckDB forgets an interrupt that comes before the query runs, which it may wait to do: so it comes again and again. */
const INTERRUPT_EVERY_MS = 20;

/** Interrupts what runs on `connection` once `signal` is aborted, until the returned function is called. */
export function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal | undefined): () => void {
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), INTERRUPT_EVERY_MS);
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  return () => {
    clearInterval(timer);
    signal?.removeEventListener('abort', interrupt);
  };
}
