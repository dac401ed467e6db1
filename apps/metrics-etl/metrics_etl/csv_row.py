"""Judges one row of CSV exactly: what the rules say, without regard to speed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .csv_fields import csv_fields
from .csv_layout import EVENT_COLUMNS, WINDOWED_COLUMNS, CsvLayout
from .decimals import is_wrong_type, parse_decimal
from .instants import parse_instant
from .limits import MAX_EVENT_ID_LENGTH, MAX_NAME_LENGTH, MAX_SAFE_INTEGER, MAX_UNIT_LENGTH


@dataclass(frozen=True)
class WindowRow:
    """A windowed metric; instants in milliseconds."""

    component_name: str
    metric_name: str
    unit: str
    min_value: float
    max_value: float
    sum_value: float | None
    sample_count: int | None
    from_ms: int
    to_ms: int


@dataclass(frozen=True)
class EventRow:
    """A metric event."""

    component_name: str
    metric_name: str
    unit: str
    value: float
    timestamp_ms: int
    event_id: str | None


#: Why a row cannot be used.
Fault = tuple[str, str]

MESSAGES = {
    "malformed": "The row has another number of fields than the header, or a torn quote.",
    "too-long": "A name, unit or id is longer than allowed.",
    "missing-field": "A needed field is empty.",
    "wrong-type": "A number field does not hold a decimal number.",
    "bad-timestamp": "A time is not an instant like 2020-01-01T11:32:54Z.",
    "not-finite": "A number is NaN, infinite or beyond double.",
    "min-above-max": "minValue is greater than maxValue.",
    "empty-window": "The window does not end after it starts.",
}


def csv_row(line: str, layout: CsvLayout) -> WindowRow | EventRow | Fault:
    """A row, or the first reason in the order of the rules why it is none."""
    fields = csv_fields(line)
    if fields is None or len(fields) != layout.width:
        return _fault("malformed")
    row = {column: fields[position] for column, position in layout.positions}
    result = _window(row) if layout.kind == "windowed" else _event(row)
    return _fault(result) if isinstance(result, str) else result


def _fault(reason: str) -> Fault:
    return reason, MESSAGES[reason]


def _names_too_long(row: dict[str, str]) -> bool:
    return (
        len(row["componentName"]) > MAX_NAME_LENGTH
        or len(row["metricName"]) > MAX_NAME_LENGTH
        or len(row["unit"]) > MAX_UNIT_LENGTH
    )


def _window(row: dict[str, str]) -> WindowRow | str:
    if _names_too_long(row):
        return "too-long"
    if any(row[column] == "" for column in WINDOWED_COLUMNS):
        return "missing-field"
    numbers = {"minValue": row["minValue"], "maxValue": row["maxValue"]}
    if row.get("sumValue"):
        numbers["sumValue"] = row["sumValue"]
    values = {column: parse_decimal(text) for column, text in numbers.items()}
    count: int | None = None
    if row.get("sampleCount"):
        samples = parse_decimal(row["sampleCount"])
        if not (1 <= samples <= MAX_SAFE_INTEGER and samples.is_integer()):
            return "wrong-type"
        count = int(samples)
    if any(is_wrong_type(values[column], text) for column, text in numbers.items()):
        return "wrong-type"
    start = parse_instant(row["fromTimestamp"])
    end = parse_instant(row["toTimestamp"])
    if start is None or end is None:
        return "bad-timestamp"
    if not all(math.isfinite(value) for value in values.values()):
        return "not-finite"
    if values["minValue"] > values["maxValue"]:
        return "min-above-max"
    if start >= end:
        return "empty-window"
    return WindowRow(
        row["componentName"],
        row["metricName"],
        row["unit"],
        values["minValue"],
        values["maxValue"],
        values.get("sumValue"),
        count,
        start,
        end,
    )


def _event(row: dict[str, str]) -> EventRow | str:
    event_id = row.get("eventId") or None
    if _names_too_long(row) or (event_id is not None and len(event_id) > MAX_EVENT_ID_LENGTH):
        return "too-long"
    if any(row[column] == "" for column in EVENT_COLUMNS):
        return "missing-field"
    value = parse_decimal(row["value"])
    if is_wrong_type(value, row["value"]):
        return "wrong-type"
    timestamp = parse_instant(row["publicationTimestamp"])
    if timestamp is None:
        return "bad-timestamp"
    if not math.isfinite(value):
        return "not-finite"
    return EventRow(row["componentName"], row["metricName"], row["unit"], value, timestamp, event_id)
