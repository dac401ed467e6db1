"""The embedded run, as a program."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

_PROGRAM = Path(__file__).parents[2] / "workbench" / "bin" / "pulselake.js"


def pulselake(*words: str, exit_code: int = 0) -> str:
    """Runs a command of `pulselake`. Returns what it printed."""
    node = shutil.which("node")
    assert node is not None, "These tests compare with the embedded run, which needs Node."
    done = subprocess.run([node, str(_PROGRAM), *words], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == exit_code, f"pulselake {' '.join(words)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


def verify(lake: Path, *words: str) -> dict[str, Any]:
    """Proves a lake, or says what does not hold."""
    node = shutil.which("node")
    assert node is not None
    command = [node, str(_PROGRAM), "verify", "--json", "--lake", str(lake), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    found: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode == 0) == found["ok"]
    return found


def query(lake: Path, sql: str) -> list[str]:
    """The lines of a query's answer."""
    return pulselake("sql", sql, "--format", "csv", "--lake", str(lake)).splitlines()
