import { expandSql, type SqlDialect, type ViewContext } from './expand-sql.js';

export type { ViewContext } from './expand-sql.js';

const DUCKDB: SqlDialect = {
  timeGroup: (column, intervalMs) =>
    `time_bucket(INTERVAL '${intervalMs} milliseconds', ${column}, TIMESTAMP '1970-01-01 00:00:00')`,
  // NUL ends a statement on its way into DuckDB, so it is made by a function.
  quoteText: (text) => {
    const quoted = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
    return quoted.length === 1 ? quoted.join('') : `(${quoted.join(' || chr(0) || ')})`;
  },
};

/**
 * Writes a dashboard's SQL for DuckDB: Grafana's macros and variables are replaced, in one pass, so that what a variable
 * holds is never read as a macro. A quote in a value cannot end its text.
 *
 * @throws DashboardSqlError when the SQL names an unknown macro or variable, or quotes a text once more
 * @throws DashboardRequestError when a value is no number where only numbers can stand
 * @example expandForDuckDb('SELECT ${name:sqlstring}', { ...context, variables: { name: ["O'Hara"] } }) // "SELECT 'O''Hara'"
 * @see {@link expandSql} for what is replaced
 */
export function expandForDuckDb(sql: string, context: ViewContext): string {
  return expandSql(sql, { context, dialect: DUCKDB });
}
