"""The command: options in, an exit code and a document of what was done out."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Sequence

from pyspark.sql import SparkSession

from .commit import is_planned
from .days import format_day, format_instant
from .job import ChangedInputError, MissingInputsError, Outcome, run_job
from .ledger import Run, encode_run, run_id
from .options import Options, parse_options
from .storage import Storage

COMPILE_LONG_METHODS = "-XX:-DontCompileHugeMethods"


def main(arguments: Sequence[str]) -> int:
    """
    Runs the job.

    @returns 0 when the reports are in place; 1 when they are not, or when a log could not be read
    """
    started_ms = int(time.time() * 1000)
    options = parse_options(arguments, started_ms)
    # Python of the executors must be that of the driver where both are on one machine.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = (
        SparkSession.builder.appName("pulselake traffic report")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.ansi.enabled", "false")
        # Spark makes one method of all that is done to a line; by default Java does not compile one as long as that.
        .config("spark.driver.extraJavaOptions", COMPILE_LONG_METHODS)
        .config("spark.executor.extraJavaOptions", COMPILE_LONG_METHODS)
        .getOrCreate()
    )
    try:
        return run(spark, options, started_ms)
    finally:
        spark.stop()


def run(spark: SparkSession, options: Options, started_ms: int) -> int:
    name = run_id(started_ms, secrets.token_hex(4))
    started_at = format_instant(started_ms)
    try:
        outcome = run_job(
            spark,
            options,
            run_id=name,
            started_at=started_at,
            clock=lambda: format_instant(int(time.time() * 1000)),
            say=say,
        )
    except Exception as error:
        storage = Storage(spark)
        failed = Run(
            run_id=name,
            started_at=started_at,
            finished_at=format_instant(int(time.time() * 1000)),
            status="failed",
            days=tuple(format_day(day) for day in options.days),
            error=sentence_of(error),
        )
        storage.write_text(f"{options.lake}/{failed.key}", encode_run(failed))
        staging = f"{options.lake}/_staging/{name}"
        # Once it has begun to replace files, the next run brings it to its end.
        if not is_planned(storage, staging):
            storage.delete(staging)
        say(f"failed: {failed.error}")
        if isinstance(error, (MissingInputsError, ChangedInputError)):
            return 1
        raise
    print(json.dumps(document(outcome), indent=2))
    return 1 if outcome.inputs.unusable else 0


def document(outcome: Outcome) -> dict[str, object]:
    """What was done, for programs."""
    counts = outcome.run.counts
    return {
        "runId": outcome.run.run_id,
        "days": list(outcome.run.days),
        "reports": {
            output.uri.split("=")[1][:10]: {"pairs": output.rows, "calls": output.records}
            for output in outcome.run.outputs
            if output.uri.startswith("traffic_reports/")
        },
        "logs": len(outcome.run.inputs),
        "counts": {
            "read": counts.read,
            "accepted": counts.accepted,
            "duplicate": counts.duplicate,
            "external": counts.external,
            "outOfRange": counts.out_of_range,
            "rejected": counts.rejected,
        },
        "rejectedByReason": outcome.run.rejected_by_reason,
        "unusable": list(outcome.inputs.unusable),
        "repeated": list(outcome.inputs.repeated),
        "late": [path for path, _, _ in outcome.inputs.late],
    }


def sentence_of(error: Exception) -> str:
    """The first line of what went wrong: Java's errors bring all their callers along."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:2000]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
