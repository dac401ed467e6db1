"""Reads the records of an input into windows and rejected records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from .content import Content
from .csv_reader import CsvReader
from .csv_row import EventRow, WindowRow
from .day_spill import DaySpill
from .errors import InputFault
from .event_windows import EventWindows, future_event
from .json_reader import JsonReader
from .parquet_reader import ParquetReader
from .reject_file import RejectFile
from .rejected_line import RejectedLine
from .series_table import SeriesTable
from .window_batch import batch_of_rows
from .window_settings import WindowSettings

_ROWS_AT_ONCE = 10_000
_JSON_NAMES = (".jsonl", ".ndjson", ".json")


@dataclass(frozen=True)
class Reading:
    """What became of an input's records, besides rows and rejected ones."""

    #: `windowed` or `events`.
    kind: str
    #: Counted by the reader, before parsing.
    read: int
    duplicate: int


class _Sink:
    """Windows go to the spill, events to their windows, rejected records to their file."""

    def __init__(self, spill: DaySpill, rejects: RejectFile, events: EventWindows) -> None:
        self._spill = spill
        self._rejects = rejects
        self._events = events

    @property
    def series(self) -> SeriesTable:
        return self._spill.series

    def windows(self, batch: pa.RecordBatch) -> None:
        self._spill.add(batch)

    def event(self, event: EventRow, line: int) -> None:
        if self._events.is_future(event):
            self._rejects.write(future_event(event, line))
        else:
            self._events.add(event)

    def reject(self, rejected: RejectedLine) -> None:
        self._rejects.write(rejected)


def read_records(
    content: Content,
    folder: Path,
    spill: DaySpill,
    rejects: RejectFile,
    settings: WindowSettings,
    now_ms: int,
) -> Reading:
    """Reads an input to its end; afterwards all its windows are in the spill.

    :raises InputFault: when the input cannot be used as a whole
    """
    events = EventWindows(settings, now_ms)
    sink = _Sink(spill, rejects, events)
    form = _form_of(content)
    if form == "parquet":
        parquet = ParquetReader(sink)
        path = folder / "input.parquet"
        content.keep(path)
        parquet.read(path, content.name)
        path.unlink()
        return Reading("windowed", parquet.records, 0)
    if form == "json-lines":
        json = JsonReader(sink)
        json.read(content.chunks())
        return Reading("windowed", json.records, 0)
    csv = CsvReader(sink)
    csv.read(content.chunks())
    if csv.layout is None or csv.layout.kind == "windowed":
        return Reading("windowed", csv.records, 0)
    rows: list[WindowRow] = []
    for row in events.rows():
        rows.append(row)
        if len(rows) == _ROWS_AT_ONCE:
            spill.add(batch_of_rows(rows, spill.series))
            rows = []
    if rows:
        spill.add(batch_of_rows(rows, spill.series))
    return Reading("events", csv.records, events.duplicate)


def _form_of(content: Content) -> str:
    """By the first bytes, then by the name; a text that is neither is taken as CSV, whose header must prove it."""
    if not content.head:
        return "csv"
    name = content.name.lower()
    name = name[: -len(".gz")] if name.endswith(".gz") else name
    if content.head == b"PAR1":
        return "parquet"
    if name.endswith(".parquet"):
        more = " Parquet is not read from gzip." if content.is_gzip else ""
        raise InputFault(f"{content.name} is not a Parquet file, though its name says so.{more}")
    return "json-lines" if name.endswith(_JSON_NAMES) else "csv"
