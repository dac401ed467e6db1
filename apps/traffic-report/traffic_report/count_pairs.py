"""Calls to counts, rejected lines to rows. Pure."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as f

from .parse import Kind

COUNTED = "kind int, day int, source string, target string, total long, failed long"
"""The columns of `count_pairs`."""

MAX_RAW_BYTES = 8192


def count_pairs(calls: DataFrame) -> DataFrame:
    """
    One row for each pair and day, and one for each rejected text of an input, however often it was there: so one pass gives the
    report, the rejected lines and all counts.

    @param calls with `input`, the number of its file, and `total`, how often the line was there
    @returns `kind`, `day` (of rejected lines the input's number), `source` (of rejected lines their first bytes), `target` (of
      rejected lines `t` when there were more), `total` and `failed`
    """
    is_rejected = f.col("kind") >= int(Kind.BAD_ENCODING)
    is_counted = f.col("kind") <= int(Kind.USER)
    content = f.col("line").cast("binary")
    first_bytes = f.substring(content, 1, MAX_RAW_BYTES).cast("string")
    is_cut = f.when(f.octet_length(content) > MAX_RAW_BYTES, "t").otherwise("")
    return (
        calls.select(
            "kind",
            f.when(is_counted, f.col("day")).when(is_rejected, f.col("input")).alias("day"),
            f.when(is_counted, f.col("source")).when(is_rejected, first_bytes).alias("source"),
            f.when(is_counted, f.col("target")).when(is_rejected, is_cut).alias("target"),
            "total",
            f.when(is_counted & f.col("failed"), f.col("total")).otherwise(0).alias("failed"),
        )
        .groupBy("kind", "day", "source", "target")
        .agg(f.sum("total").alias("total"), f.sum("failed").alias("failed"))
    )
