"""The report with what is known of each called service: its metrics over the day. Pure, the reading of files aside."""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.types import (
    DoubleType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
    TimestampType,
)

WINDOWS = StructType(
    [
        StructField("component_name", StringType()),
        StructField("metric_name", StringType()),
        StructField("unit", StringType()),
        StructField("min_value", DoubleType()),
        StructField("max_value", DoubleType()),
        StructField("sum_value", DoubleType()),
        StructField("sample_count", LongType()),
        StructField("from_timestamp", TimestampType()),
        StructField("to_timestamp", TimestampType()),
        StructField("source", StringType()),
        StructField("part_id", StringType()),
        StructField("revision", IntegerType()),
        StructField("emitted_at", TimestampType()),
        StructField("input_id", StringType()),
    ]
)
"""The columns of `windowed_metrics`, as the contract has them."""

# The view of the contract, on one day: per part the last revision, then the parts of a window together.
_CURRENT = """
SELECT component_name, metric_name, unit,
  min(min_value) AS min_value,
  max(max_value) AS max_value,
  CASE WHEN count(sum_value) = count(*) AND abs(sum(sum_value)) <= 1.7976931348623157E308D THEN sum(sum_value) END AS sum_value,
  CASE WHEN count(sample_count) = count(*) THEN CAST(sum(sample_count) AS BIGINT) END AS sample_count
FROM (
  SELECT component_name, metric_name, unit, min_value, max_value, sum_value, sample_count, from_timestamp, to_timestamp, source,
    row_number() OVER (
      PARTITION BY component_name, metric_name, unit, from_timestamp, to_timestamp, source, coalesce(part_id, '')
      ORDER BY revision DESC, emitted_at DESC, max_value DESC, min_value ASC, sum_value ASC NULLS LAST, sample_count ASC NULLS LAST
    ) AS rank_in_part
  FROM {windows}
)
WHERE rank_in_part = 1
GROUP BY component_name, metric_name, unit, from_timestamp, to_timestamp, source
"""


def read_windows(spark: SparkSession, paths: list[str]) -> DataFrame:
    """The windows of some files; none where there are no files."""
    if not paths:
        return spark.createDataFrame([], WINDOWS)
    return spark.read.schema(WINDOWS).option("__globPaths__", "false").parquet(*paths)


def metrics_of_services(spark: SparkSession, windows: DataFrame) -> DataFrame:
    """
    `target` and `metrics`: minimum, maximum and average over all windows of a day, in the order of names and units. The average is
    absent where a window came without its sum or count.
    """
    current = spark.sql(_CURRENT, windows=windows)
    is_known = f.count("sum_value") + f.count("sample_count") == 2 * f.count(f.lit(1))
    average = f.sum("sum_value") / f.sum("sample_count")
    per_metric = current.groupBy("component_name", "metric_name", "unit").agg(
        f.min("min_value").alias("minValue"),
        f.max("max_value").alias("maxValue"),
        f.when(is_known & (f.abs(average) <= 1.7976931348623157e308), average).alias("avgValue"),
    )
    metric = f.struct(f.col("metric_name").alias("metricName"), "unit", "minValue", "maxValue", "avgValue")
    return per_metric.groupBy(f.col("component_name").alias("target")).agg(f.sort_array(f.collect_list(metric)).alias("metrics"))


def enrich(report: DataFrame, metrics: DataFrame) -> DataFrame:
    """Each row of a report with its `metrics`; an empty list where nothing is known of the called service."""
    nothing = f.expr(
        "cast(array() AS array<struct<metricName string, unit string, minValue double, maxValue double, avgValue double>>)"
    )
    return report.join(metrics, "target", "left").select(*report.columns, f.coalesce("metrics", nothing).alias("metrics"))
