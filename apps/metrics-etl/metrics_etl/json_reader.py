"""Reads windowed metrics from JSON Lines."""

from __future__ import annotations

from collections.abc import Iterable

from .csv_row import WindowRow
from .json_object import json_object
from .limits import MAX_RECORD_BYTES
from .line_blocks import LongLine, count_records, line_blocks
from .record_sink import RecordSink
from .rejected_line import reject_binary, reject_text, reject_too_long
from .window_batch import batch_of_rows
from .windowed_record import windowed_record


class JsonReader:
    """Hands each line that is not empty to a sink, once."""

    def __init__(self, sink: RecordSink, max_record_bytes: int = MAX_RECORD_BYTES) -> None:
        self._sink = sink
        self._max = max_record_bytes
        #: Records read so far, counted before they are parsed.
        self.records = 0

    def read(self, chunks: Iterable[bytes]) -> None:
        """Reads an input to its end."""
        for each in line_blocks(chunks, self._max):
            if isinstance(each, LongLine):
                self.records += 1
                self._sink.reject(
                    reject_too_long(each.line, each.head, each.length, self._max)
                    if each.is_utf8
                    else reject_binary(each.line, each.head, each.length)
                )
                continue
            self.records += count_records(each)
            rows: list[WindowRow] = []
            for line, data in enumerate(each.data[:-1].split(b"\n"), each.first_line):
                text = data[:-1] if data.endswith(b"\r") else data
                if text:
                    self._line(text, line, rows)
            if rows:
                self._sink.windows(batch_of_rows(rows, self._sink.series))

    def _line(self, data: bytes, line: int, rows: list[WindowRow]) -> None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            self._sink.reject(reject_binary(line, data))
            return
        if len(data) > self._max:
            self._sink.reject(reject_too_long(line, data, len(data), self._max))
            return
        record = json_object(text)
        row = ("malformed", "The line is not a JSON object.") if record is None else windowed_record(record)
        if isinstance(row, WindowRow):
            rows.append(row)
        else:
            self._sink.reject(reject_text(row[0], row[1], line, data))
