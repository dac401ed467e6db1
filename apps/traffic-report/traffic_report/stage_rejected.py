"""The rejected lines of each log, from the counts."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from .inputs import Log
from .ledger import STAGE
from .parse import REASONS, Kind
from .staged import Staged
from .storage import Storage


def rejected_key(log: Log) -> str:
    """A log's rejected lines have one key, so that each run that reads the log again replaces them."""
    return f"rejected/stage={STAGE}/dt={log.input.modified_at[:10]}/{log.input.input_id}-0.jsonl"


def stage_rejected(
    spark: SparkSession, storage: Storage, counted: DataFrame, logs: Sequence[Log], run_id: str, staging: str
) -> list[Staged]:
    """A file of rejected lines for each log that has any. Spark does not know the numbers of lines."""
    rejected = counted.where(f.col("kind") >= int(Kind.BAD_ENCODING))
    rows_of = {row["day"]: int(row["rows"]) for row in rejected.groupBy("day").agg(f.sum("total").alias("rows")).collect()}
    if not rows_of:
        return []
    about = spark.createDataFrame(
        [(at, logs[at].input.uri, logs[at].input.input_id) for at in rows_of], "day int, file string, inputId string"
    )
    lines = (
        rejected.join(f.broadcast(about), "day")
        .withColumn("copy", f.explode(f.sequence(f.lit(1), f.col("total").cast("int"))))
        .select(f.col("day").alias("input"), _record(run_id).alias("value"))
    )
    folder = f"{staging}/rejected"
    lines.repartition("input").sortWithinPartitions("input", "value").write.partitionBy("input").text(folder)
    staged = []
    for at, rows in sorted(rows_of.items()):
        (file,) = (file for file in storage.files(f"{folder}/input={at}") if file.name.endswith(".txt"))
        staged.append(Staged(file.path, rejected_key(logs[at]), rows, rows))
    return staged


def _record(run_id: str) -> Column:
    is_binary = f.col("target").contains("b")
    return f.to_json(
        f.struct(
            f.lit(run_id).alias("runId"),
            _of_kind(0).alias("reason"),
            _of_kind(1).alias("message"),
            "file",
            "inputId",
            f.when(~is_binary, f.col("source")).alias("raw"),
            f.when(is_binary, f.col("source")).alias("rawBase64"),
            f.when(f.col("target").contains("t"), f.lit(True)).alias("truncated"),
        )
    )


def _of_kind(part: int) -> Column:
    text: Column | None = None
    for kind, about in REASONS.items():
        value = f.lit(about[part])
        text = f.when(f.col("kind") == int(kind), value) if text is None else text.when(f.col("kind") == int(kind), value)
    assert text is not None
    return text
