import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

/** Runs `use` on a fresh in-memory database whose session is far from UTC: nothing may depend on it. */
export async function withDuckDb<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`SET TimeZone = 'America/New_York'`);
    return await use(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The rows of a query as objects of JSON values; 64-bit integers are texts. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** Names and types of a query's columns. */
export async function columnsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, string>> {
  const reader = await connection.runAndReadAll(sql);
  return Object.fromEntries(reader.columnNames().map((name, index) => [name, String(reader.columnType(index))]));
}
