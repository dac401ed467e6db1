"""Windows of many days, brought apart by day in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
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


_OPTIONAL = ("sum_value", "sample_count")
_LEAN_SCHEMA = pa.schema([field for field in WINDOW_SCHEMA if field.name not in _OPTIONAL])


@dataclass
class _SpillFile:
    """A local file of batches that have the same columns."""

    path: Path
    schema: pa.Schema
    writer: pa.ipc.RecordBatchFileWriter
    batches: int = 0


@dataclass(frozen=True)
class DayPiece:
    """Rows of one day, and the names that their series stand for."""

    rows: pa.RecordBatch
    names: list[Series]


class DaySpill:
    """Holds at most `BUFFERED_ROWS` windows, over all days together; the others lie in local files.

    A buffer is ordered by day and appended to the file as one batch per day. At the end each day's batches are read back,
    one day after the other: one file is open, however many days there are.
    """

    def __init__(self, path: Path, buffered_rows: int = BUFFERED_ROWS, series_held: int = SERIES_HELD) -> None:
        self._path = path
        self._buffered_rows = buffered_rows
        self._series_held = series_held
        self._buffer: list[pa.RecordBatch] = []
        self._buffered = 0
        self._files: dict[int, _SpillFile] = {}
        #: Of each day: where its batches are, and which names they have.
        self._days: dict[int, list[tuple[_SpillFile, int, int]]] = {}
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
        for file in self._files.values():
            file.writer.close()

    def pieces(self, day: int) -> Iterator[DayPiece]:
        """The rows of a day, in the order in which they came."""
        with ExitStack() as stack:
            readers: dict[Path, pa.ipc.RecordBatchFileReader] = {}
            for file, batch, names in self._days[day]:
                if file.path not in readers:
                    readers[file.path] = pa.ipc.open_file(stack.enter_context(pa.OSFile(str(file.path))))
                yield DayPiece(_whole(readers[file.path].get_batch(batch)), self._names[names])

    def _spill(self) -> None:
        if self._buffered == 0:
            return
        table = pa.Table.from_batches(self._buffer, schema=WINDOW_SCHEMA).combine_chunks()
        self._buffer, self._buffered = [], 0
        # Legacy sources deliver neither sums nor counts: nothing need not lie on the disk.
        empty = [name for name in _OPTIONAL if table.column(name).null_count == table.num_rows]
        file = self._file_of(table.schema if len(empty) < len(_OPTIONAL) else _LEAN_SCHEMA)
        for day, rows in _by_day(table.select(file.schema.names)):
            for batch in rows.to_batches():
                file.writer.write_batch(batch)
                self._days.setdefault(day, []).append((file, file.batches, len(self._names)))
                file.batches += 1

    def _file_of(self, schema: pa.Schema) -> _SpillFile:
        file = self._files.get(len(schema))
        if file is None:
            path = self._path.with_name(f"{self._path.name}.{len(schema)}")
            file = self._files[len(schema)] = _SpillFile(path, schema, pa.ipc.new_file(str(path), schema))
        return file


def _whole(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with all columns."""
    columns = [
        batch.column(field.name) if field.name in batch.schema.names else pa.nulls(batch.num_rows, field.type)
        for field in WINDOW_SCHEMA
    ]
    return pa.RecordBatch.from_arrays(columns, schema=WINDOW_SCHEMA)


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
