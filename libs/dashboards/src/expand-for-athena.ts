import { expandSql, type SqlDialect, type ViewContext } from './expand-sql.js';

const ATHENA: SqlDialect = {
  timeGroup: (column, intervalMs) => {
    const seconds = goFloat(intervalMs / 1000);
    return `FROM_UNIXTIME(FLOOR(TO_UNIXTIME(${column})/${seconds})*${seconds})`;
  },
  quoteText: (text) => `'${text.replaceAll("'", "''")}'`,
};

/**
 * Writes a dashboard's SQL for Athena, as Grafana and its Athena plugin do: the same macros and variables as
 * `expandForDuckDb`, in Trino's words.
 *
 * @throws DashboardSqlError when the SQL names an unknown macro or variable, or quotes a text once more
 * @throws DashboardRequestError when a value is no number where only numbers can stand
 * @example
 * expandForAthena("SELECT $__timeGroup(t, '5m')", context) // 'SELECT FROM_UNIXTIME(FLOOR(TO_UNIXTIME(t)/300)*300)'
 * @see https://grafana.com/docs/plugins/grafana-athena-datasource/latest/query-editor/
 */
export function expandForAthena(sql: string, context: ViewContext): string {
  return expandSql(sql, { context, dialect: ATHENA });
}

/** A number as Go prints a float64 by default, and so the plugin: with an exponent from a million on. */
function goFloat(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
