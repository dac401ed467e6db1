"""Runs on folders: what is read, what is put in place, what is left as it was."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from conftest import Workbench
from lakes import DAY, SAID, call, put, rejected, report, report_day, state
from pyspark.sql import SparkSession

from traffic_report import job as job_module
from traffic_report.count_calls import count_calls
from traffic_report.job import ChangedInputError, MissingInputsError


def test_counts_the_calls_of_a_day(spark: SparkSession, tmp_path: Path, pulselake: Workbench) -> None:
    person = b'10.0.0.1  - ;ld "GET /cart" 200 [2026-05-18T10:00:00Z] "Firefox"\n'
    put(tmp_path, DAY, "access.log", call() + call(status=503) + person + b"what?\nwhat?\n" + call(time="2026-05-19T00:00:00Z"))
    put(tmp_path, "2026-05-20", "orders-2026-05-18.txt.gz", call("cart", "/anything"))
    put(tmp_path, "2026-05-21", "orders-2026-05-18.txt", call("too", "late"))
    outcome = report_day(spark, tmp_path)
    assert report(tmp_path) == {("cart", "orders"): (1, 0), ("web", "cart"): (2, 1)}
    counts = outcome.run.counts
    assert (counts.read, counts.accepted, counts.external, counts.out_of_range, counts.rejected) == (7, 3, 1, 1, 2)
    assert [(line["reason"], line["raw"]) for line in rejected(tmp_path)] == [("unparsed-line", "what?")] * 2
    (tmp_path / "lake.json").write_text('{"format":"pulselake","version":1}\n')
    assert pulselake.problems(tmp_path) == []
    path = tmp_path / f"traffic_reports/report_date={DAY}/report.json"
    path.write_bytes(path.read_bytes().replace(b'"totalRequests":2', b'"totalRequests":3'))
    assert [problem["subject"] for problem in pulselake.problems(tmp_path)] == [f"traffic_reports/report_date={DAY}/report.json"]


def test_people_are_reported_when_they_are_asked_for(spark: SparkSession, tmp_path: Path) -> None:
    put(tmp_path, DAY, "a.log", b'10.0.0.1  - ;ld "GET /cart" 200 [2026-05-18T10:00:00Z] "Firefox"\n' + call())
    report_day(spark, tmp_path, include_users=True)
    assert report(tmp_path) == {("users", "cart"): (1, 0), ("web", "cart"): (1, 0)}


def test_the_same_content_counts_once_and_a_grown_log_replaces_its_older_version(spark: SparkSession, tmp_path: Path) -> None:
    put(tmp_path, DAY, "cart-2026-05-18.txt", call() + b"what?\n")
    put(tmp_path, "2026-05-19", "cart-2026-05-18.txt.gz", call() + b"what?\n")
    first = report_day(spark, tmp_path)
    assert report(tmp_path) == {("web", "cart"): (1, 0)}
    assert len(first.inputs.repeated) == 1
    put(tmp_path, "2026-05-19", "cart-2026-05-18.txt.gz", call() + b"what?\n" + call("new") + b"how?\n")
    grown = report_day(spark, tmp_path)
    assert report(tmp_path) == {("new", "cart"): (1, 0), ("web", "cart"): (1, 0)}
    assert grown.run.supersedes == (first.run.inputs[0].input_id,)
    assert sorted(line["raw"] for line in rejected(tmp_path)) == ["how?", "what?"]
    # The same bytes of another service are another log.
    put(tmp_path, DAY, "stock-2026-05-18.txt", call() + b"what?\n")
    report_day(spark, tmp_path)
    assert report(tmp_path) == {("new", "cart"): (1, 0), ("web", "cart"): (1, 0), ("web", "stock"): (1, 0)}


def test_a_log_that_grew_in_its_place_replaces_what_it_was(spark: SparkSession, tmp_path: Path) -> None:
    put(tmp_path, DAY, "a.log", call() + b"what?\n")
    report_day(spark, tmp_path)
    path = put(tmp_path, DAY, "a.log", call() + b"what?\n" + call())
    path.touch()
    report_day(spark, tmp_path)
    assert report(tmp_path) == {("web", "cart"): (2, 0)}
    assert len(rejected(tmp_path)) == 1


def test_again_is_the_same_and_other_days_stay(spark: SparkSession, tmp_path: Path) -> None:
    put(tmp_path, DAY, "a.log", call() + call(time="2026-05-17T23:59:59.999999999Z") + b"\xff\n")
    report_day(spark, tmp_path, "2026-05-16", DAY, arrival_days=3)
    before = state(tmp_path)
    assert len(before) == 7
    report_day(spark, tmp_path, "2026-05-17", DAY)
    assert state(tmp_path) == before
    assert not list((tmp_path / "_staging").iterdir())


def test_a_day_without_calls_has_an_empty_report(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "landing").mkdir()
    outcome = report_day(spark, tmp_path)
    assert report(tmp_path) == {}
    assert outcome.run.counts.read == 0
    put(tmp_path, DAY, "a.log", call())
    report_day(spark, tmp_path)
    put(tmp_path, DAY, "a.log", b"\n\r\n")
    report_day(spark, tmp_path, allow_missing_inputs=True)
    assert report(tmp_path) == {}


def test_fails_on_logs_that_are_gone_and_leaves_the_report(spark: SparkSession, tmp_path: Path) -> None:
    gone = put(tmp_path, DAY, "a.log", call())
    put(tmp_path, DAY, "b.log", call("other"))
    report_day(spark, tmp_path)
    before = state(tmp_path)
    gone.unlink()
    with pytest.raises(MissingInputsError, match=r"a\.log"):
        report_day(spark, tmp_path)
    assert state(tmp_path) == before
    report_day(spark, tmp_path, allow_missing_inputs=True)
    assert report(tmp_path) == {("other", "cart"): (1, 0)}


def test_fails_on_a_log_that_changes_meanwhile(spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, DAY, "a.log", call())
    report_day(spark, tmp_path)
    before = state(tmp_path)
    count = count_calls

    def and_then_change(*arguments: object) -> int:
        lines = count(*arguments)  # type: ignore[arg-type]
        path.write_bytes(call() * 3)
        return lines

    monkeypatch.setattr(job_module, "count_calls", and_then_change)
    with pytest.raises(ChangedInputError, match=r"a\.log changed"):
        report_day(spark, tmp_path)
    assert state(tmp_path) == before


def test_reads_names_and_packings_of_all_kinds(spark: SparkSession, tmp_path: Path) -> None:
    names = ["a b=1%20 [x]{a,b}*é?.log", "sub/dt=x/ü.log", "packed.log", "bom-2026-05-18.txt", "long.log"]
    (put(tmp_path, DAY, names[0], call("one"))).touch()
    put(tmp_path, DAY, names[1], call("two"))
    put(tmp_path, DAY, names[2], gzip.compress(call("three")))
    put(tmp_path, DAY, names[3], b"\xef\xbb\xbf" + call("four") + b"\xef\xbb\xbf" + call("person"))
    put(tmp_path, DAY, names[4], call("five") + b"x" * 10_000_000 + b"\n" + call("five"))
    put(tmp_path, DAY, "_half.log", call("no"))
    put(tmp_path, DAY, "half.log.part", call("no"))
    outcome = report_day(spark, tmp_path)
    assert report(tmp_path) == {
        ("one", "cart"): (1, 0),
        ("two", "cart"): (1, 0),
        ("three", "cart"): (1, 0),
        ("four", "bom"): (1, 0),
        ("five", "cart"): (2, 0),
    }
    assert outcome.run.rejected_by_reason == {"too-long": 1}
    assert outcome.run.counts.external == 1


def test_goes_on_without_logs_that_cannot_be_read_and_says_so(spark: SparkSession, tmp_path: Path) -> None:
    put(tmp_path, DAY, "good.log", call())
    packed = gzip.compress(call("x") * 1000)
    for name, content in {"cut.log.gz": packed[:-20], "wrong.log.gz": packed[:-6] + b"\0" * 6, "plain.log.gz": call()}.items():
        (put(tmp_path, DAY, name.removesuffix(".gz"), b"")).unlink()
        (tmp_path / f"landing/access-logs/dt={DAY}" / name).write_bytes(content)
    outcome = report_day(spark, tmp_path)
    assert report(tmp_path) == {("web", "cart"): (1, 0)}
    assert [fault.split("/")[-1].split(":")[0].split(" ")[0] for fault in outcome.inputs.unusable] == [
        "cut.log.gz",
        "plain.log.gz",
        "wrong.log.gz",
    ]


def test_warns_of_logs_that_came_when_their_day_was_over(spark: SparkSession, tmp_path: Path) -> None:
    put(tmp_path, DAY, "cart-2026-05-01.txt", call(time="2026-05-01T10:00:00Z"))
    outcome = report_day(spark, tmp_path)
    assert outcome.run.counts.out_of_range == 1
    assert SAID[-1].endswith("it counts with --date 2026-05-01 --arrival-days 18")
    report_day(spark, tmp_path, "2026-05-01", arrival_days=18)
    assert report(tmp_path, "2026-05-01") == {("web", "cart"): (1, 0)}


def test_named_logs_alone_are_read(spark: SparkSession, tmp_path: Path) -> None:
    put(tmp_path, DAY, "a.log", call())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.log").write_bytes(call("named"))
    report_day(spark, tmp_path / "lake", inputs=(f"{elsewhere}/*.log",))
    assert report(tmp_path / "lake") == {("named", "cart"): (1, 0)}


def test_the_enriched_report_is_that_of_the_embedded_run(spark: SparkSession, tmp_path: Path, pulselake: Workbench) -> None:
    lake = tmp_path / "lake"
    header = "componentName,metricName,unit,minValue,maxValue,sumValue,sampleCount,fromTimestamp,toTimestamp\n"
    window = "T10:00:00Z,2026-05-18T10:05:00Z\n"
    (tmp_path / "m.csv").write_text(
        header
        + f"cart,latency,ms,1,9,10,4,{DAY}{window}"
        + f"cart,latency,ms,0.5,2,2,1,{DAY}T10:05:00Z,2026-05-18T10:10:00Z\n"
        + f"cart,errors,count,1,2,,,{DAY}{window}"
        + f"other,errors,count,1,2,3,2,{DAY}{window}"
    )
    pulselake("ingest", "metrics", str(tmp_path / "m.csv"), "--lake", str(lake))
    log = put(lake, DAY, "a.log", call() + call(path="/unknown"))
    report_day(spark, lake)
    path = lake / f"traffic_reports_enriched/report_date={DAY}/report.json"
    ours = [json.loads(line) for line in path.read_text().splitlines()]
    assert ours[0]["metrics"] == [
        {"metricName": "errors", "unit": "count", "minValue": 1.0, "maxValue": 2.0},
        {"metricName": "latency", "unit": "ms", "minValue": 0.5, "maxValue": 9.0, "avgValue": 2.4},
    ]
    assert ours[1]["metrics"] == []
    assert pulselake.problems(lake) == []
    pulselake("ingest", "logs", str(log), "--lake", str(tmp_path / "embedded"))
    pulselake("ingest", "metrics", str(tmp_path / "m.csv"), "--lake", str(tmp_path / "embedded"))
    theirs = (tmp_path / "embedded" / path.relative_to(lake)).read_text().splitlines()
    assert [json.loads(line) for line in theirs] == ours
