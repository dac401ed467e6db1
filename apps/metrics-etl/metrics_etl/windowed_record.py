"""Judges a windowed metric that has typed values: from JSON, or from Parquet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .csv_row import Fault, WindowRow
from .instants import FIRST_MS, LAST_MS, parse_instant
from .limits import MAX_NAME_LENGTH, MAX_SAFE_INTEGER, MAX_UNIT_LENGTH

TEXTS = (("componentName", MAX_NAME_LENGTH), ("metricName", MAX_NAME_LENGTH), ("unit", MAX_UNIT_LENGTH))
NEEDED = ("componentName", "metricName", "unit", "minValue", "maxValue", "fromTimestamp", "toTimestamp")
OPTIONAL = ("sumValue", "sampleCount")


@dataclass(frozen=True)
class Instant:
    """A time that is no text, in milliseconds since the epoch."""

    ms: int


def windowed_record(record: Mapping[str, Any]) -> WindowRow | Fault:
    """A row, or the first reason in the order of the rules why it is none. Numbers are doubles, other values what they are."""
    for name in (*NEEDED, *OPTIONAL):
        value = record.get(name)
        if isinstance(value, str) and not _is_well_formed(value):
            return "malformed", f"{name} holds an unpaired surrogate."
    for name, longest in TEXTS:
        value = record.get(name)
        if isinstance(value, str) and len(value) > longest:
            return "too-long", f"{name} has {len(value)} characters; at most {longest} are allowed."
    for name in NEEDED:
        if _is_absent(record.get(name)):
            return "missing-field", f"{name} is missing."
    for name, _ in TEXTS:
        if not isinstance(record[name], str):
            return "wrong-type", f"{name} is not a text."
    numbers = {name: record[name] for name in ("minValue", "maxValue")}
    if not _is_absent(record.get("sumValue")):
        numbers["sumValue"] = record["sumValue"]
    for name, value in numbers.items():
        if not isinstance(value, float):
            return "wrong-type", f"{name} is not a number."
    count = record.get("sampleCount")
    if not _is_absent(count) and not (
        isinstance(count, float) and 1 <= count <= MAX_SAFE_INTEGER and count.is_integer()
    ):
        return "wrong-type", "sampleCount is not a whole number from 1 to 2^53 − 1."
    start, end = _millis(record["fromTimestamp"]), _millis(record["toTimestamp"])
    if start is None or end is None:
        name = "fromTimestamp" if start is None else "toTimestamp"
        return "bad-timestamp", f"{name} is not an instant like 2020-01-01T11:32:54Z."
    for name, value in numbers.items():
        if not math.isfinite(value):
            return "not-finite", f"{name} is NaN, infinite or beyond double."
    if numbers["minValue"] > numbers["maxValue"]:
        return "min-above-max", "minValue is greater than maxValue."
    if start >= end:
        return "empty-window", "The window does not end after it starts."
    return WindowRow(
        record["componentName"],
        record["metricName"],
        record["unit"],
        numbers["minValue"],
        numbers["maxValue"],
        numbers.get("sumValue"),
        int(count) if isinstance(count, float) else None,
        start,
        end,
    )


def _is_absent(value: Any) -> bool:
    return value is None or value == ""


def _is_well_formed(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _millis(value: Any) -> int | None:
    if isinstance(value, Instant):
        return value.ms if FIRST_MS <= value.ms <= LAST_MS else None
    return parse_instant(value) if isinstance(value, str) else None
