/** The engines that run the view. */
export type SqlDialect = 'duckdb' | 'athena';

/** Name of the view over `windowed_metrics` that all readers use. */
export const WINDOWED_METRICS_CURRENT = 'windowed_metrics_current';

/** Columns of the view in their order, with their types in Trino. */
export const WINDOWED_METRICS_CURRENT_COLUMNS = [
  { name: 'component_name', type: 'varchar' },
  { name: 'metric_name', type: 'varchar' },
  { name: 'unit', type: 'varchar' },
  { name: 'min_value', type: 'double' },
  { name: 'max_value', type: 'double' },
  { name: 'sum_value', type: 'double' },
  { name: 'sample_count', type: 'bigint' },
  { name: 'avg_value', type: 'double' },
  { name: 'from_timestamp', type: 'timestamp(3)' },
  { name: 'to_timestamp', type: 'timestamp(3)' },
  { name: 'source', type: 'varchar' },
  { name: 'revision', type: 'integer' },
  { name: 'emitted_at', type: 'timestamp(3)' },
  { name: 'dt', type: 'varchar' },
] as const;

/** What a row of the view is known by. */
export const WINDOW_KEY = 'component_name, metric_name, unit, from_timestamp, to_timestamp, source, dt';

/**
 * The SELECT of the view: one row per window and source, whatever was delivered twice, corrected or came in parts.
 *
 * Of each part the highest revision counts, then the latest emission; then the parts are merged. Sums and counts are
 * NULL as soon as one part has none, or a sum is beyond double. Both steps keep `dt` in their key, so that a filter on
 * `dt` prunes partitions. The common subset of DuckDB and Trino serves both dialects.
 *
 * @param _dialect the engine; the text is the same for both today
 * @param options.from the relation to read, default `windowed_metrics`
 */
export function windowedMetricsCurrentView(
  _dialect: SqlDialect,
  { from = 'windowed_metrics' }: { readonly from?: string } = {},
): string {
  return `SELECT component_name, metric_name, unit, min_value, max_value, sum_value, sample_count,
  sum_value / sample_count AS avg_value,
  from_timestamp, to_timestamp, source, revision, emitted_at, dt
FROM (
  SELECT component_name, metric_name, unit,
    min(min_value) AS min_value,
    max(max_value) AS max_value,
    CASE WHEN count(sum_value) = count(*) AND abs(sum(sum_value)) <= 1.7976931348623157E308 THEN sum(sum_value) END AS sum_value,
    CASE WHEN count(sample_count) = count(*) THEN CAST(sum(sample_count) AS BIGINT) END AS sample_count,
    from_timestamp, to_timestamp, source,
    max(revision) AS revision,
    max(emitted_at) AS emitted_at,
    dt
  FROM (
    SELECT component_name, metric_name, unit, min_value, max_value, sum_value, sample_count,
      from_timestamp, to_timestamp, source, revision, emitted_at, dt,
      row_number() OVER (
        PARTITION BY ${WINDOW_KEY}, coalesce(part_id, '')
        ORDER BY revision DESC, emitted_at DESC, max_value DESC, min_value ASC, sum_value ASC NULLS LAST, sample_count ASC NULLS LAST
      ) AS rank_in_part
    FROM ${from}
  ) AS deliveries
  WHERE rank_in_part = 1
  GROUP BY ${WINDOW_KEY}
) AS windows`;
}

/**
 * What {@link windowedMetricsCurrentView} gives where no two rows of `from` share {@link WINDOW_KEY}, without looking for
 * repeats: a tenth of its time, and no memory.
 */
export function windowsDeliveredOnce(from: string): string {
  return `SELECT component_name, metric_name, unit, min_value, max_value, sum_value, sample_count,
  sum_value / sample_count AS avg_value,
  from_timestamp, to_timestamp, source, revision, emitted_at, dt
FROM (
  SELECT * REPLACE (CASE WHEN abs(sum_value) <= 1.7976931348623157E308 THEN sum_value END AS sum_value)
  FROM ${from}
) AS windows`;
}
