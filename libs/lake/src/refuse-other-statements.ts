import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '@pulselake/dashboards';
import { duckDb } from './duckdb.js';
import { refuseOtherSources } from './refuse-other-sources.js';

/** EXPLAIN up to the explained statement. Comments are not taken here, so that no one is read differently by DuckDB. */
const EXPLAIN = /^\s*EXPLAIN\b(?:\s+ANALYZE\b|\s*\(\s*(?:ANALYZE|FORMAT)\b[\w\s,]*\))?/i;

const READING =
  /^(?:\s|\(|--[^\r\n]*\r?\n|\/\*(?:(?!\*\/|\/\*)[^])*\*\/)*(?:SELECT|WITH|FROM|VALUES|TABLE|DESCRIBE|DESC|SHOW|SUMMARIZE|PIVOT|UNPIVOT)\b/i;

/**
 * Lets exactly one reading statement through, and nothing that reads what is no table.
 *
 * The first word is judged before DuckDB binds anything, because binding alone makes folders (EXPORT). EXPLAIN ANALYZE
 * runs what it explains, so the explained statement is judged by itself.
 *
 * @param schemas as of {@link refuseOtherSources}
 * @throws QueryError for anything else
 */
export async function refuseOtherStatements(
  connection: DuckDBConnection,
  sql: string,
  schemas: readonly string[] = [],
): Promise<void> {
  const { SELECT, EXPLAIN: EXPLAINS } = duckDb().StatementType;
  const explained = sql.replace(EXPLAIN, '');
  if (!READING.test(explained)) throw otherStatement(sql);
  if (!(await refuseOtherSources(connection, explained, schemas))) throw otherStatement(sql);
  for (const text of new Set([explained, sql])) {
    const statements = await connection.extractStatements(text);
    if (statements.count !== 1) throw new QueryError(`One statement at a time; these are ${statements.count}.`);
    const prepared = await statements.prepare(0);
    const type = prepared.statementType;
    prepared.destroySync();
    if (!(text === sql ? [SELECT, EXPLAINS] : [SELECT]).includes(type)) throw otherStatement(sql);
  }
}

function otherStatement(sql: string): QueryError {
  if (sql.trim() === '') return new QueryError('There is no statement. Give one, for example: SHOW TABLES.');
  return new QueryError(
    'Only SELECT, WITH, VALUES, DESCRIBE, SHOW, SUMMARIZE and EXPLAIN of these are allowed: the lake is read-only for SQL.',
  );
}
