import type { Measure } from './dashboard.js';

const UNIT_OF_METRIC = { column: 'unit' } as const;

const ALL_HAVE_SUM_AND_COUNT = 'count(sum_value) = count(*) AND count(sample_count) = count(*)';

/**
 * What can be said about any group of windows of one metric.
 *
 * The average is the sum of sums over the sum of counts and nothing else: NULL as soon as one window came without a sum
 * or a count, never the middle of minimum and maximum.
 */
export const METRIC_MEASURES = {
  average: {
    name: 'avg_value',
    title: 'Average',
    unit: UNIT_OF_METRIC,
    sql: `CASE WHEN ${ALL_HAVE_SUM_AND_COUNT} THEN sum(sum_value) / sum(sample_count) END`,
  },
  minimum: { name: 'min_value', title: 'Minimum', unit: UNIT_OF_METRIC, sql: 'min(min_value)' },
  maximum: { name: 'max_value', title: 'Maximum', unit: UNIT_OF_METRIC, sql: 'max(max_value)' },
  samples: {
    name: 'sample_count',
    title: 'Samples',
    unit: 'count',
    sql: 'CASE WHEN count(sample_count) = count(*) THEN CAST(sum(sample_count) AS BIGINT) END',
  },
  knownSamples: {
    name: 'known_samples',
    title: 'Samples',
    unit: 'count',
    sql: 'CAST(coalesce(sum(sample_count), 0) AS BIGINT)',
  },
  windows: { name: 'windows', title: 'Windows', unit: 'count', sql: 'count(*)' },
  windowsWithoutAverage: {
    name: 'windows_without_average',
    title: 'Without average',
    unit: 'count',
    sql: 'count(*) - count(CASE WHEN sum_value IS NOT NULL AND sample_count IS NOT NULL THEN 1 END)',
  },
  longestWindow: {
    name: 'longest_window_ms',
    title: 'Longest window',
    unit: 'milliseconds',
    sql: `max(date_diff('millisecond', from_timestamp, to_timestamp))`,
  },
  latest: { name: 'latest', title: 'Newest window ends', unit: 'instant', sql: 'max(to_timestamp)' },
  components: { name: 'components', title: 'Components', unit: 'count', sql: 'count(DISTINCT component_name)' },
} as const satisfies Record<string, Measure>;

/** What windows are told apart by. */
export const METRIC_LABELS = {
  time: {
    name: 'time',
    title: 'Time',
    unit: 'instant',
    sql: `$__timeGroup(from_timestamp, '$__interval')`,
  },
  component: { name: 'component_name', title: 'Component', unit: 'text', sql: 'component_name' },
  metric: { name: 'metric_name', title: 'Metric', unit: 'text', sql: 'metric_name' },
  unit: { name: 'unit', title: 'Unit', unit: 'text', sql: 'unit' },
  source: { name: 'source', title: 'Source', unit: 'text', sql: 'source' },
} as const satisfies Record<string, Measure>;
