"""What readers hand records to."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa

from .csv_row import EventRow
from .rejected_line import RejectedLine
from .series_table import SeriesTable


class RecordSink(Protocol):
    """Takes what a reader makes of its records: each is handed over once, in the order of the input."""

    @property
    def series(self) -> SeriesTable:
        """Where the series of windows are numbered."""

    def windows(self, batch: pa.RecordBatch) -> None:
        """Takes windows, in the columns of `WINDOW_SCHEMA`."""

    def event(self, event: EventRow, line: int) -> None:
        """Takes an event."""

    def reject(self, rejected: RejectedLine) -> None:
        """Takes a record that cannot be used."""
