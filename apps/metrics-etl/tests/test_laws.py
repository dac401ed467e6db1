"""What holds for any input."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from metrics_etl import csv_reader
from metrics_etl.content import Content
from metrics_etl.csv_layout import csv_layout
from metrics_etl.csv_reader import CsvReader
from metrics_etl.csv_row import WindowRow, csv_row
from metrics_etl.day_file import WindowPart, write_day_file
from metrics_etl.day_spill import DaySpill
from metrics_etl.decimals import ecmascript_number
from metrics_etl.errors import CsvHeaderError, InputFault
from metrics_etl.instants import DAY_MS, FIRST_MS, LAST_MS, format_instant, parse_instant
from metrics_etl.json_object import NestedValue, _deep_object, json_object
from metrics_etl.json_reader import JsonReader
from metrics_etl.object_store import ObjectInfo
from metrics_etl.parquet_reader import ParquetReader
from metrics_etl.window_batch import batch_of_rows

from .recording_sink import RecordingSink, row_of
from .samples import HEADER

FULL_HEADER = HEADER + ",sumValue,sampleCount"
RELAXED = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.one_of(
    st.sampled_from(["", "cart", "a" * 129, "größe", '"x"', '"a,b"', 'x"y', "\ufeffbom", "a b"]), st.text()
)
times = st.sampled_from(
    [
        *(
            "2024-05-01T12:00:00Z",
            "2024-05-01T12:00:00.001Z",
            "2024-05-01T12:05:00.123456789Z",
            "1969-12-31T23:59:59.9999Z",
        ),
        *("2024-02-30T12:00:00Z", "2024-05-01 12:00:00Z", "2024-05-01T12:00Z", "2024-05-01T12:00:00+00:00", "", "x"),
        *("0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2024-05-01T24:00:00Z"),
    ]
)
decimals = st.one_of(
    st.sampled_from(
        ["", "1", "-1", "+2.5", ".5", "5.", "1e5", "1E400", "-1e400", "1e-400", "NaN", "nan", "Infinity", "inf"]
    ),
    st.sampled_from([" 1", "1 ", "0x1", "1_0", "1e", "--1", "9007199254740993", "-0.0", "7.015970820911367E-4", "１"]),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
)
counts = st.sampled_from(["", "1", "10.0", "1e1", "0", "1.5", "9007199254740991", "9007199254740992", "NaN", "-1", "x"])
row_lines = st.tuples(names, times, decimals, names, decimals, times, names, decimals, counts).map(",".join)
any_lines = st.one_of(
    row_lines.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=40),
    st.sampled_from([b"", b"\r", b"cart,x", b"\xff\xfe", b'"torn', b"a\rb", b"\xef\xbb\xbf"]),
)


def cut(data: bytes, sizes: list[int]) -> Iterable[bytes]:
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size
    yield data[at:]


@given(lines=st.lists(any_lines, max_size=30), sizes=st.lists(st.integers(1, 60), max_size=20), ends_open=st.booleans())
@example(lines=[b"\n"], sizes=[1], ends_open=False)
@RELAXED
def test_every_line_of_a_csv_is_counted_exactly_once_however_it_is_cut(
    lines: list[bytes], sizes: list[int], ends_open: bool
) -> None:
    data = FULL_HEADER.encode() + b"\n" + b"\n".join(lines) + (b"" if ends_open else b"\n")
    sink = RecordingSink()
    reader = CsvReader(sink, 200)
    reader.read(cut(data, sizes))
    records = [line for line in data.split(b"\n")[1:] if line not in (b"", b"\r")]
    assert reader.records == len(records)
    assert sink.count == len(records)
    whole = RecordingSink()
    CsvReader(whole, 200).read([data])
    assert (whole.rows, whole.rejected) == (sink.rows, sink.rejected)


@given(lines=st.lists(row_lines, min_size=1, max_size=30))
@RELAXED
def test_rows_read_as_columns_are_those_read_one_by_one(lines: list[str]) -> None:
    lines = [line for line in lines if not set(line) & set("\n\r") and line.isprintable()]
    layout = csv_layout(FULL_HEADER.encode())
    one_by_one = [csv_row(line, layout) for line in lines]
    sink = RecordingSink()
    CsvReader(sink).read(["\n".join([FULL_HEADER, *lines]).encode("utf-8")])
    assert repr(sink.rows) == repr([row_of(row) for row in one_by_one if isinstance(row, WindowRow)])
    assert [each["reason"] for each in sink.rejected] == [row[0] for row in one_by_one if isinstance(row, tuple)]


def test_plain_rows_are_read_as_columns_and_not_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def watched(line: str, layout: Any) -> Any:
        judged.append(line)
        return csv_row(line, layout)

    monkeypatch.setattr(csv_reader, "csv_row", watched)
    good = "cart,2024-05-01T12:00:00Z,2,latency,1,2024-05-01T12:05:00Z,ms"
    sink = RecordingSink()
    CsvReader(sink).read(["\n".join([HEADER, *[good] * 500, "torn", *[good] * 500]).encode()])
    assert (len(sink.rows), judged) == (1000, ["torn"])


@given(data=st.binary(max_size=300), sizes=st.lists(st.integers(1, 20), max_size=20))
@RELAXED
def test_any_bytes_are_read_or_refused(data: bytes, sizes: list[int]) -> None:
    sink = RecordingSink()
    reader: Any
    for reader in (CsvReader(sink, 50), JsonReader(sink, 50)):
        before = sink.count
        try:
            reader.read(cut(data, sizes))
        except CsvHeaderError:
            assert reader.records == 0
        assert sink.count - before == reader.records


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=8,
)


@given(
    record=st.dictionaries(st.text(max_size=4), values, max_size=5), junk=st.sampled_from(["", "}", ",", "1", "[", '"'])
)
@RELAXED
def test_json_of_any_depth_is_read_as_shallow_json_is(record: dict[str, Any], junk: str) -> None:
    text = json.dumps(record) + junk
    shallow, deep = json_object(text), _deep_object(text)
    assert (shallow is None) == (deep is None) == (junk != "")
    if shallow is not None and deep is not None:
        assert list(deep) == list(shallow)
        for key, value in shallow.items():
            nested = isinstance(value, (dict, list))
            assert isinstance(deep[key], NestedValue) if nested else deep[key] == value


def test_json_nested_a_hundred_thousand_deep_is_an_object() -> None:
    nested = "[" * 100_000 + "]" * 100_000
    found = json_object(f'{{"deep": {nested}, "unit": "ms", "unit": "s"}}')
    assert found is not None and found["unit"] == "s"
    assert json_object(f'{{"deep": {nested[:-1]}}}') is None


@given(milliseconds=st.integers(FIRST_MS, LAST_MS))
def test_instants_are_read_as_they_are_written(milliseconds: int) -> None:
    assert parse_instant(format_instant(milliseconds)) == milliseconds


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_as_javascript_writes_them_are_the_same_numbers(value: float) -> None:
    assert float(ecmascript_number(value)) == value


class _Bytes:
    """One object in memory."""

    def __init__(self, data: bytes, sizes: list[int]) -> None:
        self._data, self._sizes = data, sizes

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return {"uri": lambda key: key, "read": lambda found: (each for each in cut(self._data, self._sizes) if each)}[
            name
        ]


def content_of(data: bytes, sizes: list[int], name: str = "a.csv.gz") -> Content:
    store: Any = _Bytes(data, sizes)
    return Content(store, ObjectInfo(name, len(data), "etag", 0))


@given(
    parts=st.lists(st.binary(max_size=5000), min_size=1, max_size=3), sizes=st.lists(st.integers(1, 300), max_size=20)
)
@RELAXED
def test_gzip_of_any_members_gives_its_content(parts: list[bytes], sizes: list[int]) -> None:
    content = content_of(b"".join(gzip.compress(part) for part in parts), sizes)
    assert b"".join(content.chunks()) == b"".join(parts)
    assert content.content_bytes == sum(map(len, parts))


@given(part=st.binary(min_size=1, max_size=2000), position=st.integers(0, 10_000), bit=st.integers(0, 7))
@RELAXED
def test_gzip_with_a_flipped_bit_gives_its_content_or_a_fault(part: bytes, position: int, bit: int) -> None:
    data = bytearray(gzip.compress(part))
    # Behind the magic bytes; the header's time and system say nothing of the content.
    position = 2 + position % (len(data) - 2)
    data[position] ^= 1 << bit
    try:
        found = b"".join(content_of(bytes(data), [7]).chunks())
    except InputFault:
        return
    assert found == part


def test_a_gzip_that_unpacks_to_much_is_never_in_memory_as_a_whole() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    sizes = [len(chunk) for chunk in content_of(data, []).chunks()]
    assert sum(sizes) == 64 << 20 and max(sizes) <= 1 << 20


windows = st.builds(
    lambda component, start, low: WindowRow(component, "m", "u", low, low, None, None, start, start + 1),
    st.sampled_from(["a", "b", "größe", "\U0001f6d2", "z"]),
    st.integers(-3 * DAY_MS, 3 * DAY_MS),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(rows=st.lists(windows, min_size=1, max_size=60), buffered=st.integers(1, 20), held=st.integers(1, 4))
@RELAXED
def test_rows_of_any_days_come_back_by_day_and_sorted(
    tmp_path: Path, rows: list[WindowRow], buffered: int, held: int
) -> None:
    spill = DaySpill(tmp_path / "spill.arrow", buffered, held)
    for at in range(0, len(rows), 3):
        spill.add(batch_of_rows(rows[at : at + 3], spill.series))
    spill.finish()
    found: list[Any] = []
    for day in spill.days:
        path = tmp_path / "day.parquet"
        written = write_day_file(path, spill.pieces(day), WindowPart("", "id", 0, 0, "rows"))
        table = pq.read_table(path)
        part = [
            (row["component_name"], row["from_timestamp"].timestamp(), row["min_value"]) for row in table.to_pylist()
        ]
        assert written.rows == written.records == len(part)
        assert [each[:2] for each in part] == sorted(each[:2] for each in part)
        assert {math.floor(each[1] * 1000 / DAY_MS) for each in part} == {day}
        found.extend(part)
    assert sorted(found) == sorted((row.component_name, row.from_ms / 1000, row.min_value) for row in rows)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns", "text"])
@pytest.mark.parametrize("number", [pa.float64(), pa.float32(), pa.int32(), pa.decimal128(25, 2)])
def test_parquet_may_have_any_times_and_numbers(tmp_path: Path, unit: str, number: Any) -> None:
    start = [0, -1, None]
    seconds = pa.array(start, pa.int64())
    times: Any = (
        pa.array(["1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", ""])
        if unit == "text"
        else seconds.cast(pa.timestamp("s")).cast(pa.timestamp(unit))
    )
    later = pa.array([10] * 3, pa.int64()).cast(pa.timestamp("s"))
    ends: Any = pa.array(["2024-05-01T12:00:00.0009Z"] * 3) if unit == "text" else later.cast(pa.timestamp(unit))
    text = pa.array(["cart"] * 3)
    value = pa.array([1, 2, 3]).cast(number)
    table = pa.table(
        {
            **{"componentName": text, "metricName": text.dictionary_encode(), "unit": text.cast(pa.large_string())},
            **{"minValue": value, "maxValue": value, "fromTimestamp": times, "toTimestamp": ends},
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    sink = RecordingSink()
    reader = ParquetReader(sink)
    reader.read(tmp_path / "a.parquet", "a.parquet")
    assert reader.records == sink.count == 3
    assert [each["fromTimestamp"] for each in sink.rows] == ["1970-01-01T00:00:00.000Z", "1969-12-31T23:59:59.000Z"]
    assert sink.rejected == [{"line": 3, "reason": "missing-field"}]


def test_parquet_without_a_column_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"componentName": ["a"]}), tmp_path / "a.parquet")
    with pytest.raises(InputFault, match="lacks the columns metricName, unit"):
        ParquetReader(RecordingSink()).read(tmp_path / "a.parquet", "a.parquet")
