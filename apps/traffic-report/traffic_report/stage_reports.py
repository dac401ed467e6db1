"""The reports of the days, from the counts."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from .days import format_day
from .enrich import enrich, metrics_of_services, read_windows
from .options import Options
from .parse import USERS_SOURCE, Kind
from .staged import Staged
from .storage import Storage


def stage_reports(spark: SparkSession, storage: Storage, options: Options, counted: DataFrame, staging: str) -> list[Staged]:
    """Each day's report and enriched report. A day without calls has an empty one: it was looked at, and there was nothing."""
    staged: list[Staged] = []
    for day in options.days:
        name = format_day(day)
        calls = counted.where(_is_reported(options.include_users) & (f.col("day") == day))
        sums = calls.select(
            f.count(f.lit(1)).alias("pairs"),
            f.coalesce(f.sum(f.when(f.col("kind") == int(Kind.SERVICE), f.col("total"))), f.lit(0)).alias("calls"),
        ).first()
        assert sums is not None
        report = report_of(calls)
        windows = read_windows(spark, _windows_of(storage, options.lake, name))
        tables = {
            "traffic_reports": (report, int(sums["calls"])),
            "traffic_reports_enriched": (enrich(report, metrics_of_services(spark, windows)), None),
        }
        for table, (rows, records) in tables.items():
            path = _write(storage, rows, f"{staging}/{table}/{name}", is_empty=sums["pairs"] == 0)
            staged.append(Staged(path, f"{table}/report_date={name}/report.json", int(sums["pairs"]), records))
    return staged


def report_of(calls: DataFrame) -> DataFrame:
    """Rows of the report, of the counts of one day."""
    return calls.select(
        f.substring(f.sha2(f.concat_ws("\0", _source(), f.col("target")).cast("binary"), 256), 1, 16).alias("id"),
        _source().alias("source"),
        "target",
        f.col("total").alias("totalRequests"),
        f.col("failed").alias("failedRequests"),
    )


def _source() -> Column:
    return f.when(f.col("kind") == int(Kind.USER), USERS_SOURCE).otherwise(f.col("source"))


def _is_reported(include_users: bool) -> Column:
    return f.col("kind") <= int(Kind.USER if include_users else Kind.SERVICE)


def _windows_of(storage: Storage, lake: str, day: str) -> list[str]:
    return [file.path for file in storage.files(f"{lake}/windowed_metrics/dt={day}") if file.name.endswith(".parquet")]


def _write(storage: Storage, rows: DataFrame, folder: str, *, is_empty: bool) -> str:
    """Writes a day's rows as one file. @returns its path"""
    if is_empty:
        storage.write_text(f"{folder}/report.json", "")
        return f"{folder}/report.json"
    rows.coalesce(1).sortWithinPartitions("source", "target").write.option("ignoreNullFields", "true").json(folder)
    (file,) = (file for file in storage.files(folder) if file.name.endswith(".json"))
    return file.path
