"""Lakes of tests."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from traffic_report.days import parse_day
from traffic_report.job import Outcome, run_job
from traffic_report.options import Options

NOW_MS = 1_779_278_400_000
"""2026-05-20T12:00:00Z."""
DAY = "2026-05-18"
_runs = 0


def call(caller: str = "web", path: str = "/cart/1", time: str = f"{DAY}T10:00:00Z", status: int = 200) -> bytes:
    """A line of the generated shape."""
    return f'<masked>  - {caller} "GET {path}" {status} [{time}] "Apache HTTP Client"\n'.encode()


def put(lake: Path, arrival: str, name: str, content: bytes) -> Path:
    """A log in the landing folder; packed when its name says so."""
    path = lake / "landing/access-logs" / f"dt={arrival}" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    return path


def options_of(lake: Path, first: str = DAY, last: str | None = None, **others: Any) -> Options:
    first_day, last_day = parse_day(first), parse_day(last or first)
    assert first_day is not None and last_day is not None
    return replace(Options(lake=str(lake), first_day=first_day, last_day=last_day, now_ms=NOW_MS), **others)


def report_day(spark: SparkSession, lake: Path, first: str = DAY, last: str | None = None, **others: Any) -> Outcome:
    """Runs the job in this process."""
    global _runs
    _runs += 1
    return run_job(
        spark,
        options_of(lake, first, last, **others),
        run_id=f"traffic-report-20260520T120000000Z-{_runs:08x}",
        started_at=f"2026-05-20T12:{_runs // 60:02d}:{_runs % 60:02d}.000Z",
        clock=lambda: "2026-05-20T13:00:00.000Z",
        say=lambda text: SAID.append(text),
    )


SAID: list[str] = []


def report(lake: Path, day: str = DAY) -> dict[tuple[str, str], tuple[int, int]] | None:
    """Total and failed calls by source and target; none when there is no report."""
    path = lake / f"traffic_reports/report_date={day}/report.json"
    if not path.exists():
        return None
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {(row["source"], row["target"]): (row["totalRequests"], row["failedRequests"]) for row in rows}


def rejected(lake: Path) -> list[dict[str, Any]]:
    files = sorted((lake / "rejected/stage=traffic-report").rglob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def state(lake: Path) -> dict[str, str]:
    """Digests of the data files. The rows of rejected records name their run, which is not looked at."""
    found = {}
    for table in ("traffic_reports", "traffic_reports_enriched", "rejected"):
        for path in sorted((lake / table).rglob("*")):
            if path.is_file():
                lines = sorted(json.dumps({**json.loads(line), "runId": ""}) for line in path.read_text().splitlines())
                found[str(path.relative_to(lake))] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found
