import type { Dashboard, DashboardVariable, PanelColumn } from './dashboard.js';
import { METRIC_LABELS, METRIC_MEASURES } from './metric-measures.js';
import { chosen, daysInRange, selectMeasures, values } from './sql.js';
import { PAIR_COLUMNS, TRAFFIC_MEASURES as measure } from './traffic-measures.js';

const DAY = `report_date = ${values('day')}`;
const COMPARED_DAY = `report_date = ${values('compareDay')}`;

const SERVICES = `SELECT source FROM traffic_reports WHERE ${DAY}\nUNION\nSELECT target FROM traffic_reports WHERE ${DAY}`;

/** A pair is new or vanished only against a day that has a report: without one nothing is known. */
const PAIRS = `WITH current_day AS (
  SELECT source, target, total_requests, failed_requests FROM traffic_reports WHERE ${DAY}
),
compared_day AS (
  SELECT source, target, total_requests, failed_requests FROM traffic_reports WHERE ${COMPARED_DAY}
),
days AS (
  SELECT (SELECT count(*) FROM current_day) AS current_pairs, (SELECT count(*) FROM compared_day) AS compared_pairs
),
pairs AS (
  SELECT
    coalesce(c.source, p.source) AS source,
    coalesce(c.target, p.target) AS target,
    c.total_requests AS total_requests,
    c.failed_requests AS failed_requests,
    CAST(c.failed_requests AS DOUBLE) / nullif(c.total_requests, 0) AS failure_share,
    p.total_requests AS compared_requests,
    CAST(p.failed_requests AS DOUBLE) / nullif(p.total_requests, 0) AS compared_failure_share,
    CASE WHEN days.current_pairs > 0 AND days.compared_pairs > 0
      THEN coalesce(c.total_requests, 0) - coalesce(p.total_requests, 0) END AS change,
    CASE
      WHEN days.current_pairs = 0 OR days.compared_pairs = 0 THEN NULL
      WHEN p.source IS NULL THEN 'new'
      WHEN c.source IS NULL THEN 'vanished'
      ELSE 'both'
    END AS presence
  FROM current_day c
  FULL OUTER JOIN compared_day p ON c.source = p.source AND c.target = p.target
  CROSS JOIN days
)
SELECT ${PAIR_COLUMNS.map(({ name }) => name).join(', ')}
FROM pairs`;

const NODES = `WITH ends AS (
  SELECT source AS service, total_requests AS outgoing, 0 AS incoming, 0 AS failed
  FROM traffic_reports WHERE ${DAY}
  UNION ALL
  SELECT target AS service, 0 AS outgoing, total_requests AS incoming, failed_requests AS failed
  FROM traffic_reports WHERE ${DAY}
)
SELECT
  service AS id,
  service AS title,
  CAST(sum(incoming) AS BIGINT) AS incoming_requests,
  CAST(sum(outgoing) AS BIGINT) AS outgoing_requests,
  CAST(sum(failed) AS BIGINT) AS failed_requests,
  CAST(sum(failed) AS DOUBLE) / nullif(sum(incoming), 0) AS failure_share
FROM ends
GROUP BY service
ORDER BY service`;

const NODE_COLUMNS: readonly PanelColumn[] = [
  { name: 'id', title: 'Service', unit: 'text' },
  { name: 'title', title: 'Name', unit: 'text' },
  { name: 'incoming_requests', title: 'Requests received', unit: 'count' },
  { name: 'outgoing_requests', title: 'Requests sent', unit: 'count' },
  { name: 'failed_requests', title: 'Failed of the received', unit: 'count' },
  { name: 'failure_share', title: 'Failure share of the received', unit: 'share' },
];

const EDGES = `SELECT
  id,
  source,
  target,
  total_requests,
  failed_requests,
  CAST(failed_requests AS DOUBLE) / nullif(total_requests, 0) AS failure_share
FROM traffic_reports
WHERE ${DAY}
ORDER BY source, target`;

const EDGE_COLUMNS: readonly PanelColumn[] = [{ name: 'id', title: 'Pair', unit: 'text' }, ...PAIR_COLUMNS.slice(0, 5)];

const dayVariable = (name: string, label: string, description: string): DashboardVariable => ({
  name,
  label,
  description,
  multi: false,
  includeAll: false,
  sql: `SELECT DISTINCT report_date\nFROM traffic_reports\nWHERE ${daysInRange('report_date')}\nORDER BY 1 DESC`,
});

