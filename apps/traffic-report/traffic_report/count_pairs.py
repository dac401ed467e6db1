"""Calls to counts, rejected lines to rows. Pure."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f

from .parse import MAX_RAW_BYTES, Kind, raw_of

COUNTED = "kind int, day int, source string, target string, total long, failed long"
"""The columns of `count_pairs`."""


def count_pairs(calls: DataFrame) -> DataFrame:
    """
    One row for each pair and day, and one for each rejected text of an input, however often it was there: so one pass gives the
    report, the rejected lines and all counts.

    @param calls with `input`, the number of its file
    @returns `kind`, `day` (of rejected lines the input's number), `source` (of rejected lines what is kept of the text), `target`
      (of rejected lines `b` for base64, `t` for cut, both, or none), `total` and `failed`
    """
    is_rejected = f.col("kind") >= int(Kind.BAD_ENCODING)
    is_counted = f.col("kind") <= int(Kind.USER)
    is_binary = f.col("kind") == int(Kind.BAD_ENCODING)
    raw = f.when(is_binary, _base64(f.substring("bytes", 1, MAX_RAW_BYTES))).otherwise(raw_of(f.col("bytes")))
    form = f.concat(f.when(is_binary, "b").otherwise(""), f.when(f.octet_length("bytes") > MAX_RAW_BYTES, "t").otherwise(""))
    return (
        calls.select(
            "kind",
            f.when(is_counted, f.col("day")).when(is_rejected, f.col("input")).alias("day"),
            f.when(is_counted, f.col("source")).when(is_rejected, raw).alias("source"),
            f.when(is_counted, f.col("target")).when(is_rejected, form).alias("target"),
            (is_counted & f.col("failed")).alias("failed"),
        )
        .groupBy("kind", "day", "source", "target")
        .agg(f.count(f.lit(1)).alias("total"), f.count_if("failed").alias("failed"))
    )


def _base64(content: Column) -> Column:
    """Spark breaks it into lines of 76 characters."""
    return f.translate(f.base64(content), "\r\n", "")
