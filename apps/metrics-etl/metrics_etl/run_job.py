"""One run of the job: all that is new in `landing/metrics/`, or the objects that were named."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Sequence
from typing import Any, Callable

from .arguments import JobArguments, bucket_and_key, parse_arguments
from .errors import StoreError, UsageError
from .ingest_object import IngestOptions, ObjectIngest, Outcome
from .intents import Intents
from .lake_marker import mark_lake
from .ledger import Ledger
from .object_store import ObjectInfo, ObjectStore
from .process_tuning import tune_process
from .s3_object_store import S3ObjectStore, s3_client

PREFIX = "metrics/"
Report = Callable[[str], None]


def main(words: Sequence[str]) -> int:
    """Runs the job. 0: all is in the lake; 1: something failed, the rest is in the lake; 2: wrong arguments."""
    try:
        arguments = parse_arguments(words)
        tune_process()
        client = s3_client(arguments.endpoint_url, arguments.region)
        return run_job(arguments, client, clock=lambda: int(time.time() * 1000), report=_print)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except StoreError as error:
        print(f"{error}\nThe job stopped. What it had finished is in the lake; run it again.", file=sys.stderr)
        return 1
    except Exception:
        traceback.print_exc()
        print("This is a bug in pulselake. What was finished before is in the lake.", file=sys.stderr)
        return 1


def run_job(arguments: JobArguments, client: Any, clock: Callable[[], int], report: Report) -> int:
    """Brings objects in, oldest first: windows that were delivered twice end with the later delivery."""
    lake = S3ObjectStore(client, arguments.lake.bucket, arguments.lake.prefix)
    landing = S3ObjectStore(client, arguments.landing.bucket, arguments.landing.prefix)
    mark_lake(lake)
    ledger = Ledger.open(lake)
    intents = Intents(lake)
    notes = intents.recover(ledger)
    if notes > 0:
        report(f"A run was interrupted while it wrote {_plural(notes, 'input')}; this one puts that right.")
    options = IngestOptions(
        arguments.settings,
        clock() if arguments.now_ms is None else arguments.now_ms,
        arguments.force,
        arguments.replace,
    )
    ingest = ObjectIngest(landing, lake, ledger, intents, options, clock)
    outcomes: list[Outcome] = []
    try:
        found, missing = _find(landing, arguments.landing.bucket, arguments.landing.prefix, arguments.objects)
        for outcome in missing:
            outcomes.append(outcome)
            report(_line(outcome))
        new = [
            each
            for each in found
            if arguments.force or not ledger.has_object(landing.uri(each.key), each.size_bytes, each.etag)
        ]
        report(f"{_plural(len(found), 'object')} in {landing.uri(PREFIX)}, {len(new)} to be read.")
        for each in sorted(new, key=lambda info: (info.modified_ms, info.key)):
            outcome = ingest.ingest(each)
            outcomes.append(outcome)
            report(_line(outcome))
        if arguments.objects is None:
            for key in intents.give_up(ledger):
                report(f"{lake.uri(key)}: deleted. An interrupted run left it, and its input is not there any more.")
    finally:
        intents.flush()
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    report(_summary(outcomes))
    return 1 if failed else 0


def _find(
    landing: ObjectStore, bucket: str, prefix: str, named: Sequence[str] | None
) -> tuple[list[ObjectInfo], list[Outcome]]:
    """The objects to look at, and what is wrong with those that were named."""
    if named is None:
        return [each for each in landing.list(PREFIX) if _is_data(each)], []
    found: list[ObjectInfo] = []
    missing: list[Outcome] = []
    for name in dict.fromkeys(named):
        address = bucket_and_key(name)
        of_bucket, key = address if address is not None else (bucket, name)
        if of_bucket != bucket or not key.startswith(prefix):
            raise UsageError(
                f"--objects names {name}, which is not in {landing.uri('')}. Name its place with --landing."
            )
        try:
            found.append(landing.info(key[len(prefix) :]))
        except StoreError as error:
            missing.append(Outcome(landing.uri(key[len(prefix) :]), "failed", str(error)))
    return found, missing


def _is_data(found: ObjectInfo) -> bool:
    """Whether an object is finished: no folder, not hidden, and not still being written, as names go."""
    name = found.key.rsplit("/", 1)[-1]
    return bool(name) and not name.startswith(".") and not name.endswith((".tmp", ".part"))


def _line(outcome: Outcome) -> str:
    if outcome.status == "failed":
        return f"FAILED  {outcome.message}"
    counts = outcome.counts
    numbers = (
        f" {counts['read']} read, {counts['accepted']} accepted, {counts['duplicate']} duplicate, "
        f"{counts['rejected']} rejected."
        if counts
        else ""
    )
    more = f" {outcome.message}" if outcome.message else ""
    return f"{outcome.status}  {outcome.uri}:{numbers}{more}"


def _summary(outcomes: Sequence[Outcome]) -> str:
    def of(status: str) -> int:
        return sum(1 for outcome in outcomes if outcome.status == status)

    return f"{of('ingested')} ingested, {of('unchanged')} unchanged, {of('failed')} failed."


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _print(text: str) -> None:
    # Keys may hold line ends and what terminals obey.
    print("".join(char if char.isprintable() else repr(char)[1:-1] for char in text), flush=True)
