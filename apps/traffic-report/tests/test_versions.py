"""Logs that arrive again and again as they grow: each day is made of the version that counts for it."""

from __future__ import annotations

from pathlib import Path

from conftest import Workbench
from lakes import call, put, rejected, report, report_day
from pyspark.sql import SparkSession

DAYS = ["2026-05-10", "2026-05-11", "2026-05-12", "2026-05-13", "2026-05-14", "2026-05-15"]


def test_days_made_together_are_as_if_each_was_made_alone(spark: SparkSession, tmp_path: Path, pulselake: Workbench) -> None:
    content = b""
    for number, day in enumerate(DAYS):
        content += call(time=f"{day}T10:00:00Z") * (number + 1) + f"what {number}?\n".encode()
        put(tmp_path, day, "access.log", content)
    outcome = report_day(spark, tmp_path, DAYS[0], DAYS[-1])
    for number, day in enumerate(DAYS):
        assert report(tmp_path, day) == {("web", "cart"): (number + 1, 0)}, day
    assert sorted(line["raw"] for line in rejected(tmp_path)) == [f"what {number}?" for number in range(len(DAYS))]
    counts = outcome.run.counts
    assert (counts.accepted, counts.rejected, counts.duplicate) == (21, 6, 12)
    assert counts.balances
    (tmp_path / "lake.json").write_text('{"format":"pulselake","version":1}\n')
    assert pulselake.problems(tmp_path) == []
    report_day(spark, tmp_path, DAYS[1])
    assert report(tmp_path, DAYS[1]) == {("web", "cart"): (2, 0)}
    assert pulselake.problems(tmp_path) == []


def test_a_content_counts_for_the_days_of_all_its_arrivals(spark: SparkSession, tmp_path: Path) -> None:
    content = b"".join(call(time=f"{day}T10:00:00Z") for day in DAYS)
    put(tmp_path, DAYS[0], "access.log", content)
    put(tmp_path, DAYS[5], "access.log", content)
    outcome = report_day(spark, tmp_path, DAYS[0], DAYS[-1])
    assert [len(report(tmp_path, day) or {}) for day in DAYS] == [1, 0, 0, 1, 1, 1]
    assert outcome.run.counts.out_of_range == 2
