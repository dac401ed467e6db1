"""The wheel that Glue installs, installed."""

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
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's modules and nothing else, as pip unpacks them without an index."""
    if not (HOME / "dist" / "main.js").exists():
        pytest.fail("pulselake-etl is not built. Run: npx nx build metrics-etl")
    node = shutil.which("node")
    assert node is not None, "node is not on the PATH"
    packaged = run([node, str(HOME / "bin" / "pulselake-etl.js"), "package", "--json"])
    manifest = json.loads(packaged)
    wheel = next(artifact["file"] for artifact in manifest["artifacts"] if artifact["role"] == "wheel")
    target = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    run([*pip, "--no-index", "--no-deps", "--target", str(target), str(Path(manifest["folder"]) / wheel)])
    return target


def test_the_wheel_brings_every_module_of_the_package(installed: Path) -> None:
    sources = HOME / "metrics_etl"
    expected = {
        path.relative_to(sources): path.read_bytes()
        for path in sources.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    package = installed / "metrics_etl"
    found = {
        path.relative_to(package): path.read_bytes()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected
    assert found == expected


def test_its_modules_are_imported_from_it_and_tell_its_version(installed: Path) -> None:
    names = sorted(path.stem for path in (installed / "metrics_etl").glob("*.py") if path.stem != "__main__")
    program = f"""
import importlib, importlib.metadata
for name in {names!r}:
    module = importlib.import_module("metrics_etl" if name == "__init__" else "metrics_etl." + name)
    assert module.__file__.startswith({str(installed)!r}), module.__file__
print(importlib.metadata.version("pulselake-metrics-etl"))
"""
    # Away from the sources, which Python would find in its working folder.
    version = run([sys.executable, "-c", program], cwd=installed, path=installed)
    assert version.strip().startswith("0.1.0+")


def run(command: list[str], cwd: Path = HOME, path: Path | None = None) -> str:
    environment = {**os.environ, **({} if path is None else {"PYTHONPATH": str(path)})}
    ended = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout
