"""cfn-lint on every template: no error, and no warning either."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from .templates import SHAPES, template, template_paths


def lint(paths: Sequence[Path]) -> tuple[int, str]:
    """Exit code and output: 0 for nothing found; 2 and above for errors, warnings and notes."""
    program = str(Path(sys.executable).with_name("cfn-lint"))
    command = [program, "--format", "parseable", "--regions", "us-east-1", "--template", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


#: cfn-lint knows CloudFormation's newest functions where Python is 3.10 or newer.
KNOWS_ALL = sys.version_info >= (3, 10)
NEEDS = "needs: Python 3.10 or newer"
needs_newer_python = pytest.mark.skipif(not KNOWS_ALL, reason=NEEDS)


@needs_newer_python
@pytest.mark.parametrize("shape", [pytest.param(shape, id=f"{shape} ({NEEDS})") for shape in SHAPES])
def test_finds_nothing_in_any_template(shape: str) -> None:
    assert lint(template_paths(shape)) == (0, "")


def wrong_type(broken: dict[str, Any]) -> None:
    """A stream that keeps its records for "a day"."""
    streams = [each for each in broken["Resources"].values() if each["Type"] == "AWS::Kinesis::Stream"]
    streams[0]["Properties"]["RetentionPeriodHours"] = "a day"


def unused_parameter(odd: dict[str, Any]) -> None:
    """Nothing wrong, but worth a warning."""
    odd["Parameters"] = {**odd.get("Parameters", {}), "Unused": {"Type": "String"}}


@needs_newer_python
@pytest.mark.parametrize(
    ("plant", "found"),
    [
        pytest.param(wrong_type, "E3012:'a day' is not of type 'integer'", id=f"a wrong type ({NEEDS})"),
        pytest.param(unused_parameter, "W2001", id=f"a mere warning ({NEEDS})"),
    ],
)
def test_fails_on_a_planted_fault(tmp_path: Path, plant: Callable[[dict[str, Any]], None], found: str) -> None:
    faulty = copy.deepcopy(template("plain", "stream"))
    plant(faulty)
    path = tmp_path / "faulty.template.json"
    path.write_text(json.dumps(faulty))
    code, output = lint([path])
    assert code != 0
    assert found in output
