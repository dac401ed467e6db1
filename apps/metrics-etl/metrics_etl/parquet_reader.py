"""Reads windowed metrics from Parquet, row group by row group in small batches."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .csv_row import WindowRow
from .errors import InputFault
from .record_sink import RecordSink
from .rejected_line import RejectedLine
from .window_batch import batch_of_rows
from .windowed_record import NEEDED, OPTIONAL, Instant, windowed_record

_BATCH_ROWS = 16_384


class ParquetReader:
    """Hands each row to a sink, once; a row has no raw text."""

    def __init__(self, sink: RecordSink) -> None:
        self._sink = sink
        self.records = 0

    def read(self, path: Path, name: str) -> None:
        """Reads a file to its end.

        :raises InputFault: when it is no Parquet file, is damaged, or lacks a needed column
        """
        try:
            with pq.ParquetFile(
                path, coerce_int96_timestamp_unit="us", pre_buffer=False, page_checksum_verification=True
            ) as file:
                present = file.schema_arrow.names
                missing = [column for column in NEEDED if column not in present]
                if missing:
                    raise InputFault(f"{name} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}.")
                columns = [*NEEDED, *(column for column in OPTIONAL if column in present)]
                for batch in file.iter_batches(_BATCH_ROWS, columns=columns, use_threads=False):
                    self._batch(batch)
        except (pa.ArrowException, OSError) as error:
            text = str(error).split("\n", 1)[0]
            raise InputFault(f"{name}: not a readable Parquet file ({text}).") from error

    def _batch(self, batch: pa.RecordBatch) -> None:
        values = {column: _values(batch.column(column)) for column in batch.schema.names}
        rows: list[WindowRow] = []
        for position in range(batch.num_rows):
            self.records += 1
            row = windowed_record(_record(values, position))
            if isinstance(row, WindowRow):
                rows.append(row)
            else:
                self._sink.reject(RejectedLine(row[0], row[1], self.records))
        if rows:
            self._sink.windows(batch_of_rows(rows, self._sink.series))


def _record(values: Mapping[str, list[Any]], position: int) -> dict[str, Any]:
    return {column: column_values[position] for column, column_values in values.items()}


def _values(column: pa.Array) -> list[Any]:
    """Texts as they are, numbers as doubles, times as instants, and what is neither as something that is none of them."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind):
        return [None if ms is None else Instant(ms) for ms in _millis(column).to_pylist()]
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return list(column.to_pylist())
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return [_double(value) for value in column.to_pylist()]
    return [None if value is None else False for value in column.to_pylist()]


def _double(value: int | float | Decimal | None) -> float | None:
    return None if value is None else float(value)


def _millis(column: pa.Array) -> pa.Array:
    """Cut towards the past; whole numbers all along, so that times before 1970 are cut like others."""
    ticks = pc.cast(column, pa.int64())
    unit = column.type.unit
    if unit == "s":
        return pc.multiply(ticks, 1000)
    if unit == "ms":
        return ticks
    per_milli = 1000 if unit == "us" else 1_000_000
    quotient = pc.divide(ticks, per_milli)
    is_cut = pc.and_(pc.less(ticks, 0), pc.not_equal(pc.multiply(quotient, per_milli), ticks))
    return pc.subtract(quotient, pc.cast(is_cut, pa.int64()))
