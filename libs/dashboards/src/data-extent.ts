/**
 * Asks what days a dashboard's data spans, for a viewer whose range holds nothing: one row with `first_day` and
 * `last_day` (`YYYY-MM-DD`, NULL when there is no data). The only queries without a range; they read the partition column
 * and nothing else.
 */
export const DATA_EXTENT_SQL: Readonly<Record<string, string>> = {
  'pulselake-metrics': extentOf('dt', 'windowed_metrics'),
  'pulselake-traffic': extentOf('report_date', 'traffic_reports'),
  'pulselake-health': extentOf('dt', 'pipeline_runs'),
};

/** Through the distinct days: DuckDB 1.5 fails with an internal error on extremes of the partition column of a single file. */
function extentOf(day: string, table: string): string {
  return `SELECT min(day) AS first_day, max(day) AS last_day FROM (SELECT DISTINCT ${day} AS day FROM ${table}) AS days`;
}
