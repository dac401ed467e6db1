"""One pass over the logs: their lines, those that say the same as one, and what each of these says."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Observation, SparkSession
from pyspark.sql import functions as f

from .count_pairs import COUNTED, MAX_RAW_BYTES, count_pairs
from .inputs import Log
from .options import Options
from .parse import fault_of_long, in_day, parse
from .shorten import shorten
from .storage import Storage

_PATTERN = re.compile(r"[\[\]{}*?\\]")


def count_calls(spark: SparkSession, storage: Storage, options: Options, logs: Sequence[Log], staging: str) -> int:
    """Counts all calls into `counted`. @returns the lines read, counted before they are parsed"""
    target = f"{staging}/counted"
    if not logs:
        spark.createDataFrame([], COUNTED).write.parquet(target)
        return 0
    # Plans that adapt leave a part out that turns out to be empty, and an observation with it: waiting for it never ends.
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    spark.conf.set("spark.sql.shuffle.partitions", str(spark.sparkContext.defaultParallelism))
    # Small enough that few cores are all busy to the end.
    spark.conf.set("spark.sql.files.maxPartitionBytes", "32m")
    paths = [_readable(storage, log, f"{staging}/inputs", at) for at, log in enumerate(logs)]
    about = _about(
        spark,
        [
            {"path": storage.address(path), "input": at, "file_target": log.found.service, **_counted_days(log, options)}
            for at, (path, log) in enumerate(zip(paths, logs))
        ],
    )
    observed = Observation("lines")
    lines = (
        _different_lines(spark, options, paths, logs)
        .observe(observed, f.coalesce(f.sum("total"), f.lit(0)).alias("read"))
        # A log that is not known would be lost: it fails the run.
        .join(f.broadcast(about), "path", "left")
        .withColumn("input", f.expr("coalesce(input, raise_error(concat('no log is known at ', path)))"))
    )
    count_pairs(in_day(parse(lines))).write.parquet(target)
    return int(observed.get["read"])


def _different_lines(spark: SparkSession, options: Options, paths: Sequence[str], logs: Sequence[Log]) -> DataFrame:
    """
    The lines of each log that differ in what they say.

    @returns `path`, `line` and `fault` as for `parse`, and `total`, how many lines say so
    """
    counted: DataFrame | None = None
    for has_target in (True, False):
        chosen = [path for path, log in zip(paths, logs) if (log.found.service is not None) == has_target]
        if not chosen:
            continue
        read = spark.read.format("text").option("lineSep", "\n").option("__globPaths__", "false").load(chosen)
        # Empty lines are none. Asked of the raw text: Spark would work out twice what a later question asks for.
        filled = read.where(~f.col("value").isin("", "\r"))
        lines = filled.select(_without_carriage_return().alias("line"), f.col("_metadata.file_path").alias("path"))
        # Of a line that is too long no more is needed than is kept of it; and that there was more.
        lines = lines.withColumn("fault", fault_of_long(f.col("line"), options.max_record_bytes))
        beginning = f.substring(f.col("line").cast("binary"), 1, MAX_RAW_BYTES + 1).cast("string")
        lines = lines.withColumn("line", f.when(f.col("fault").isNull(), f.col("line")).otherwise(beginning))
        each = shorten(lines, has_target=has_target).groupBy("path", "line", "fault").agg(f.count(f.lit(1)).alias("total"))
        counted = each if counted is None else counted.union(each)
    assert counted is not None
    return counted


def _without_carriage_return() -> Column:
    """A line's bytes; one CR before the line end is no part of it."""
    return f.expr(
        r"""IF(endswith(value, '\r'),
          CAST(substring(CAST(value AS binary), 1, octet_length(value) - 1) AS string), value)"""
    )


def _about(spark: SparkSession, rows: Sequence[dict[str, object]]) -> DataFrame:
    """What is known of each log. As one text, since rows of Python would be brought over by a job of their own."""
    schema = "array<struct<path string, input int, file_target string, first_day int, last_day int, days_between array<int>>>"
    known = spark.range(1).select(f.explode(f.from_json(f.lit(json.dumps(rows)), schema)).alias("log"))
    return known.select("log.*")


def _counted_days(log: Log, options: Options) -> dict[str, object]:
    """The days that are counted of a log: the first, the last, and those in between that are not."""
    if log.days is None:
        return {"first_day": options.first_day, "last_day": options.last_day, "days_between": []}
    first, last = min(log.days), max(log.days)
    return {"first_day": first, "last_day": last, "days_between": [day for day in range(first, last + 1) if day not in log.days]}


def _readable(storage: Storage, log: Log, folder: str, at: int) -> str:
    """
    Where Spark reads a log right: it knows gzip by the name alone, takes a byte order mark for a part of the line, and lists
    other files twice where a name looks like a pattern, also when it is told that none is.
    """
    file = log.found.file
    if log.has_byte_order_mark:
        return storage.stage_input(file, folder, name=f"{at}.txt", decompress=True, skip=3)
    is_gzip = storage.is_gzip(file.path)
    if is_gzip != file.name.endswith(".gz") or _PATTERN.search(file.path):
        return storage.stage_input(file, folder, name=f"{at}.txt{'.gz' if is_gzip else ''}", decompress=False)
    return file.path
