import type { DuckDBConnection } from '@duckdb/node-api';
import { rowsOf } from '../duckdb-session.js';
import type { RunTransaction } from '../run-transaction.js';
import { globLiteral, sqlLiteral } from '../sql-literal.js';

const PARQUET_OPTIONS = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880';

/**
 * Stages the rows of a query as a file of windows.
 *
 * @returns its rows, counted from the file
 */
export async function copyWindows(
  connection: DuckDBConnection,
  transaction: RunTransaction,
  key: string,
  query: string,
): Promise<number> {
  const path = await transaction.stage(key);
  await connection.run(`COPY (${query}) TO ${sqlLiteral(path)} (${PARQUET_OPTIONS})`);
  const [counted] = await rowsOf(
    connection,
    `SELECT count(*) AS kept FROM read_parquet(${sqlLiteral(globLiteral(path))}, hive_partitioning = false)`,
  );
  const rows = Number(counted!['kept']);
  transaction.add(key, { rows });
  return rows;
}
