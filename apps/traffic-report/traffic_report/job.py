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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Callable

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from .commit import commit, recover
from .count_calls import count_calls
from .count_pairs import COUNTED
from .days import format_day
from .inputs import Inputs, Log, choose_inputs, find_logs, missing_inputs
from .ledger import Counts, Run, read_runs
from .options import Options
from .parse import REASONS, Kind
from .stage_rejected import stage_rejected
from .stage_reports import stage_reports
from .staged import Staged, describe
from .storage import Storage


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
