"""The expression by which Firehose finds a window's day, run by the jq that Firehose has: 1.6."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

import pytest

from .templates import template

#: PyPI's jq 1.4.1 brings jq 1.6 along, for Pythons before 3.12; others need it on the PATH.
BUNDLED = sys.version_info < (3, 12)


def expression() -> str:
    """What the template asks Firehose to run on each record."""
    resources = template("plain", "stream")["Resources"].values()
    (delivery,) = (each for each in resources if each["Type"] == "AWS::KinesisFirehose::DeliveryStream")
    processors = delivery["Properties"]["ExtendedS3DestinationConfiguration"]["ProcessingConfiguration"]["Processors"]
    parameters = {each["ParameterName"]: each["ParameterValue"] for each in processors[0]["Parameters"]}
    assert parameters["JsonParsingEngine"] == "JQ-1.6"
    found: str = parameters["MetadataExtractionQuery"]
    return found


def run_jq(program: str, record: Any) -> Any:
    """The first result of a program.

    :raises ValueError: when the program is wrong, or does not fit the record
    """
    if BUNDLED:
        import jq

        return jq.compile(program).input(record).first()
    command = shutil.which("jq")
    if command is None:
        pytest.fail("There is no jq. This check needs Python below 3.12, which brings it along, or jq 1.6 on the PATH.")
    assert subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout.startswith(
        "jq-1.6"
    )
    done = subprocess.run(
        [command, "-c", program], input=json.dumps(record), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ValueError(done.stderr)
    return json.loads(done.stdout.splitlines()[0])


def test_jq_is_1_6() -> None:
    assert run_jq('"aGk=" | @base64d', None) == "hi", "new in 1.6"
    with pytest.raises(ValueError, match="pick"):
        run_jq("pick(.a)", {"a": 1})


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2024-05-01T00:00:00.000Z", "2024-05-01"),
        ("2024-02-29T23:55:00.000Z", "2024-02-29"),
        ("2024-12-31T23:59:59.999Z", "2024-12-31"),
        ("0001-01-01T00:00:00.000Z", "0001-01-01"),
        ("9999-12-31T23:55:00.000Z", "9999-12-31"),
    ],
)
def test_a_window_lies_in_the_day_of_its_start(start: str, day: str) -> None:
    record = {"componentName": "cart", "fromTimestamp": start, "toTimestamp": "2024-05-01T00:05:00.000Z"}
    assert run_jq(expression(), record) == {"dt": day}


def test_fails_for_a_record_whose_start_is_no_text() -> None:
    with pytest.raises(ValueError, match="Cannot index number"):
        run_jq(expression(), {"fromTimestamp": 1714521600})
