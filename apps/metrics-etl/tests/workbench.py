"""The embedded run, as a program."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[3]
_PROGRAM = _ROOT / "apps" / "workbench" / "bin" / "pulselake.js"


@functools.lru_cache
def _node() -> str:
    """Node, once the command is there: built from its sources when they have changed."""
    node = shutil.which("node")
    assert node is not None, "These tests compare with the embedded run, which needs Node."
    # Not by a build of its package, which takes its files away from tests that run at the same time.
    subprocess.run([node, str(_ROOT / "tools" / "build-runnable.mjs")], check=True, capture_output=True, timeout=600)
    return node


def pulselake(*words: str, exit_code: int = 0) -> str:
    """Runs a command of `pulselake`. Returns what it printed."""
    done = subprocess.run([_node(), str(_PROGRAM), *words], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == exit_code, f"pulselake {' '.join(words)}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


def verify(lake: Path, *words: str) -> dict[str, Any]:
    """Proves a lake, or says what does not hold."""
    command = [_node(), str(_PROGRAM), "verify", "--json", "--lake", str(lake), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    found: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode == 0) == found["ok"]
    return found


def query(lake: Path, sql: str) -> list[str]:
    """The lines of a query's answer."""
    return pulselake("sql", sql, "--format", "csv", "--lake", str(lake)).splitlines()
