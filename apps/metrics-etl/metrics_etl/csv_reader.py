"""Reads metrics from CSV.

Blocks of plain lines go through Arrow as columns. What it must not see, because it would read it otherwise than the rules
say (quotes, a lone CR, empty lines), and what is in doubt afterwards, is judged line by line by `csv_row`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from . import column_checks as checks
from .csv_layout import CsvLayout, csv_layout
from .csv_row import EventRow, WindowRow, csv_row
from .errors import CsvHeaderError
from .limits import MAX_EVENT_ID_LENGTH, MAX_NAME_LENGTH, MAX_RECORD_BYTES, MAX_UNIT_LENGTH
from .line_blocks import BOM, Block, LongLine, block_of, count_records, line_blocks
from .record_sink import RecordSink
from .rejected_line import RejectedLine, reject_binary, reject_text, reject_too_long
from .window_batch import WINDOW_SCHEMA, NumberedRow, batch_of_rows, merge_by_line

_TEXTS = frozenset({"componentName", "metricName", "unit", "fromTimestamp", "toTimestamp", "publicationTimestamp"})
_DICTIONARY = pa.dictionary(pa.int32(), pa.string())


@dataclass
class _Judged:
    """Lines of one block that were judged one by one."""

    windows: list[NumberedRow] = field(default_factory=list)
    events: list[tuple[int, EventRow]] = field(default_factory=list)
    rejected: list[RejectedLine] = field(default_factory=list)


class CsvReader:
    """Hands each record of a CSV to a sink, once."""

    def __init__(self, sink: RecordSink, max_record_bytes: int = MAX_RECORD_BYTES) -> None:
        self._sink = sink
        self._max = max_record_bytes
        self._instants = checks.InstantColumns()
        self.layout: CsvLayout | None = None
        #: Records read so far, counted before they are parsed.
        self.records = 0

    def read(self, chunks: Iterable[bytes]) -> None:
        """Reads an input to its end.

        :raises CsvHeaderError: when the header does not make it readable
        """
        for each in line_blocks(chunks, self._max):
            if isinstance(each, LongLine):
                self._long_line(each)
                continue
            block = each if self.layout is not None else self._after_header(each)
            if block is not None and self.layout is not None:
                self.records += count_records(block)
                self._block(block, self.layout)

    def _after_header(self, block: Block) -> Block | None:
        """What follows the header, when it is in this block; the first line that is not empty is the header."""
        at = 0
        line = block.first_line
        while at < len(block.data):
            end = block.data.index(b"\n", at)
            text = _without_cr(block.data[at:end])
            at = end + 1
            line += 1
            if text:
                if len(text) > self._max:
                    raise _long_header(len(text))
                self.layout = csv_layout(text)
                return block_of(block.data[at:], line) if at < len(block.data) else None
        return None

    def _long_line(self, long: LongLine) -> None:
        if self.layout is None:
            raise _long_header(long.length)
        self.records += 1
        self._sink.reject(
            reject_too_long(long.line, long.head, long.length, self._max)
            if long.is_utf8
            else reject_binary(long.line, long.head, long.length)
        )

    def _block(self, block: Block, layout: CsvLayout) -> None:
        judged = _Judged()
        plain = _plain_text(block.data, self._max)
        table = None if plain is None else _columns(plain, layout)
        if plain is not None and table is not None and table.num_rows == block.lines:
            lines: Sequence[int] = range(block.first_line, block.first_line + block.lines)
            texts: list[bytes] | None = None
        else:
            lines, texts = self._sort_out(block, layout, judged)
            table = _columns(b"\n".join(texts) + b"\n", layout) if texts else None
            if table is not None and table.num_rows != len(lines):
                raise AssertionError(f"{table.num_rows} rows of {len(lines)} lines. This is a bug in pulselake.")
        if table is None:
            self._hand_over(None, [], judged)
            return
        doubtful, batch = self._window_columns(table) if layout.kind == "windowed" else self._event_columns(table)
        if doubtful:
            texts = plain.split(b"\n") if texts is None and plain is not None else texts
            assert texts is not None
            for position in doubtful:
                self._judge(texts[position], lines[position], layout, judged)
            kept = set(doubtful)
            lines = [line for position, line in enumerate(lines) if position not in kept]
        self._hand_over(batch, lines, judged)

    def _sort_out(self, block: Block, layout: CsvLayout, judged: _Judged) -> tuple[list[int], list[bytes]]:
        """Judges the lines that Arrow must not see; the others, with their numbers."""
        lines: list[int] = []
        texts: list[bytes] = []
        commas = layout.width - 1
        is_utf8 = _is_utf8(block.data)
        for number, data in enumerate(block.data[:-1].split(b"\n"), block.first_line):
            text = _without_cr(data)
            if not text:
                continue
            is_plain = (
                text.count(b",") == commas
                and b'"' not in text
                and b"\r" not in text
                and len(text) <= self._max
                and (is_utf8 or _is_utf8(text))
                and not text.startswith(BOM)
            )
            if is_plain:
                lines.append(number)
                texts.append(text)
            else:
                self._judge(text, number, layout, judged)
        return lines, texts

    def _judge(self, text: bytes, line: int, layout: CsvLayout, judged: _Judged) -> None:
        try:
            decoded = text.decode("utf-8")
        except UnicodeDecodeError:
            judged.rejected.append(reject_binary(line, text))
            return
        if len(text) > self._max:
            judged.rejected.append(reject_too_long(line, text, len(text), self._max))
            return
        row = csv_row(decoded, layout)
        if isinstance(row, WindowRow):
            judged.windows.append(NumberedRow(line, row))
        elif isinstance(row, EventRow):
            judged.events.append((line, row))
        else:
            judged.rejected.append(reject_text(row[0], row[1], line, text))

    def _window_columns(self, table: pa.Table) -> tuple[list[int], pa.RecordBatch]:
        """The rows that are right by all rules, and where the others are."""
        column = {name: table.column(name).chunk(0) for name in table.column_names}
        minimum, maximum = checks.numbers(column["minValue"]), checks.numbers(column["maxValue"])
        start, end = self._instants.millis(column["fromTimestamp"]), self._instants.millis(column["toTimestamp"])
        rows = table.num_rows
        good = [pc.less_equal(minimum, maximum), pc.less(start, end), *_names(column)]
        total, count = pa.nulls(rows, pa.float64()), pa.nulls(rows, pa.int64())
        if "sumValue" in column:
            texts = checks.optional_texts(column["sumValue"])
            total = checks.numbers(texts)
            good.append(pc.or_(pc.is_null(texts), pc.is_valid(total)))
        if "sampleCount" in column:
            texts = checks.optional_texts(column["sampleCount"])
            count = checks.counts(checks.numbers(texts))
            good.append(pc.or_(pc.is_null(texts), pc.is_valid(count)))
        series = self._sink.series
        mask = _all_of(good)
        doubtful = _where_not(mask)
        if len(doubtful) == rows:
            return doubtful, batch_of_rows([], series)
        names = [column[name] for name in ("componentName", "metricName", "unit")]
        if doubtful:
            # Before they are numbered: the names of a row in doubt are no series yet.
            names = [name.filter(mask) for name in names]
        columns = [minimum, maximum, total, count, start, end]
        if doubtful:
            columns = [each.filter(mask) for each in columns]
        return doubtful, pa.RecordBatch.from_arrays([series.indices_of(*names), *columns], schema=WINDOW_SCHEMA)

    def _event_columns(self, table: pa.Table) -> tuple[list[int], list[EventRow]]:
        column = {name: table.column(name).chunk(0) for name in table.column_names}
        values = checks.numbers(column["value"])
        times = self._instants.millis(column["publicationTimestamp"])
        good = [pc.is_valid(values), pc.is_valid(times), *_names(column)]
        ids: list[str | None] = [None] * table.num_rows
        if "eventId" in column:
            good.append(pc.less_equal(pc.utf8_length(column["eventId"]), MAX_EVENT_ID_LENGTH))
            ids = [text or None for text in column["eventId"].to_pylist()]
        mask = _all_of(good)
        doubtful = _where_not(mask)
        events = [
            EventRow(*row)
            for is_good, *row in zip(
                mask.to_pylist(),
                column["componentName"].to_pylist(),
                column["metricName"].to_pylist(),
                column["unit"].to_pylist(),
                values.to_pylist(),
                times.to_pylist(),
                ids,
            )
            if is_good
        ]
        return doubtful, events

    def _hand_over(self, rows: pa.RecordBatch | list[EventRow] | None, lines: Sequence[int], judged: _Judged) -> None:
        sink = self._sink
        for rejected in sorted(judged.rejected, key=lambda each: each.line):
            sink.reject(rejected)
        if isinstance(rows, list) or judged.events:
            numbered = [*zip(lines, rows or []), *judged.events]
            for line, event in sorted(numbered, key=lambda each: each[0]):
                sink.event(event, line)
            return
        if judged.windows:
            rows = batch_of_rows([], sink.series) if rows is None else rows
            sink.windows(merge_by_line(rows, lines, judged.windows, sink.series))
        elif rows is not None and rows.num_rows > 0:
            sink.windows(rows)


def _plain_text(data: bytes, longest: int) -> bytes | None:
    """The lines of a block when Arrow reads them as the rules do; nothing when they have to be looked at one by one."""
    if b'"' in data or data.startswith(BOM):
        return None
    if b"\r" in data:
        if data.count(b"\r") != data.count(b"\r\n"):
            return None
        data = data.replace(b"\r\n", b"\n")
    at = 0
    while len(data) - at > longest:
        end = data.rfind(b"\n", at, at + longest + 1)
        if end < 0:
            return None
        at = end + 1
    return data if _is_utf8(data) else None


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _columns(data: bytes, layout: CsvLayout) -> pa.Table | None:
    """The known columns as texts; nothing when a line has another number of fields than the header."""
    names = [f"other{position}" for position in range(layout.width)]
    for column, position in layout.positions:
        names[position] = column
    try:
        return pcsv.read_csv(
            pa.py_buffer(data),
            read_options=pcsv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=names),
            parse_options=pcsv.ParseOptions(quote_char=False, double_quote=False, escape_char=False),
            convert_options=pcsv.ConvertOptions(
                check_utf8=False,
                include_columns=[column for column, _ in layout.positions],
                column_types={
                    column: _DICTIONARY if column in _TEXTS else pa.string() for column, _ in layout.positions
                },
                null_values=[],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _names(column: checks.Columns) -> list[pa.Array]:
    limits = (("componentName", MAX_NAME_LENGTH), ("metricName", MAX_NAME_LENGTH), ("unit", MAX_UNIT_LENGTH))
    masks = [checks.names(column[name], longest) for name, longest in limits]
    return [mask for mask in masks if mask is not None]


def _all_of(masks: Sequence[pa.Array]) -> pa.Array:
    """Where all are true; null is not."""
    mask = masks[0]
    for other in masks[1:]:
        mask = pc.and_(mask, other)
    return pc.fill_null(mask, False) if mask.null_count > 0 else mask


def _where_not(mask: pa.Array) -> list[int]:
    return [] if mask.true_count == len(mask) else checks.positions(pc.invert(mask))


def _without_cr(data: bytes) -> bytes:
    return data[:-1] if data.endswith(b"\r") else data


def _long_header(length: int) -> CsvHeaderError:
    return CsvHeaderError(f"The header is too long: it has {length} bytes.")
