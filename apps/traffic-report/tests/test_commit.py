"""A run that ends between two files: the next one, of another day, brings it to its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Workbench
from lakes import DAY, call, put, rejected, report, report_day
from pyspark.sql import SparkSession

from traffic_report.storage import Storage


class Killed(BaseException):
    """No error that is handled."""


@pytest.mark.parametrize("calls", [0, 2, 3], ids=["before anything is in place", "in between", "before the ledger"])
def test_is_brought_to_its_end(
    spark: SparkSession, tmp_path: Path, pulselake: Workbench, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    (tmp_path / "lake.json").write_text('{"format":"pulselake","version":1}\n')
    put(tmp_path, DAY, "a.log", call())
    report_day(spark, tmp_path)
    put(tmp_path, DAY, "a.log", call() + call("new") + b"what?\n")
    done = 0

    def counted(real: object) -> object:
        def step(self: Storage, first: str, second: str) -> None:
            nonlocal done
            if real is write_text and "/pipeline_runs/" not in first:
                write_text(self, first, second)
                return
            if done == calls:
                raise Killed
            done += 1
            real(self, first, second)  # type: ignore[operator]

        return step

    publish, write_text = Storage.publish, Storage.write_text
    monkeypatch.setattr(Storage, "publish", counted(publish))
    monkeypatch.setattr(Storage, "write_text", counted(write_text))
    with pytest.raises(Killed):
        report_day(spark, tmp_path)
    monkeypatch.undo()
    report_day(spark, tmp_path, "2026-05-10")
    assert report(tmp_path) == {("new", "cart"): (1, 0), ("web", "cart"): (1, 0)}
    assert [line["raw"] for line in rejected(tmp_path)] == ["what?"]
    assert pulselake.problems(tmp_path) == []
