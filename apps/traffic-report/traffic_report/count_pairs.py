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

    What is done to a line here is done to each: what only rejected lines need comes later (`raw_columns`). Spark makes one
    method of it all, and Java does not compile methods that are too long: it was half as fast with a few lines more.

    @param calls with `input`, the number of its file
    @returns `kind`, `day` (of rejected lines the input's number), `source` (of rejected lines their first bytes), `target` (of
      rejected lines `t` when there were more), `total` and `failed`
    """
    is_rejected = f.col("kind") >= int(Kind.BAD_ENCODING)
    is_counted = f.col("kind") <= int(Kind.USER)
    first_bytes = f.substring("bytes", 1, MAX_RAW_BYTES).cast("string")
    is_cut = f.when(f.octet_length("bytes") > MAX_RAW_BYTES, "t").otherwise("")
    return (
        calls.select(
            "kind",
            f.when(is_counted, f.col("day")).when(is_rejected, f.col("input")).alias("day"),
            f.when(is_counted, f.col("source")).when(is_rejected, first_bytes).alias("source"),
            f.when(is_counted, f.col("target")).when(is_rejected, is_cut).alias("target"),
            (is_counted & f.col("failed")).alias("failed"),
        )
        .groupBy("kind", "day", "source", "target")
        .agg(f.count(f.lit(1)).alias("total"), f.count_if("failed").alias("failed"))
    )
