"""Killed at any moment and started again: the lake is as if it had not been."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from conftest import Workbench
from lakes import DAY, call, put, state

KILLS = 20 if os.environ.get("PULSELAKE_PROOF") == "full" else 2
MAIN = Path(__file__).resolve().parents[1] / "main.py"


def start(lake: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false"
        " --conf spark.driver.bindAddress=127.0.0.1 --conf spark.driver.host=127.0.0.1 pyspark-shell",
    }
    return subprocess.Popen(
        [sys.executable, str(MAIN), "--lake", str(lake), "--date", DAY],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def test_a_run_that_was_killed_is_made_whole_by_the_next(tmp_path: Path, pulselake: Workbench) -> None:
    lake = tmp_path / "lake"
    for number in range(40):
        put(lake, DAY, f"s{number}-{DAY}.txt", call(f"c{number}") * 50 + b"what?\n" * number)
    (lake / "lake.json").write_text('{"format":"pulselake","version":1}\n')
    began = time.monotonic()
    assert start(lake).wait() == 0
    took = time.monotonic() - began
    expected = state(lake)
    assert pulselake.problems(lake) == []
    seed = int(os.environ.get("PULSELAKE_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    for _ in range(KILLS):
        # Another content, so that what is written differs from what is there; then the old one again.
        for number in range(40):
            put(lake, DAY, f"s{number}-{DAY}.txt", call(f"d{number}") * 50 + b"how?\n" * number)
        killed = start(lake)
        time.sleep(chance.uniform(0.2, 1.0) * took)
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        for number in range(40):
            put(lake, DAY, f"s{number}-{DAY}.txt", call(f"c{number}") * 50 + b"what?\n" * number)
        again = start(lake)
        output = again.communicate()[0]
        if again.returncode != 0:
            # It had come to its end: what it was made of is gone, which has to be said to be meant.
            allowed = subprocess.run(
                [sys.executable, str(MAIN), "--lake", str(lake), "--date", DAY, "--allow-missing-inputs"],
                capture_output=True,
                check=False,
            )
            assert allowed.returncode == 0, output
        assert state(lake) == expected
        assert pulselake.problems(lake) == []
