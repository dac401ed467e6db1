"""Writes one day's windows as the table `windowed_metrics` has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .day_spill import DayPiece, ordered
from .instants import DAY_MS
from .lake_schema import WINDOWED_METRICS

#: Rows that are sorted together; a day with more is sorted in parts.
SORTED_ROWS = 250_000
_ROW_GROUP_ROWS = 122_880
_NAMES = ("component_name", "metric_name", "unit")
_CONSTANTS = ("source", "part_id", "revision", "emitted_at", "input_id")


@dataclass(frozen=True)
class WindowPart:
    """What all windows of an input have in common: where they come from."""

    #: Empty when each row is its whole window.
    part_id: str
    input_id: str
    revision: int
    emitted_at_ms: int
    #: What a row accounts for: itself (`rows`), or the events in it (`samples`).
    account: str


@dataclass(frozen=True)
class DayFile:
    """What a file holds."""

    rows: int
    #: Input records that it accounts for.
    records: int


def write_day_file(path: Path, pieces: Iterable[DayPiece], part: WindowPart) -> DayFile:
    """Writes the windows of a day, sorted by component, metric, unit and start."""
    rows = 0
    samples = 0
    writer: pq.ParquetWriter | None = None
    try:
        for group in _groups(pieces):
            table = _sorted_table(group, part)
            rows += table.num_rows
            samples += pc.sum(table.column("sample_count")).as_py() or 0
            writer = writer or _writer(path, table.schema)
            writer.write_table(table, _ROW_GROUP_ROWS)
    finally:
        if writer is not None:
            writer.close()
    return DayFile(rows, rows if part.account == "rows" else samples)


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        use_dictionary=[*_NAMES, "from_timestamp", "to_timestamp", *_CONSTANTS],
        write_page_checksum=True,
        # What queries choose by; the bounds of measures help none, and cost a tenth of the writing.
        write_statistics=[*_NAMES, "from_timestamp", "to_timestamp"],
        # What is a dictionary in memory is a text in the file.
        store_schema=False,
    )


def _groups(pieces: Iterable[DayPiece]) -> Iterator[list[DayPiece]]:
    """As many pieces together as may be sorted together."""
    group: list[DayPiece] = []
    rows = 0
    for piece in pieces:
        if group and rows + piece.rows.num_rows > SORTED_ROWS:
            yield group
            group, rows = [], 0
        group.append(piece)
        rows += piece.rows.num_rows
    if group:
        yield group


def _sorted_table(group: list[DayPiece], part: WindowPart) -> pa.Table:
    used = [(piece, pc.unique(piece.rows.column("series")).to_pylist()) for piece in group]
    ranked = sorted({piece.names[index] for piece, indices in used for index in indices})
    rank_of = {names: rank for rank, names in enumerate(ranked)}
    batches = []
    for piece, indices in used:
        # By index in the names, of which only those that are used have a rank.
        ranks: list[int | None] = [None] * (max(indices) + 1)
        for index in indices:
            ranks[index] = rank_of[piece.names[index]]
        columns = piece.rows.columns
        series = pc.take(pa.array(ranks, pa.int32()), columns[0])
        batches.append(pa.RecordBatch.from_arrays([series, *columns[1:]], schema=piece.rows.schema))
    table = pa.Table.from_batches(batches).combine_chunks()
    starts = table.column("from_ms")
    # One number to sort by: all of them begin on one day.
    key = pc.add(
        pc.multiply(pc.cast(table.column("series"), pa.int64()), DAY_MS),
        pc.subtract(starts, pc.min(starts)),
    )
    table = ordered(table, _order_of(key.combine_chunks(), table.column("series")))
    rank = table.column("series").combine_chunks()
    names = [_names_of([each[position] for each in ranked], rank) for position in range(3)]
    measures = [table.column(name) for name in ("min_value", "max_value", "sum_value", "sample_count")]
    times = [_timestamps(table.column(name)) for name in ("from_ms", "to_ms")]
    first = pa.repeat(pa.scalar(0, pa.int8()), table.num_rows)
    values = (
        pa.array(["batch"]),
        pa.array([part.part_id]),
        pa.array([part.revision], pa.int32()),
        pa.array([part.emitted_at_ms * 1000], WINDOWED_METRICS.field("emitted_at").type),
        pa.array([part.input_id]),
    )
    constants = [_dictionary(first, value) for value in values]
    columns = [*names, *measures, *times, *constants]
    fields = [pa.field(field.name, column.type, field.nullable) for field, column in zip(WINDOWED_METRICS, columns)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))


def _order_of(key: pa.Array, series: pa.ChunkedArray) -> pa.Array:
    # Rows mostly come in order of time: counting puts them by series, and only what is not in order then is compared.
    order = pc.sort_indices(series)
    found = pc.take(key, order)
    rows = len(found)
    is_sorted = rows < 2 or pc.all(pc.greater_equal(found.slice(1), found.slice(0, rows - 1))).as_py()
    return order if is_sorted else pc.sort_indices(key)


def _names_of(texts: list[str], rank: pa.Array) -> pa.DictionaryArray:
    distinct = pa.array(texts).dictionary_encode()
    return _dictionary(pc.take(distinct.indices, rank), distinct.dictionary)


def _timestamps(millis: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.cast(pc.multiply(millis, 1000), WINDOWED_METRICS.field("from_timestamp").type)


def _dictionary(indices: pa.Array, values: pa.Array) -> pa.DictionaryArray:
    # The indices are made here: to check each of them takes longer than to use it.
    return pa.DictionaryArray.from_arrays(indices, values, safe=False)
