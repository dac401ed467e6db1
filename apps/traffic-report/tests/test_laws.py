"""What holds for any bytes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from test_golden import read

NEAR = st.lists(
    st.sampled_from(
        [
            b"<masked>",
            b"10.0.0.1",
            b"  - ",
            b" - ",
            b'"',
            b' "',
            b'" ',
            b"GET /cart/1",
            b" 200 ",
            b" 503",
            b"[2026-05-18T10:00:00Z]",
            b" [18/May/2026:10:00:00 +0200] ",
            b"Machine (x; web)",
            b"web",
            b",",
            b" ",
            b"\xff",
            "é😀".encode(),
            b"\r",
            b"-",
        ]
    ),
    max_size=14,
).map(b"".join)
LINES = st.lists(st.one_of(NEAR, st.binary(max_size=60).map(lambda line: line.replace(b"\n", b""))), max_size=60)


@given(LINES, st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=False)
def test_every_line_is_counted_once(spark: SparkSession, lines: list[bytes], ends: bool) -> None:
    content = b"\n".join(lines) + (b"\n" if ends else b"")
    assume(not content.startswith(b"\x1f\x8b"))  # It would be read as gzip.
    with tempfile.TemporaryDirectory() as folder:
        found = read(spark, Path(folder), content, {"fileName": "access.log"})
    text = content[3:] if content.startswith(b"\xef\xbb\xbf") else content
    expected = sum(1 for line in text.split(b"\n") if line not in (b"", b"\r"))
    assert found["read"] == expected
    assert found["accepted"] + found["external"] + found["outOfRange"] + sum(found["rejected"].values()) == expected
    assert sum(count["totalRequests"] for count in found["counts"]) == found["accepted"] + found["external"]
