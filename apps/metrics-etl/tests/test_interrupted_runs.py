"""Runs that are killed in the middle, run again, or run beside each other: the lake is always the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta, timezone
from itertools import count
from pathlib import Path

import pytest

from metrics_etl.arguments import parse_arguments
from metrics_etl.run_job import run_job
from metrics_etl.s3_object_store import s3_client

from .fake_s3 import Bucket, FakeS3
from .killed_job import CHANGING
from .samples import csv, event, events, row
from .watched_client import WatchedClient
from .workbench import verify

MORNING = datetime(2024, 5, 2, 8, tzinfo=timezone.utc)
KILLS = 20 if os.environ.get("PULSELAKE_PROOF") == "full" else 3
SEED = int(os.environ.get("PULSELAKE_SEED", random.randrange(1 << 30)))
#: The job itself in this process, with a clock that goes as that of the killed one does.
OLD = events(event(1, day=1), event(2, 1, day=2), "torn") + b"\n"
GROWN = OLD + events(event(3, 2, day=2), event(4, 3, day=3)).split(b"\n", 1)[1]


def land_all(bucket: Bucket, grown: bool = False) -> None:
    bucket.land("1-windows.csv", csv(row(day=1), row(day=2), row("b", day=2), "torn"), MORNING)
    bucket.land("2-events.csv", GROWN if grown else OLD, MORNING + timedelta(minutes=2 if grown else 1))


def run(bucket: Bucket, client: object = None) -> None:
    start = int(time.time() * 1000)
    assert bucket.run(client=client, clock=count(start))[0] == 0


def killed(bucket: Bucket, call: int, moment: str) -> bool:
    """Runs the job in a process that is killed at that call; whether it came so far."""
    words = [sys.executable, "-m", "tests.killed_job", str(call), moment, *bucket.words()]
    done = subprocess.run(
        words, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def lake_of(bucket: Bucket) -> dict[str, bytes]:
    """What is in the lake: windows byte by byte, the names of the rest."""
    found = {key: bucket.get(key) for key in bucket.keys("windowed_metrics/")}
    assert bucket.keys("_staging/") == []
    for prefix in ("rejected/", "pipeline_runs/"):
        # The addresses differ by bucket, and with them the names of runs.
        keys = bucket.keys(prefix)
        found.update(dict.fromkeys(keys, b"") if prefix == "rejected/" else {f"runs: {len(keys)}": b""})
    return found


def moments(calls: int, what: str) -> list[tuple[int, str]]:
    source = random.Random(f"{SEED} {what}")
    every = [(call, moment) for call in range(1, calls + 1) for moment in ("before", "after")]
    return source.sample(every, KILLS) if len(every) >= KILLS else every


def changing_calls(bucket: Bucket) -> int:
    client = WatchedClient(bucket.client)
    run(bucket, client)
    return sum(client.calls[operation] for operation in CHANGING)


def test_a_first_run_that_is_killed_and_run_again_leaves_the_same_lake(s3: FakeS3, tmp_path: Path) -> None:
    undisturbed = s3.new_bucket()
    land_all(undisturbed)
    calls = changing_calls(undisturbed)
    for call, moment in moments(calls, "first"):
        bucket = s3.new_bucket()
        land_all(bucket)
        assert killed(bucket, call, moment)
        run(bucket)
        assert lake_of(bucket) == lake_of(undisturbed), f"killed {moment} call {call}, PULSELAKE_SEED={SEED}"
    bucket.copy_to(tmp_path / "lake")
    assert verify(tmp_path / "lake")["problems"] == []


def test_an_input_that_grew_while_its_run_was_killed_leaves_the_same_lake(s3: FakeS3, tmp_path: Path) -> None:
    undisturbed = s3.new_bucket()
    land_all(undisturbed)
    calls = changing_calls(undisturbed)
    for number, (call, moment) in enumerate(moments(calls, "grew")):
        bucket = s3.new_bucket()
        land_all(bucket)
        assert killed(bucket, call, moment)
        land_all(bucket, grown=True)
        run(bucket)
        bucket.copy_to(tmp_path / f"lake-{number}")
        found = verify(tmp_path / f"lake-{number}")
        assert found["problems"] == [], f"killed {moment} call {call}, PULSELAKE_SEED={SEED}"
        # Five windows, whether the older version had come in before or not; each in its day's file.
        assert len(bucket.keys("windowed_metrics/")) == 5
        assert bucket.keys("_staging/") == []


def test_a_run_over_a_grown_input_that_is_killed_leaves_the_same_lake(s3: FakeS3, tmp_path: Path) -> None:
    undisturbed = s3.new_bucket()
    land_all(undisturbed)
    run(undisturbed)
    land_all(undisturbed, grown=True)
    calls = changing_calls(undisturbed)
    for call, moment in moments(calls, "grown"):
        bucket = s3.new_bucket()
        land_all(bucket)
        run(bucket)
        land_all(bucket, grown=True)
        assert killed(bucket, call, moment)
        # Killed again at the same place: what the first one left must not be lost sight of.
        killed(bucket, call, moment)
        run(bucket)
        assert lake_of(bucket) == lake_of(undisturbed), f"killed {moment} call {call}, PULSELAKE_SEED={SEED}"
    bucket.copy_to(tmp_path / "lake")
    assert verify(tmp_path / "lake")["problems"] == []


def test_what_a_killed_run_left_goes_when_its_input_has_gone(s3: FakeS3, tmp_path: Path) -> None:
    bucket = s3.new_bucket()
    bucket.land("a.csv", csv(row(day=1), row(day=2)), MORNING)
    # The mark, the note, the first of two files.
    assert killed(bucket, 3, "after")
    assert len(bucket.keys("windowed_metrics/")) == 1
    bucket.delete("landing/metrics/a.csv")
    run(bucket)
    assert bucket.keys() == ["lake.json"]


@pytest.mark.parametrize("offset_ms", [0, 30, 200])
def test_two_runs_at_the_same_time_leave_the_lake_of_one(s3: FakeS3, tmp_path: Path, offset_ms: int) -> None:
    undisturbed, bucket = s3.new_bucket(), s3.new_bucket()
    for each in (undisturbed, bucket):
        for number in range(6):
            each.land(f"{number}.csv", csv(row(f"c{number}", day=1), row(day=2, minute=number), "torn"), MORNING)
    run(undisturbed)
    codes: list[int] = []

    def other() -> None:
        client = s3_client(s3.endpoint, "us-east-1")
        codes.append(
            run_job(parse_arguments(bucket.words()), client, lambda: int(time.time() * 1000), lambda text: None)
        )

    threads = [threading.Thread(target=other) for _ in range(2)]
    for thread in threads:
        thread.start()
        time.sleep(offset_ms / 1000)
    for thread in threads:
        thread.join()
    assert codes == [0, 0]
    run(bucket)
    assert lake_of(bucket) == lake_of(undisturbed)
    bucket.copy_to(tmp_path / "lake")
    assert verify(tmp_path / "lake")["problems"] == []
