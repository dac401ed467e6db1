"""The same rows as the embedded run, on generated logs with all the faults that real ones have."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from conftest import Workbench
from lakes import report_day
from pyspark.sql import SparkSession

FULL = os.environ.get("PULSELAKE_PROOF") == "full"
SEEDS = [3, 7, 11] if FULL else [5]


@pytest.mark.parametrize("seed", SEEDS)
def test_report_and_rejected_lines_are_those_of_the_embedded_run(
    spark: SparkSession, tmp_path: Path, pulselake: Workbench, seed: int
) -> None:
    data, lake, embedded = tmp_path / "data", tmp_path / "lake", tmp_path / "embedded"
    scale = ["--scale", "6"] if FULL else []
    pulselake("generate", "--preset", "faulty", "--seed", str(seed), "--out", str(data), *scale)
    expected = [json.loads(line) for line in (data / "expected/traffic_reports.jsonl").read_text().splitlines()]
    days = sorted({row["reportDate"] for row in expected})
    arrived = days[0]
    folder = lake / f"landing/access-logs/dt={arrived}"
    # All of it arrives before it happens: named, logs are read whatever the day of their arrival.
    shutil.copytree(data / "access-logs", folder)
    outcome = report_day(spark, lake, days[0], days[-1], inputs=(f"{folder}/*",))
    pulselake("ingest", "logs", str(data / "access-logs"), "--lake", str(embedded))
    report = "SELECT report_date, id, source, target, total_requests, failed_requests FROM traffic_reports ORDER BY ALL"
    rejects = "SELECT reason, raw, raw_base64, truncated, count(*) AS n FROM rejected_records GROUP BY ALL ORDER BY ALL"
    (lake / "lake.json").write_text('{"format":"pulselake","version":1}\n')
    assert pulselake.rows(lake, report) == pulselake.rows(embedded, report)
    assert pulselake.rows(lake, rejects) == pulselake.rows(embedded, rejects)
    assert pulselake.problems(lake) == []
    keys = ("reportDate", "source", "target", "totalRequests", "failedRequests")
    rows = "SELECT report_date, source, target, total_requests, failed_requests FROM traffic_reports"
    assert {tuple(row[key] for key in keys) for row in expected} == {tuple(row.values()) for row in pulselake.rows(lake, rows)}
    counts = outcome.run.counts
    print(f"seed {seed}: {counts}")
    assert counts.read > 50_000
