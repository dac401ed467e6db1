/**
 * Asks what days a dashboard's data spans, for a viewer whose range holds nothing: one row with `first_day` and
 * `last_day` (`YYYY-MM-DD`, NULL when there is no data). The only queries without a range; they read the partition column
 * and nothing else.
 */
export const DATA_EXTENT_SQL: Readonly<Record<string, string>> = {
  'pulselake-metrics': 'SELECT min(dt) AS first_day, max(dt) AS last_day FROM windowed_metrics',
  'pulselake-traffic': 'SELECT min(report_date) AS first_day, max(report_date) AS last_day FROM traffic_reports',
  'pulselake-health': 'SELECT min(dt) AS first_day, max(dt) AS last_day FROM pipeline_runs',
};
