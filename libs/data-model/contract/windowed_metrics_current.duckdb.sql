CREATE OR REPLACE VIEW windowed_metrics_current AS
SELECT component_name, metric_name, unit, min_value, max_value, sum_value, sample_count,
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
        PARTITION BY component_name, metric_name, unit, from_timestamp, to_timestamp, source, dt, coalesce(part_id, '')
        ORDER BY revision DESC, emitted_at DESC, max_value DESC, min_value ASC, sum_value ASC NULLS LAST, sample_count ASC NULLS LAST
      ) AS rank_in_part
    FROM windowed_metrics
  ) AS deliveries
  WHERE rank_in_part = 1
  GROUP BY component_name, metric_name, unit, from_timestamp, to_timestamp, source, dt
) AS windows;
