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
    # Those of an older version are those of the newer one too.
    older = [at for at, log in enumerate(logs) if log.is_superseded]
    rejected = counted.where((f.col("kind") >= int(Kind.BAD_ENCODING)) & ~f.col("day").isin(older))
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


def raw_columns() -> tuple[Column, Column, Column]:
    """
    What is kept of a rejected line, of a row of counts: `raw`, whole code points within 8,192 bytes, or `rawBase64` of a line that is
    not UTF-8; and `truncated`.
    """
    is_binary = f.col("kind") == int(Kind.BAD_ENCODING)
    is_cut = f.col("target") == "t"
    content = f.col("source").cast("binary")

    def lacks(last: int, begin: str) -> Column:
        """Whether a code point has begun so many bytes before the end, and is longer."""
        return f.hex(f.substring(content, -last, 1)) >= begin

    def without(last: int) -> Column:
        return f.expr(f"CAST(substring(CAST(source AS binary), 1, octet_length(source) - {last}) AS string)")

    whole = (
        f.when(lacks(1, "C0"), without(1))
        .when(lacks(2, "E0"), without(2))
        .when(lacks(3, "F0"), without(3))
        .otherwise(f.col("source"))
    )
    return (
        f.when(~is_binary, f.when(is_cut, whole).otherwise(f.col("source"))),
        # Spark breaks it into lines of 76 characters.
        f.when(is_binary, f.translate(f.base64(content), "\r\n", "")),
        f.when(is_cut, f.lit(True)),
    )


def _record(run_id: str) -> Column:
    raw, raw_base64, truncated = raw_columns()
    return f.to_json(
        f.struct(
            f.lit(run_id).alias("runId"),
            _of_kind(0).alias("reason"),
            _of_kind(1).alias("message"),
            "file",
            "inputId",
            raw.alias("raw"),
            raw_base64.alias("rawBase64"),
            truncated.alias("truncated"),
        )
    )


def _of_kind(part: int) -> Column:
    text: Column | None = None
    for kind, about in REASONS.items():
        value = f.lit(about[part])
        text = f.when(f.col("kind") == int(kind), value) if text is None else text.when(f.col("kind") == int(kind), value)
    assert text is not None
    return text
