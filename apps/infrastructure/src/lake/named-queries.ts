/** A query that people find in Athena's console. */
export interface NamedQuery {
  readonly name: string;
  readonly description: string;
  /** For Trino; filters on the partition column, so that it reads what it needs. */
  readonly sql: string;
}

const LAST_DAYS = (column: string, days: number) =>
  `${column} >= date_format(current_date - INTERVAL '${days}' DAY, '%Y-%m-%d')`;

/** Where a newcomer begins, and where one looks when something is amiss. */
export const NAMED_QUERIES: readonly NamedQuery[] = [
  {
    name: 'latest-windows',
    description: 'The newest windows of all metrics, corrections merged',
    sql: `SELECT component_name, metric_name, unit, from_timestamp, min_value, avg_value, max_value, sample_count, source
FROM windowed_metrics_current
WHERE ${LAST_DAYS('dt', 1)}
ORDER BY from_timestamp DESC, component_name, metric_name
LIMIT 200`,
  },
  {
    name: 'traffic-of-the-last-days',
    description: 'Who called whom, how often, and how often it failed',
    sql: `SELECT report_date, source, target, total_requests, failed_requests
FROM traffic_reports
WHERE ${LAST_DAYS('report_date', 3)}
ORDER BY report_date DESC, total_requests DESC`,
  },
  {
    name: 'rejected-by-reason',
    description: 'What could not be used in the last week, and an example of each reason',
    sql: `SELECT dt, stage, reason, count(*) AS records, arbitrary(message) AS example
FROM rejected_records
WHERE ${LAST_DAYS('dt', 7)}
GROUP BY dt, stage, reason
ORDER BY dt DESC, records DESC`,
  },
  {
    name: 'failed-runs',
    description: 'Runs of the last week that failed, and why',
    sql: `SELECT started_at, stage, run_id, error
FROM pipeline_runs
WHERE ${LAST_DAYS('dt', 7)} AND status = 'failed'
ORDER BY started_at DESC`,
  },
  {
    name: 'unaccounted-records',
    description: 'Runs whose counts do not add up: there should be none',
    sql: `SELECT run_id, stage, counts
FROM pipeline_runs
WHERE ${LAST_DAYS('dt', 30)} AND status = 'succeeded'
  AND counts.read <> counts.accepted + counts.duplicate + counts.external + counts.outofrange + counts.rejected`,
  },
];
