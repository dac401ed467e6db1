import type { Measure, PanelColumn } from './dashboard.js';

/** What can be said about any group of report rows. */
export const TRAFFIC_MEASURES = {
  requests: {
    name: 'total_requests',
    title: 'Requests',
    unit: 'count',
    sql: 'CAST(coalesce(sum(total_requests), 0) AS BIGINT)',
  },
  failed: {
    name: 'failed_requests',
    title: 'Failed',
    unit: 'count',
    sql: 'CAST(coalesce(sum(failed_requests), 0) AS BIGINT)',
  },
  failureShare: {
    name: 'failure_share',
    title: 'Failure share',
    unit: 'share',
    sql: 'CAST(sum(failed_requests) AS DOUBLE) / nullif(sum(total_requests), 0)',
  },
  pairs: { name: 'pairs', title: 'Pairs', unit: 'count', sql: 'count(*)' },
  services: { name: 'services', title: 'Services', unit: 'count', sql: 'count(*)' },
  day: { name: 'report_date', title: 'Day', unit: 'day', sql: 'report_date' },
} as const satisfies Record<string, Measure>;

/** Columns of queries that hold two days against each other. */
export const PAIR_COLUMNS: readonly PanelColumn[] = [
  { name: 'source', title: 'Caller', unit: 'text' },
  { name: 'target', title: 'Called', unit: 'text' },
  { name: 'total_requests', title: 'Requests', unit: 'count' },
  { name: 'failed_requests', title: 'Failed', unit: 'count' },
  { name: 'failure_share', title: 'Failure share', unit: 'share' },
  { name: 'compared_requests', title: 'Requests before', unit: 'count' },
  { name: 'compared_failure_share', title: 'Failure share before', unit: 'share' },
  { name: 'change', title: 'Change', unit: 'count' },
  { name: 'presence', title: 'Presence', unit: 'text' },
];
