"""Windows of many days, brought apart by day in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from .instants import DAY_MS
from .series_table import Series, SeriesTable
from .window_batch import WINDOW_SCHEMA

#: Rows held before they are put aside.
BUFFERED_ROWS = 200_000
#: Series after which numbering begins anew: names are memory, too.
SERIES_HELD = 50_000


@dataclass(frozen=True)
class DayPiece:
    """Rows of one day, and the names that their series stand for."""

    rows: pa.RecordBatch
    names: list[Series]


class DaySpill:
    """Holds at most `BUFFERED_ROWS` windows, over all days together; the others lie in one local file.

    A buffer is ordered by day and appended to the file as one batch per day. At the end each day's batches are read back,
    one day after the other: one file is open, however many days there are.
    """

    def __init__(self, path: Path, buffered_rows: int = BUFFERED_ROWS, series_held: int = SERIES_HELD) -> None:
        self._path = path
        self._buffered_rows = buffered_rows
        self._series_held = series_held
        self._buffer: list[pa.RecordBatch] = []
        self._buffered = 0
        self._writer: pa.ipc.RecordBatchFileWriter | None = None
        self._batches = 0
        #: Of each day: where its batches are in the file, and which names they have.
        self._days: dict[int, list[tuple[int, int]]] = {}
        self._names: list[list[Series]] = []
        self.series = SeriesTable()
        self.rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Takes windows whose series are numbered in `series`; afterwards `series` may be another."""
        self._buffer.append(batch)
        self._buffered += batch.num_rows
        self.rows += batch.num_rows
        if self._buffered >= self._buffered_rows:
            self._spill()
        if len(self.series) > self._series_held:
            self._spill()
            self._names.append(self.series.names)
            self.series = SeriesTable()

    @property
    def days(self) -> list[int]:
        """The days that have rows, in order, counted from 1970-01-01."""
        return sorted(self._days)

    def finish(self) -> None:
        """Takes no more; what is held is put aside."""
        self._spill()
        self._names.append(self.series.names)
        if self._writer is not None:
            self._writer.close()

    def pieces(self, day: int) -> Iterator[DayPiece]:
        """The rows of a day, in the order in which they came."""
        with pa.OSFile(str(self._path)) as file:
            reader = pa.ipc.open_file(file)
            for batch, names in self._days[day]:
                yield DayPiece(reader.get_batch(batch), self._names[names])

    def _spill(self) -> None:
        if self._buffered == 0:
            return
        table = pa.Table.from_batches(self._buffer, schema=WINDOW_SCHEMA).combine_chunks()
        self._buffer, self._buffered = [], 0
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self._path), WINDOW_SCHEMA)
        for day, rows in _by_day(table):
            for batch in rows.to_batches():
                self._writer.write_batch(batch)
                self._days.setdefault(day, []).append((self._batches, len(self._names)))
                self._batches += 1


def _by_day(table: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    starts = table.column("from_ms").chunk(0)
    # Divided towards the past: days before 1970 have negative numbers.
    days = pc.cast(pc.floor(pc.divide(pc.cast(starts, pa.float64()), float(DAY_MS))), pa.int32())
    bounds = pc.min_max(days)
    if bounds["min"] == bounds["max"]:
        yield bounds["min"].as_py(), table
        return
    order = pc.sort_indices(days)
    sorted_table = ordered(table, order)
    counted = {each["values"]: each["counts"] for each in pc.value_counts(days).to_pylist()}
    at = 0
    for day in sorted(counted):
        yield day, sorted_table.slice(at, counted[day])
        at += counted[day]


def ordered(table: pa.Table, order: pa.Array) -> pa.Table:
    """The rows of a table in another order."""
    # Legacy sources deliver neither sums nor counts: nothing stays nothing in any order.
    columns = [column if column.null_count == len(column) else pc.take(column, order) for column in table.columns]
    return pa.Table.from_arrays(columns, schema=table.schema)
