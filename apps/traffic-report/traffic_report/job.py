"""
One run: find the logs, count their calls in one pass, put the reports in place, write the ledger.

What can be promised of the replacement. Everything is written aside, below `_staging/`, before anything in the lake changes: a run that
fails until then leaves the old reports as they are. Then each report is put in place under the one key that its day has. On S3 that is
one PUT, which readers see whole or not at all; there is no such thing for several objects, so a run of several days, and a report
with its enriched one, change object by object. The ledger comes last. What is about to be done is written down first: a run that was
killed in between is brought to its end by the next one, whatever days that is for; until then `pulselake verify` names what it had
replaced.

One run at a time on a lake: the schedule and the commands see to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

from pyspark.sql import Column, DataFrame, Observation, SparkSession
from pyspark.sql import functions as f

from .commit import commit, recover
from .count_pairs import COUNTED, count_pairs
from .days import format_day
from .inputs import Inputs, Log, choose_inputs, find_logs, missing_inputs
from .ledger import Counts, Run, read_runs
from .options import Options
from .parse import REASONS, Kind, in_day, parse
from .stage_rejected import stage_rejected
from .stage_reports import stage_reports
from .staged import Staged, describe
from .storage import Storage

_PATTERN = re.compile(r"[\[\]{}*?\\]")


class MissingInputsError(Exception):
    """Logs of an earlier report are gone: it stays as it is."""


class ChangedInputError(Exception):
    """A log changed while it was read."""


@dataclass(frozen=True)
class Outcome:
    run: Run
    inputs: Inputs


def run_job(
    spark: SparkSession,
    options: Options,
    *,
    run_id: str,
    started_at: str,
    clock: Callable[[], str],
    say: Callable[[str], None],
) -> Outcome:
    """
    Makes the reports of the days that are asked for.

    @param clock the instant that it is, for the ledger
    @raises MissingInputsError, ChangedInputError when nothing was replaced
    """
    storage = Storage(spark)
    staging = f"{options.lake}/_staging/{run_id}"
    recover(storage, options.lake, run_id, say)
    runs = read_runs(storage, options.lake, options.first_day)
    found = find_logs(storage, options)
    inputs = choose_inputs(storage, options, found, runs)
    tell_inputs(inputs, options, say)
    must_have_all(storage, options, inputs, runs)
    read = count_calls(spark, storage, options, inputs.logs, staging)
    must_be_unchanged(storage, inputs.logs)
    counted = spark.read.schema(COUNTED).option("__globPaths__", "false").parquet(f"{staging}/counted")
    staged = [
        *stage_rejected(spark, storage, counted, inputs.logs, run_id, staging),
        *stage_reports(spark, storage, options, counted, staging),
    ]
    counts, reasons = account(counted, read, superseded(inputs.logs))
    outputs = describe(storage, staged)
    replaced = replaced_keys(storage, options, inputs, runs, staged)
    run = Run(
        run_id=run_id,
        started_at=started_at,
        finished_at=clock(),
        status="succeeded",
        days=tuple(format_day(day) for day in options.days),
        inputs=tuple(log.input for log in inputs.logs),
        outputs=outputs,
        replaced=tuple(replaced),
        counts=counts,
        rejected_by_reason=reasons,
        supersedes=tuple(sorted({older for log in inputs.logs for older in log.supersedes})),
    )
    commit(storage, options.lake, staging, run, staged)
    return Outcome(run, inputs)


def tell_inputs(inputs: Inputs, options: Options, say: Callable[[str], None]) -> None:
    """What is read, what is not and why. Alarms look for `WARNING late log`."""
    stored = sum(log.input.bytes for log in inputs.logs)
    say(f"{format_day(options.first_day)} to {format_day(options.last_day)}: {len(inputs.logs)} logs, {stored} bytes")
    for path in inputs.repeated:
        say(f"{path}: its content is that of another log; it counts once")
    for fault in inputs.unusable:
        say(f"not read: {fault}")
    for path, day, arrival in inputs.late:
        say(f"WARNING late log: {path}; it counts with --date {format_day(day)} --arrival-days {arrival - day + 1}")


def must_have_all(storage: Storage, options: Options, inputs: Inputs, runs: Sequence[Run]) -> None:
    """Landing expires; a good report must not."""
    missing = [] if options.allow_missing_inputs else missing_inputs(storage, options, inputs, runs)
    if missing:
        raise MissingInputsError(
            f"{len(missing)} logs that the last good report was made of are not there: {', '.join(missing[:3])}"
            f"{' …' if len(missing) > 3 else ''}. The report stays as it is. Bring them back, read more days of arrival"
            " with --arrival-days, or make it without them with --allow-missing-inputs."
        )


def count_calls(spark: SparkSession, storage: Storage, options: Options, logs: Sequence[Log], staging: str) -> int:
    """Counts all calls into `counted`, in one pass. @returns the lines read, counted before they are parsed"""
    target = f"{staging}/counted"
    if not logs:
        spark.createDataFrame([], COUNTED).write.parquet(target)
        return 0
    paths = [readable(storage, log, f"{staging}/inputs", at) for at, log in enumerate(logs)]
    about = spark.createDataFrame(
        [
            (storage.address(path), at, log.found.service, *counted_days(log, options))
            for at, (path, log) in enumerate(zip(paths, logs))
        ],
        "path string, input int, file_target string, first_day int, last_day int, days_between array<int>",
    )
    # Plans that adapt leave a part out that turns out to be empty, and an observation with it: waiting for it never ends.
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    spark.conf.set("spark.sql.shuffle.partitions", str(2 * spark.sparkContext.defaultParallelism))
    # Java does not compile methods that are longer than this: taken apart into steps they need a seventh less.
    spark.conf.set("spark.sql.codegen.hugeMethodLimit", "8000")
    observed = Observation("lines")
    lines = (
        spark.read.format("text")
        .option("lineSep", "\n")
        .option("__globPaths__", "false")
        .load(paths)
        .select(without_carriage_return().alias("bytes"), f.col("_metadata.file_path").alias("path"))
        .where(f.octet_length("bytes") > 0)
        .observe(observed, f.count(f.lit(1)).alias("read"))
        # A log that is not known would be lost: it fails the run.
        .join(f.broadcast(about), "path", "left")
        .withColumn("input", f.expr("coalesce(input, raise_error(concat('no log is known at ', path)))"))
    )
    count_pairs(in_day(parse(lines, options.max_record_bytes))).write.parquet(target)
    return int(observed.get["read"])


def without_carriage_return() -> Column:
    """A line's bytes; one CR before the line end is no part of it."""
    return f.expr(
        r"""IF(endswith(value, '\r'),
          substring(CAST(value AS binary), 1, octet_length(value) - 1), CAST(value AS binary))"""
    )


