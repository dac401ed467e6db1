"""The script and the ZIP of modules that EMR Serverless is given, run as Spark runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def packaged() -> dict[str, Path]:
    """The files by their roles."""
    if not (HOME / "dist" / "main.js").exists():
        pytest.fail("pulselake-traffic is not built. Run: npx nx build traffic-report")
    node = shutil.which("node")
    assert node is not None, "node is not on the PATH"
    manifest = json.loads(run([node, str(HOME / "bin" / "pulselake-traffic.js"), "package", "--json"], HOME))
    return {each["role"]: Path(manifest["folder"]) / each["file"] for each in manifest["artifacts"]}


def test_each_module_is_imported_from_the_zip(packaged: dict[str, Path], tmp_path: Path) -> None:
    modules = packaged["py-files"]
    names = sorted(path.stem for path in (HOME / "traffic_report").glob("*.py") if path.stem != "__main__")
    assert names
    program = f"""
import importlib
for name in {names!r}:
    module = importlib.import_module("traffic_report" if name == "__init__" else "traffic_report." + name)
    assert module.__file__.startswith({str(modules)!r}), module.__file__
"""
    # Away from the sources, which Python would find in its working folder.
    run([sys.executable, "-c", program], tmp_path, modules)


def test_the_script_finds_its_modules_in_the_zip(packaged: dict[str, Path], tmp_path: Path) -> None:
    script = shutil.copy(packaged["entry-point"], tmp_path)
    assert "--arrival-days" in run([sys.executable, str(script), "--help"], tmp_path, packaged["py-files"])


def run(command: list[str], cwd: Path, path: Path | None = None) -> str:
    environment = {**os.environ, **({} if path is None else {"PYTHONPATH": str(path)})}
    ended = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
