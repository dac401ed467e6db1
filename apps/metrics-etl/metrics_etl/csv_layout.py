"""What the header of a CSV says."""

from __future__ import annotations

from dataclasses import dataclass

from .csv_fields import csv_fields
from .errors import CsvHeaderError

WINDOWED_COLUMNS = (
    "componentName",
    "fromTimestamp",
    "maxValue",
    "metricName",
    "minValue",
    "toTimestamp",
    "unit",
)
WINDOWED_OPTIONAL = ("sumValue", "sampleCount")
EVENT_COLUMNS = ("componentName", "metricName", "unit", "value", "publicationTimestamp")
EVENT_OPTIONAL = ("eventId",)


@dataclass(frozen=True)
class CsvLayout:
    """Where the columns are that this job knows."""

    #: `windowed` or `events`.
    kind: str
    #: Number of fields of every row.
    width: int
    #: Position of each needed column and of each optional one that is there.
    positions: tuple[tuple[str, int], ...]


def csv_layout(header: bytes) -> CsvLayout:
    """Reads a header without its line end.

    :raises CsvHeaderError: when a needed column is absent, or a known one is named twice
    """
    names = csv_fields(header.decode("utf-8", "replace"))
    if names is None:
        raise CsvHeaderError("The header has a torn quote.")

    def lacking(columns: tuple[str, ...]) -> list[str]:
        return [column for column in columns if column not in names]

    kind = "events" if lacking(WINDOWED_COLUMNS) and not lacking(EVENT_COLUMNS) else "windowed"
    looks_like_events = "value" in names or "publicationTimestamp" in names
    is_of_events = kind == "events" or (looks_like_events and "fromTimestamp" not in names)
    missing = lacking(EVENT_COLUMNS if is_of_events else WINDOWED_COLUMNS)
    if missing:
        raise CsvHeaderError(
            f"The header lacks {', '.join(missing)}. A CSV of windows needs {', '.join(WINDOWED_COLUMNS)}; "
            f"one of plain events needs {', '.join(EVENT_COLUMNS)}.",
            missing,
        )
    known = EVENT_COLUMNS + EVENT_OPTIONAL if kind == "events" else WINDOWED_COLUMNS + WINDOWED_OPTIONAL
    twice = [column for column in known if names.count(column) > 1]
    if twice:
        raise CsvHeaderError(f"The header names {', '.join(twice)} twice.", twice)
    return CsvLayout(kind, len(names), tuple((column, names.index(column)) for column in known if column in names))