def counted_days(log: Log, options: Options) -> tuple[int, int, list[int]]:
    """The days that are counted of a log: the first, the last, and those in between that are not."""
    if log.days is None:
        return options.first_day, options.last_day, []
    first, last = min(log.days), max(log.days)
    return first, last, [day for day in range(first, last + 1) if day not in log.days]


def readable(storage: Storage, log: Log, folder: str, at: int) -> str:
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


def must_be_unchanged(storage: Storage, logs: Sequence[Log]) -> None:
    for log in logs:
        if storage.find(log.found.file.path) != log.found.file:
            raise ChangedInputError(f"{log.found.file.path} changed while it was read. The reports stay as they are; run it again.")


def superseded(logs: Sequence[Log]) -> list[int]:
    """The numbers of logs whose rejected lines are those of a newer version too."""
    return [at for at, log in enumerate(logs) if log.is_superseded]


def account(counted: DataFrame, read: int, superseded: Sequence[int] = ()) -> tuple[Counts, dict[str, int]]:
    """
    Where the lines went, summed from what was written.

    @raises AssertionError when that is not what was read: a fault of this job
    """
    is_repeated = (f.col("kind") >= int(Kind.BAD_ENCODING)) & f.col("day").isin(list(superseded))
    sums = counted.groupBy("kind", is_repeated.alias("repeated")).agg(f.sum("total").alias("total")).collect()
    totals = {Kind(row["kind"]): int(row["total"]) for row in sums if not row["repeated"]}
    reasons: dict[str, int] = {}
    for kind, (reason, _) in REASONS.items():
        if totals.get(kind):
            reasons[reason] = reasons.get(reason, 0) + totals[kind]
    counts = Counts(
        read=read,
        accepted=totals.get(Kind.SERVICE, 0),
        duplicate=sum(int(row["total"]) for row in sums if row["repeated"]),
        external=totals.get(Kind.USER, 0),
        out_of_range=totals.get(Kind.OUT_OF_RANGE, 0),
        rejected=sum(reasons.values()),
    )
    assert counts.balances, f"{counts}: lines were lost or counted twice; this is a bug in the traffic report."
    return counts, reasons


def replaced_keys(storage: Storage, options: Options, inputs: Inputs, runs: Sequence[Run], staged: Sequence[Staged]) -> list[str]:
    """What is in the lake that this run overwrites, or removes: the rejected lines of contents that logs no longer have."""
    overwritten = [file.key for file in staged if storage.exists(f"{options.lake}/{file.key}")]
    ids = {log.input.input_id for log in inputs.logs}
    uris = {log.input.uri for log in inputs.logs}
    gone = {older for log in inputs.logs for older in log.supersedes}
    gone |= {each.input_id for run in runs for each in run.inputs if each.uri in uris and each.input_id not in ids}
    keys = {output.uri for run in runs for output in run.outputs}
    stale = [
        key
        for key in sorted(keys)
        if key.startswith("rejected/") and key.rsplit("/", 1)[-1].split("-")[0] in gone and storage.exists(f"{options.lake}/{key}")
    ]
    return sorted({*overwritten, *stale})
