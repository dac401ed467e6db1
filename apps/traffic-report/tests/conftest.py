"""One Spark for all tests of a run: starting it takes longer than most of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "libs" / "data-model" / "fixtures"

os.environ["PYSPARK_PYTHON"] = sys.executable


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local[2]")
        .appName("tests")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


class Workbench:
    """The embedded half, as its command."""

    def __call__(self, *arguments: str, ok: bool = True) -> str:
        done = subprocess.run(
            ["node", str(ROOT / "apps/workbench/bin/pulselake.js"), *arguments], capture_output=True, text=True, check=False
        )
        if ok:
            assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def rows(self, lake: Path, sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self("sql", sql, "--format", "json", "--lake", str(lake)))
        return found

    def problems(self, lake: Path) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(self("verify", "--json", "--lake", str(lake), ok=False))["problems"]
        return found


@pytest.fixture(scope="session")
def pulselake() -> Workbench:
    subprocess.run(["node", str(ROOT / "tools/build-runnable.mjs")], check=True, capture_output=True)
    return Workbench()
