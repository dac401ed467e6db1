"""Lines that say the same become the same, and say what they said."""

from __future__ import annotations

import os
import random

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from test_same_lines import line_of

from traffic_report.parse import Kind, parse
from traffic_report.shorten import shorten

LINES = 400_000 if os.environ.get("PULSELAKE_PROOF") == "full" else 40_000
MAX_RECORD_BYTES = 1 << 20
AT = "[2026-05-18T23:30:07.5Z]"
CLOCK = "[18/May/2026:23:30:07 +0000]"


def lines_of(spark: SparkSession, lines: list[bytes]) -> DataFrame:
    rows = spark.createDataFrame([(bytearray(line),) for line in lines], "bytes binary")
    return rows.select(f.col("bytes").cast("string").alias("line"), f.lit(None).cast("int").alias("fault"))


def shortened(spark: SparkSession, lines: list[str], *, has_target: bool = True) -> list[str]:
    rows = shorten(lines_of(spark, [line.encode() for line in lines]), has_target=has_target).collect()
    return [row["line"] for row in rows]


@pytest.mark.parametrize("has_target", [True, False])
def test_a_shortened_line_says_what_the_line_said(spark: SparkSession, has_target: bool) -> None:
    seed = int(os.environ.get("PULSELAKE_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    lines = [line_of(chance).encode() for _ in range(LINES)]
    lines += [line[: chance.randrange(len(line) + 1)] + b"\xe9" + line[len(line) // 2 :] for line in lines[:2000]]
    target = f.lit("cart" if has_target else None).cast("string")
    whole = lines_of(spark, lines).withColumn("original", f.col("line").cast("binary")).withColumn("file_target", target)
    short = shorten(whole, has_target=has_target)
    said = [
        f.hex("original"),
        f.col("kind"),
        f.col("day"),
        f.col("source"),
        f.col("target"),
        f.coalesce("failed", f.lit(False)).alias("failed"),
    ]
    # What is rejected is kept as it was.
    raw = f.when(f.col("kind") >= int(Kind.BAD_ENCODING), f.hex(f.col("line").cast("binary"))).alias("raw")
    parsed = [{tuple(row) for row in parse(each).select(*said, raw).distinct().collect()} for each in (whole, short)]
    assert sorted(parsed[0] - parsed[1], key=str)[:5] == sorted(parsed[1] - parsed[0], key=str)[:5] == []
    apart = short.where(f.col("line").startswith("\n")).count()
    assert apart > len(lines) / 100


def test_calls_of_all_shapes_are_shortened(spark: SparkSession) -> None:
    rest = {
        "generated": ("  - ", f' "GET /cart/1?x=2 HTTP/1.1" 503 {AT} ', ""),
        "documented": (" - ", f' {CLOCK} "GET /cart/1?x=2 HTTP/1.1" 503 ', ""),
        "combined": (" - ", f' {CLOCK} "GET /cart/1?x=2 HTTP/1.1" 503 2326 "http://x/" ', ""),
        "comma": (" - ", f', {CLOCK}, "GET /cart/1?x=2 HTTP/1.1", 503, ', ""),
    }
    for shape, (behind, middle, _) in rest.items():
        time = "2026-05-18T00:00:00Z" if shape == "generated" else "18/May/2026:00:00:00 +0000"
        for has_target in (True, False):
            request = "-" if has_target else "- /cart"
            expected = {
                f'<masked>{behind}web{middle}"Apache HTTP Client"': f"\n<masked>\nweb\n{request}\n500\n{time}\n",
                f'<masked>{behind}web{middle}"Machine (okhttp)"': f"\n<masked>\nweb\n{request}\n500\n{time}\n",
                f'<masked>{behind}-{middle}"Machine (x; web)"': f"\n<masked>\n-\n{request}\n500\n{time}\nMachine (x; web)",
                f'10.0.0.1{behind}alice{middle}"Machine (x; web)"': f"\n\n\n{request}\n500\n{time}\nMachine (x; web)",
                f'10.0.0.1{behind}alice{middle}"Mozilla/5.0 (X11; Linux)"': f"\n\n\n{request}\n500\n{time}\n",
            }
            if shape != "generated":
                expected[f'10.0.0.1{behind}web{middle}"Machine (okhttp)"'] = f"\n\nweb\n{request}\n500\n{time}\nMachine (okhttp)"
            assert shortened(spark, list(expected), has_target=has_target) == list(expected.values()), shape


def test_no_line_takes_more_than_a_few_passes(spark: SparkSession) -> None:
    # With one pass for each place of a megabyte this would take an hour.
    length = 1 << 20
    lines = [
        "  - " * (length // 4),
        " - " * (length // 3),
        "10.0.0.1  - " + " x" * (length // 2) + '"',
        f'10.0.0.1  - web "GET /cart" 200 {AT} "Machine (x;' + " a" * (length // 2) + '"',
        f'10.0.0.1  - web "GET /cart" 200 {AT} "Machine (' + ";" * length + '"',
        f'10.0.0.1 - web {CLOCK} "GET ' + "/ " * (length // 2) + '" 200 ',
        "10.0.0.1 - " + ", [" * (length // 3),
        "10.0.0.1 - " + ", " * (length // 2) + f" {CLOCK} ",
        f'10.0.0.1 - web {CLOCK} "GET /cart" 200 ' + "1" * length,
    ]
    assert shortened(spark, lines) == lines


def test_of_a_time_only_what_may_change_the_day_is_kept(spark: SparkSession) -> None:
    times = {
        "18/May/2026:23:30:07 +0000": "18/May/2026:00:00:00 +0000",
        "18/May/2026:23:30:07 -0000": "18/May/2026:00:00:00 -0000",
        "18/May/2026:23:30:07 +0200": "18/May/2026:23:00:00 +0200",
        "18/May/2026:23:30:07 -1100": "18/May/2026:23:00:00 -1100",
        "18/May/2026:23:31:07 +0530": "18/May/2026:23:31:00 +0530",
        "29/Jan/2026:23:30:07 +0000": "29/Jan/2026:00:00:00 +0000",
    }
    lines = [f'<masked> - web [{time}] "GET /cart" 200 "x"' for time in times]
    assert shortened(spark, lines) == [f"\n<masked>\nweb\n-\n200\n{time}\n" for time in times.values()]


def test_what_may_be_rejected_or_mistaken_is_left_alone(spark: SparkSession) -> None:
    lines = [
        f'<masked>  - - "GET /cart" 200 {AT} "x"',
        f'<masked>  -  "GET /cart" 200 {AT} "x"',
        f'10.0.0.1  - web "GET /cart" 200 {AT} "Machine (x"',
        f'10.0.0.1  - web "GET /cart" 200 {AT} "Machine (x; )"',
        '<masked>  - web "GET /cart" 200 [2026-02-30T10:00:00Z] "x"',
        '<masked>  - web "GET /cart" 200 [2026-04-31T10:00:00Z] "x"',
        '<masked>  - web "GET /cart" 200 [2026-05-18T24:00:00Z] "x"',
        '<masked>  - web "GET /cart" 200 [0000-05-18T10:00:00Z] "x"',
        '<masked> - web [30/Feb/2026:10:00:00 +0000] "GET /cart" 200 "x"',
        '<masked> - web [31/Nov/2026:10:00:00 +0000] "GET /cart" 200 "x"',
        '<masked> - web [18/May/2026:10:00:00 +2400] "GET /cart" 200 "x"',
        f'<masked> - web, {CLOCK}, "GET /cart", 200 12 "-" "x"',
        f'<masked> - web, {CLOCK}, "GET /cart", 200, 12 "-" "x"',
        f'<masked> - web, {CLOCK} "GET /cart", 200, "x"',
        f'<masked> - web {CLOCK} "GET /cart" 200 12 " 200 " "x"',
        f'<masked>  - web "GET /cart" 200 {AT} "say "hi""',
        f'<masked>  - web "GET /\ufffd" 200 {AT} "x"',
        f'<masked>  - web "GET /cart" 200 {AT} "x" ',
        f'<masked>  - web "GET /cart" 200 {AT} "x"\u2028',
    ]
    assert shortened(spark, lines) == lines
    assert shortened(spark, ['<masked>  - web "GET /" 200 ' + AT + ' "x"'], has_target=False)[0].startswith("<masked>")
