import type { DuckDBConnection } from '@duckdb/node-api';
import { loadDuckDb } from './duckdb.js';

/** A row as DuckDB gives it. */
export type Row = Record<string, unknown>;

/** Does something with a DuckDB in memory of its own, in UTC. `scratch` is where it may spill. */
export async function withDuckDb<T>(
  work: (connection: DuckDBConnection) => Promise<T>,
  { scratch, memoryLimit = '1GB' }: { readonly scratch?: string; readonly memoryLimit?: string } = {},
): Promise<T> {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: memoryLimit,
    autoinstall_known_extensions: 'false',
    ...(scratch !== undefined && { temp_directory: scratch }),
  });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(`SET TimeZone = 'UTC'`);
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** All rows of a query's result. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  return (await connection.runAndReadAll(sql)).getRowObjects();
}