/** Who calls whom on a UTC day, how often and how often in vain; what came and went against another day. */
export const TRAFFIC_DASHBOARD: Dashboard = {
  uid: 'pulselake-traffic',
  title: 'Traffic',
  description:
    'Service-to-service calls of one UTC day, from access logs. Failed are answers with status 500 and above.',
  stages: ['traffic-report'],
  variables: [
    dayVariable('day', 'Day', 'The UTC day shown'),
    dayVariable('compareDay', 'Compare with', 'The UTC day it is held against'),
    {
      name: 'service',
      label: 'Service',
      description: 'The service whose metrics are shown',
      multi: true,
      includeAll: true,
      sql: `${SERVICES}\nORDER BY 1`,
    },
  ],
  rows: [
    {
      title: 'At a glance',
      panels: [
        {
          id: 'totals',
          title: 'Calls of the day',
          description: 'All service-to-service calls of the day, and those of the day it is compared with.',
          unit: 'count',
          kind: 'stat',
          queries: [
            selectMeasures(
              'day',
              [measure.requests, measure.failed, measure.failureShare, measure.pairs],
              `FROM traffic_reports\nWHERE ${DAY}`,
            ),
            selectMeasures(
              'compared',
              [measure.requests, measure.failed, measure.failureShare, measure.pairs],
              `FROM traffic_reports\nWHERE ${COMPARED_DAY}`,
            ),
            selectMeasures('services', [measure.services], `FROM (\n${SERVICES}\n) ends`),
          ],
        },
        {
          id: 'days',
          title: 'Calls per day',
          description: 'Calls and failed calls of each day in the range.',
          unit: 'count',
          kind: 'barchart',
          queries: [
            selectMeasures(
              'days',
              [measure.day, measure.requests, measure.failed, measure.failureShare, measure.pairs],
              `FROM traffic_reports\nWHERE ${daysInRange('report_date')}\nGROUP BY report_date\nORDER BY report_date`,
            ),
          ],
        },
      ],
    },
    {
      title: 'Service map',
      panels: [
        {
          id: 'service-map',
          title: 'Service map',
          description: 'An arrow is a pair of services: its width the requests, its colour the share that failed.',
          unit: 'count',
          kind: 'nodegraph',
          queries: [
            { refId: 'nodes', sql: NODES, columns: NODE_COLUMNS },
            { refId: 'edges', sql: EDGES, columns: EDGE_COLUMNS },
          ],
        },
        {
          id: 'service-metrics',
          title: 'Metrics of the service on the day',
          description: 'What the chosen services measured on the day, from windowed metrics.',
          unit: { column: 'unit' },
          kind: 'table',
          queries: [
            selectMeasures(
              'metrics',
              [
                METRIC_LABELS.component,
                METRIC_LABELS.metric,
                METRIC_LABELS.unit,
                METRIC_MEASURES.minimum,
                METRIC_MEASURES.average,
                METRIC_MEASURES.maximum,
                METRIC_MEASURES.windows,
              ],
              `FROM windowed_metrics_current\nWHERE dt = ${values('day')}\n  AND ${chosen('component_name', 'service')}\nGROUP BY component_name, metric_name, unit\nORDER BY 1, 2, 3`,
            ),
          ],
        },
      ],
    },
    {
      title: 'Pairs',
      panels: [
        {
          id: 'pairs',
          title: 'Pairs of services',
          description: 'Every pair of the day with its figures on the compared day.',
          unit: 'count',
          kind: 'table',
          queries: [
            {
              refId: 'pairs',
              sql: `${PAIRS}\nWHERE total_requests IS NOT NULL\nORDER BY total_requests DESC, source, target`,
              columns: PAIR_COLUMNS,
            },
          ],
        },
        {
          id: 'new-and-vanished',
          title: 'New and vanished',
          description: 'Pairs seen on one of the two days only. Empty when either day has no report.',
          unit: 'count',
          kind: 'table',
          queries: [
            {
              refId: 'changes',
              sql: `${PAIRS}\nWHERE presence IN ('new', 'vanished')\nORDER BY presence, source, target`,
              columns: PAIR_COLUMNS,
            },
          ],
        },
      ],
    },
  ],
};
