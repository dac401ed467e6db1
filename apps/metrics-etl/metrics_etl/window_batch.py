"""Windows on their way into the lake, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from .csv_row import WindowRow
from .series_table import SeriesTable

#: Instants in milliseconds since the epoch; the day in days since then.
WINDOW_SCHEMA = pa.schema(
    [
        ("series", pa.int32()),
        ("min_value", pa.float64()),
        ("max_value", pa.float64()),
        ("sum_value", pa.float64()),
        ("sample_count", pa.int64()),
        ("from_ms", pa.int64()),
        ("to_ms", pa.int64()),
    ]
)


@dataclass(frozen=True)
class NumberedRow:
    """A row and the line it came from."""

    line: int
    row: WindowRow


def batch_of_rows(rows: Sequence[WindowRow], series: SeriesTable) -> pa.RecordBatch:
    """Rows that were judged one by one."""
    columns: list[pa.Array] = [
        pa.array([series.index_of((row.component_name, row.metric_name, row.unit)) for row in rows], pa.int32()),
        pa.array([row.min_value for row in rows], pa.float64()),
        pa.array([row.max_value for row in rows], pa.float64()),
        pa.array([row.sum_value for row in rows], pa.float64()),
        pa.array([row.sample_count for row in rows], pa.int64()),
        pa.array([row.from_ms for row in rows], pa.int64()),
        pa.array([row.to_ms for row in rows], pa.int64()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=WINDOW_SCHEMA)


def merge_by_line(
    batch: pa.RecordBatch, lines: Sequence[int], others: Sequence[NumberedRow], series: SeriesTable
) -> pa.RecordBatch:
    """The rows of a batch and others, in the order of their lines."""
    other = batch_of_rows([each.row for each in others], series)
    order = pc.sort_indices(pa.array([*lines, *(each.line for each in others)], pa.int64()))
    table = pa.Table.from_batches([batch, other]).take(order).combine_chunks()
    return table.to_batches()[0]
