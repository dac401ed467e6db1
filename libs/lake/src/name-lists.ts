import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlLiteral } from './sql-literal.js';

/**
 * Lists of names in DuckDB, as ENUM values: rows then carry a position only, and the Parquet writer takes the list for its
 * dictionary without looking at the texts of rows.
 *
 * @returns for each list the SQL that gives the name at a position, from 0 on
 */
export async function keepNames<List extends string>(
  connection: DuckDBConnection,
  lists: readonly List[],
  names: readonly Readonly<Record<List, string>>[],
): Promise<(list: List, position: string) => string> {
  await connection.run(
    `CREATE OR REPLACE TABLE names (position INTEGER, ${lists.map((list) => `${list} VARCHAR`).join(', ')})`,
  );
  const appender = await connection.createAppender('names');
  names.forEach((name, position) => {
    appender.appendInteger(position);
    for (const list of lists) appender.appendVarchar(name[list]);
    appender.endRow();
  });
  appender.closeSync();
  for (const list of lists) {
    await connection.run(
      `CREATE OR REPLACE TYPE ${list}_name AS ENUM (SELECT DISTINCT ${list} FROM names ORDER BY ALL)`,
    );
    await connection.run(`SET VARIABLE ${list} = (SELECT list(${list}::${list}_name ORDER BY position) FROM names)`);
  }
  return (list, position) => `list_extract(getvariable('${list}'), ${position} + 1)`;
}

/** SQL that gives the text at a position, of a few texts. */
export function nameAt(texts: readonly string[], position: string): string {
  const distinct = [...new Set(texts)].map(sqlLiteral).join(', ');
  return `list_extract(CAST([${texts.map(sqlLiteral).join(', ')}] AS ENUM(${distinct})[]), ${position} + 1)`;
}
