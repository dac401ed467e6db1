"""The golden cases of the data model, which every engine reads alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from metrics_etl.csv_reader import CsvReader
from metrics_etl.csv_row import EventRow, WindowRow
from metrics_etl.decimals import parse_decimal
from metrics_etl.errors import CsvHeaderError
from metrics_etl.event_windows import EventWindows, future_event
from metrics_etl.instants import format_instant, parse_instant
from metrics_etl.json_object import json_object
from metrics_etl.json_reader import JsonReader
from metrics_etl.rejected_line import RejectedLine
from metrics_etl.window_settings import WindowSettings

from .recording_sink import RecordingSink, rejected_of, row_of

FIXTURES = Path(__file__).parents[3] / "libs" / "data-model" / "fixtures"
MIB = 1 << 20


def cases(*topics: str) -> list[Any]:
    found = []
    for path in sorted(FIXTURES.glob("*/*/case.json")):
        case = json.loads(path.read_text("utf-8"))
        topic = case["options"].get("reader", path.parent.parent.name)
        if topic in topics:
            found.append(pytest.param(path.parent, case, topic, id=f"{path.parent.parent.name}/{path.parent.name}"))
    return found


@pytest.mark.parametrize(("folder", "case", "topic"), cases("metrics-csv", "metrics-jsonl"))
@pytest.mark.parametrize("chunk_bytes", [1, 7, 1 << 20])
def test_reads_a_case_as_every_engine_does(folder: Path, case: Any, topic: str, chunk_bytes: int) -> None:
    data = (folder / case["input"]).read_bytes()
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    sink = RecordingSink()
    reader: Any = CsvReader if topic == "metrics-csv" else JsonReader
    reader = reader(sink, case["options"].get("maxRecordBytes", MIB))
    chunks = [data[at : at + chunk_bytes] for at in range(0, len(data), chunk_bytes)]
    if "failed" in expected:
        with pytest.raises(CsvHeaderError) as fault:
            reader.read(chunks)
        assert sorted(fault.value.columns) == expected["columns"]
        assert sink.count == 0
        return
    reader.read(chunks)
    assert reader.records == expected["read"]
    assert sink.count - len(sink.rejected) == expected["accepted"]
    assert sink.rows == expected.get("rows", [])
    assert sink.events == expected.get("events", [])
    assert sink.rejected == expected["rejected"]
    if topic == "metrics-csv":
        assert (reader.layout.kind if reader.layout else None) == expected["kind"]


@pytest.mark.parametrize(("folder", "case", "topic"), cases("windows"))
def test_windows_of_a_file_are_those_of_every_engine(folder: Path, case: Any, topic: str) -> None:
    options = case["options"]
    if options["mode"] != "bounded":
        # Streams are no business of this job.
        return
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    now_ms = parse_instant(options["now"])
    assert now_ms is not None
    settings = options.get("settings", {})
    windows = EventWindows(
        WindowSettings(settings.get("windowSizeSeconds", 300), settings.get("maxFutureSkewSeconds", 300)), now_ms
    )
    rejected: list[RejectedLine] = []
    lines = (folder / case["input"]).read_text("utf-8").split("\n")
    read = 0
    for line, text in enumerate(lines, 1):
        if not text:
            continue
        read += 1
        event = json_object(text)
        timestamp = parse_instant(str(event["publicationTimestamp"])) if event else None
        if event is None or timestamp is None:
            rejected.append(RejectedLine("other", "", line))
            continue
        row = EventRow(
            event["componentName"],
            event["metricName"],
            event["unit"],
            event["value"],
            timestamp,
            event.get("eventId") or None,
        )
        if windows.is_future(row):
            rejected.append(future_event(row, line))
        else:
            windows.add(row)
    rows = list(windows.rows())
    assert read == expected["read"]
    assert windows.duplicate == expected["duplicate"]
    assert [{**row_of(row), "revision": 0} for row in rows] == expected["windows"]
    assert sum(row.sample_count or 0 for row in rows) == expected["accepted"]
    future = [each for each in expected["rejected"] if each["reason"] == "future"]
    assert [rejected_of(each) for each in rejected if each.reason == "future"] == future


def test_the_fixtures_of_this_job_are_there() -> None:
    assert len(cases("metrics-csv")) > 20
    assert len(cases("metrics-jsonl")) > 5
    assert len([case for case in cases("windows") if case.values[1]["options"]["mode"] == "bounded"]) > 4


def test_kept_numbers_are_written_as_every_engine_does() -> None:
    folder = FIXTURES / "windows" / "raw-of-late-and-future"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    lines = (folder / "input.ndjson").read_text("utf-8").split("\n")
    compared = 0
    for each in expected["rejected"]:
        event = json_object(lines[each["line"] - 1])
        if each["reason"] not in ("late", "future") or event is None:
            continue
        timestamp = parse_instant(event["publicationTimestamp"])
        assert timestamp is not None
        row = EventRow(
            event["componentName"],
            event["metricName"],
            event["unit"],
            event["value"],
            timestamp,
            event.get("eventId") or None,
        )
        assert future_event(row, each["line"]).raw == each["raw"]
        compared += 1
    assert compared > 5


def test_instants_are_written_with_three_digits() -> None:
    assert format_instant(-1) == "1969-12-31T23:59:59.999Z"
    assert parse_instant("0001-01-01T00:00:00Z") == -62_135_596_800_000
    assert format_instant(-62_135_596_800_000) == "0001-01-01T00:00:00.000Z"
    assert parse_decimal("1e400") == float("inf")
    assert isinstance(row_of(WindowRow("c", "m", "u", 1, 2, None, None, 0, 1)), dict)
    assert pa.__version__ == "20.0.0"
