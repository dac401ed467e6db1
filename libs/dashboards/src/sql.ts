import { ALL, type Measure, type PanelColumn, type PanelQuery } from './dashboard.js';

/** Keeps the days of the viewer's range: the condition on a partition column that every ranged query has. */
export function daysInRange(partitionColumn: string): string {
  return `${partitionColumn} BETWEEN $__rawTimeFrom('yyyy-MM-dd') AND $__rawTimeTo('yyyy-MM-dd')`;
}

/** Keeps the rows whose `column` is among a variable's values, or all rows when "all" is chosen. */
export function chosen(column: string, variable: string): string {
  return `('${ALL}' IN (${values(variable)}) OR ${column} IN (${values(variable)}))`;
}

/**
 * A variable's values as SQL texts, separated by commas.
 *
 * `sqlstring`, not `singlequote`: Grafana's `singlequote` escapes a quote with a backslash, which Trino takes for the
 * end of the text.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/#sqlstring
 */
export function values(variable: string): string {
  return `\${${variable}:sqlstring}`;
}

/** Seconds of an ISO-8601 text column held against the viewer's range. Trino cannot compare texts with timestamps. */
export function textInstantInRange(column: string): string {
  const format = `'yyyy-MM-dd HH:mm:ss'`;
  return `replace(substr(${column}, 1, 19), 'T', ' ') BETWEEN $__rawTimeFrom(${format}) AND $__rawTimeTo(${format})`;
}

/** A query that selects `measures`, followed by the rest of the statement; the columns come from the measures. */
export function selectMeasures(refId: string, measures: readonly Measure[], rest: string): PanelQuery {
  const list = measures.map(({ sql, name }) => `  ${sql} AS "${name}"`).join(',\n');
  return { refId, sql: `SELECT\n${list}\n${rest}`, columns: columnsOf(measures) };
}

/** The columns that `measures` make. */
function columnsOf(measures: readonly Measure[]): readonly PanelColumn[] {
  return measures.map(({ name, title, unit }) => ({ name, title, unit }));
}
