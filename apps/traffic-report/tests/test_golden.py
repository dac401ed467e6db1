"""The cases that all engines read."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES
from lakes import options_of
from pyspark.sql import SparkSession

from traffic_report.count_calls import count_calls
from traffic_report.count_pairs import COUNTED
from traffic_report.days import format_day, parse_day
from traffic_report.inputs import LogFile, choose_inputs
from traffic_report.job import account
from traffic_report.parse import REASONS, USERS_SOURCE, Kind
from traffic_report.stage_rejected import raw_columns
from traffic_report.storage import Storage

CASES = [
    *sorted((FIXTURES / "access-logs").iterdir()),
    *sorted(
        case
        for case in (FIXTURES / "rejects").iterdir()
        if json.loads((case / "case.json").read_text()).get("options", {}).get("reader") == "access-logs"
    ),
]


def test_there_are_cases() -> None:
    assert len(CASES) > 25


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_is_read_as_it_must_be(spark: SparkSession, tmp_path: Path, case: Path) -> None:
    about = json.loads((case / "case.json").read_text())
    expected = json.loads((case / "expected.json").read_text())
    found = read(spark, tmp_path, (case / about["input"]).read_bytes(), about["options"])
    assert found == {
        "read": expected["read"],
        "accepted": expected["accepted"],
        "external": expected["external"],
        "outOfRange": expected["outOfRange"],
        "counts": sorted(expected["counts"], key=str),
        # Spark does not know the numbers of lines, nor their order.
        "rejected": Counter(
            (each["reason"], each.get("raw"), each.get("rawBase64"), each.get("truncated")) for each in expected["rejected"]
        ),
    }


def read(spark: SparkSession, folder: Path, content: bytes, options: dict[str, Any]) -> dict[str, Any]:
    path = folder / options["fileName"]
    # The cases give what is read once it is unpacked.
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    days = sorted(day for day in map(parse_day, options.get("days", [])) if day is not None)
    asked = options_of(
        folder,
        format_day(days[0]) if days else "0001-01-01",
        format_day(days[-1]) if days else "9999-12-31",
        max_record_bytes=options.get("maxRecordBytes", 1_048_576),
    )
    storage = Storage(spark)
    file = storage.find(str(path))
    assert file is not None
    inputs = choose_inputs(storage, asked, [LogFile(file, None)], [])
    lines = count_calls(spark, storage, asked, inputs.logs, str(folder / "staging"))
    counted = spark.read.schema(COUNTED).parquet(str(folder / "staging/counted"))
    counts, _ = account(counted, lines)
    raw, raw_base64, truncated = raw_columns()
    rows = counted.select("*", raw.alias("raw"), raw_base64.alias("rawBase64"), truncated.alias("truncated")).collect()
    return {
        "read": counts.read,
        "accepted": counts.accepted,
        "external": counts.external,
        "outOfRange": counts.out_of_range,
        "counts": sorted(
            (
                {
                    "day": format_day(row["day"]),
                    "kind": "service" if row["kind"] == Kind.SERVICE else "user",
                    "source": row["source"] if row["kind"] == Kind.SERVICE else USERS_SOURCE,
                    "target": row["target"],
                    "totalRequests": row["total"],
                    "failedRequests": row["failed"],
                }
                for row in rows
                if row["kind"] <= Kind.USER
            ),
            key=str,
        ),
        "rejected": Counter(
            {
                (
                    REASONS[Kind(row["kind"])][0],
                    row["raw"],
                    row["rawBase64"],
                    row["truncated"],
                ): row["total"]
                for row in rows
                if row["kind"] >= Kind.BAD_ENCODING
            }
        ),
    }
