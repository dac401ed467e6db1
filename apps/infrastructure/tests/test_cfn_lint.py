"""cfn-lint on every template: no error, and no warning either."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from .templates import SHAPES, template, template_paths


def lint(paths: Sequence[Path]) -> tuple[int, str]:
    """Exit code and output: 0 for nothing found; 2 and above for errors, warnings and notes."""
    program = str(Path(sys.executable).with_name("cfn-lint"))
    command = [program, "--format", "parseable", "--regions", "us-east-1", "--template", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("shape", SHAPES)
def test_finds_nothing_in_any_template(shape: str) -> None:
    assert lint(template_paths(shape)) == (0, "")


def test_fails_on_a_property_of_the_wrong_type(tmp_path: Path) -> None:
    broken = copy.deepcopy(template("plain", "stream"))
    streams = [each for each in broken["Resources"].values() if each["Type"] == "AWS::Kinesis::Stream"]
    streams[0]["Properties"]["RetentionPeriodHours"] = "a day"
    path = tmp_path / "broken.template.json"
    path.write_text(json.dumps(broken))
    code, output = lint([path])
    assert code != 0
    assert "E3012:'a day' is not of type 'integer'" in output


def test_fails_on_a_mere_warning(tmp_path: Path) -> None:
    odd = copy.deepcopy(template("plain", "operations"))
    odd["Parameters"] = {**odd.get("Parameters", {}), "Unused": {"Type": "String"}}
    path = tmp_path / "odd.template.json"
    path.write_text(json.dumps(odd))
    code, output = lint([path])
    assert code != 0
    assert "W2001" in output
