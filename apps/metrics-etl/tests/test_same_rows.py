"""The job and the embedded run make the same rows of the same files."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path

import pytest

from .fake_s3 import Bucket
from .workbench import pulselake, query, verify

NOW = "2024-05-10T12:00:00Z"
WINDOWS = """SELECT component_name, metric_name, unit, from_timestamp, to_timestamp, source,
  min_value, max_value, sample_count, round(sum_value, 4) AS total
  FROM windowed_metrics_current WHERE source = 'batch' ORDER BY ALL"""
REJECTED = """SELECT reason, raw, raw_base64, truncated, line, input_id
  FROM rejected_records WHERE stage = 'metrics-etl' ORDER BY ALL"""
RUNS = """SELECT sum(counts.read), sum(counts.accepted), sum(counts.duplicate), sum(counts.rejected)
  FROM pipeline_runs WHERE stage = 'metrics-etl'"""


#: The full proof reads more than 200,000 rows of CSV.
SCALE = "3" if os.environ.get("PULSELAKE_PROOF") == "full" else "1"


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_files_with_faults_give_the_rows_of_the_embedded_run(bucket: Bucket, tmp_path: Path, seed: int) -> None:
    data, embedded, copied = tmp_path / "data", tmp_path / "embedded", tmp_path / "copied"
    pulselake(
        *("generate", "--preset", "faulty", "--seed", str(seed), "--scale", SCALE, "--now", NOW, "--out", str(data))
    )
    for path in sorted((data / "metrics").iterdir()):
        modified = datetime.fromtimestamp(int(path.stat().st_mtime), timezone.utc)
        bucket.land(f"dt=2024-05-10/{path.name}", path.read_bytes(), modified)
    code, _ = bucket.run("--now", NOW)
    assert code == 0
    bucket.copy_to(copied)
    pulselake("ingest", "metrics", str(data / "metrics"), "--now", NOW, "--lake", str(embedded))
    for sql in (WINDOWS, REJECTED, RUNS):
        expected = query(embedded, sql)
        assert len(expected) > 1
        assert query(copied, sql) == expected
    assert verify(copied)["problems"] == []
    # What else the generator made comes in embedded, so that the lake holds all that is expected.
    pulselake("ingest", "events", str(data / "events"), "--now", NOW, "--lake", str(copied))
    pulselake("ingest", "logs", str(data / "access-logs"), "--lake", str(copied))
    pulselake("redrive", "--reason", "late", "--lake", str(copied))
    found = verify(copied, "--expected", str(data))
    assert found["problems"] == []
    assert found["expected"]["differences"] == 0
    assert found["expected"]["windows"] > 10_000


def test_a_copied_lake_is_proved_and_a_flipped_byte_is_found(bucket: Bucket, tmp_path: Path) -> None:
    header = b"componentName,fromTimestamp,maxValue,metricName,minValue,toTimestamp,unit\n"
    row = b"cart,2024-05-01T12:00:00Z,2,latency,1,2024-05-01T12:05:00Z,ms\n"
    bucket.land("dt=2024-05-01/cart.csv", header + row + b"torn\n")
    assert bucket.run()[0] == 0
    bucket.copy_to(tmp_path / "lake")
    found = verify(tmp_path / "lake")
    assert (found["ok"], found["runs"], found["files"], found["recordsRead"]) == (True, 1, 2, 2)
    for key in bucket.data_keys():
        path = tmp_path / "lake" / key
        good = path.read_bytes()
        path.write_bytes(good[:40] + bytes([good[40] ^ 1]) + good[41:])
        problems = json.dumps(verify(tmp_path / "lake")["problems"])
        assert key in problems and "digest differs" in problems
        path.write_bytes(good)
    assert verify(tmp_path / "lake")["ok"]
