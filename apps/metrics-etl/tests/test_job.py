"""What a run does with the objects it finds."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from metrics_etl.errors import LedgerDamaged, StoreError
from metrics_etl.run_name import run_name
from metrics_etl.run_record import decode_run, encode_run

from .fake_s3 import Bucket
from .samples import csv, event, events, row, zipped
from .watched_client import WatchedClient
from .workbench import pulselake, query, verify

MORNING = datetime(2024, 5, 2, 8, tzinfo=timezone.utc)
CURRENT = """SELECT component_name, from_timestamp, min_value, max_value, sum_value, sample_count
  FROM windowed_metrics_current ORDER BY ALL"""


def runs_of(bucket: Bucket) -> list[dict[str, Any]]:
    return [decode_run(bucket.get(key), key) for key in bucket.keys("pipeline_runs/")]


def windows_of(bucket: Bucket, folder: Path) -> list[str]:
    """The windows of the copied lake, which is proved first."""
    bucket.copy_to(folder)
    assert verify(folder)["problems"] == []
    return query(folder, CURRENT)[1:]


def test_a_second_run_reads_nothing_again(bucket: Bucket) -> None:
    bucket.land("dt=2024-05-02/a.csv", csv(row()))
    bucket.land("dt=2024-05-02/b.csv.gz", zipped(csv(row("b"))))
    assert bucket.run()[0] == 0
    before = {key: bucket.get(key) for key in bucket.keys("")}
    client = WatchedClient(bucket.client)
    code, said = bucket.run(client=client)
    assert (code, said[0]) == (0, f"2 objects in {bucket.lake}/landing/metrics/, 0 to be read.")
    assert client.read_keys("landing/") == []
    assert {key: bucket.get(key) for key in bucket.keys("")} == before


def test_a_run_over_5000_done_objects_reads_none_of_them_and_no_entry_of_the_ledger(bucket: Bucket) -> None:
    bucket.land("dt=2024-05-02/real.csv", csv(row()))
    assert bucket.run()[0] == 0
    [key] = bucket.keys("pipeline_runs/")
    run = decode_run(bucket.get(key), key)
    for number in range(5000):
        uri, etag = bucket.store_quickly(f"landing/metrics/dt=2024-05-02/{number}.csv", b"%d" % number)
        found = {**run["inputs"][0], "uri": uri, "etag": etag, "bytes": len(str(number))}
        name = run_name(uri, found["bytes"], etag, f"{number:064x}")
        entry = encode_run({**run, "runId": str(name), "inputs": [{**found, "inputId": f"{number:064x}"}]})
        bucket.store_quickly(f"pipeline_runs/dt=2024-05-02/{name}.json", entry)
    client = WatchedClient(bucket.client)
    code, said = bucket.run(client=client)
    assert (code, said[0]) == (0, f"5001 objects in {bucket.lake}/landing/metrics/, 0 to be read.")
    assert client.read_keys("landing/") == []
    assert client.read_keys("pipeline_runs/") == []
    # Six pages of each, and one of the notes.
    assert client.calls["list_objects_v2"] == 13
    # One that changed is seen among them.
    bucket.land("dt=2024-05-02/4321.csv", csv(row("changed")))
    assert bucket.run()[1][-1] == "1 ingested, 0 unchanged, 0 failed."


def test_an_empty_prefix_is_no_fault(bucket: Bucket) -> None:
    code, said = bucket.run()
    assert (code, said[-1]) == (0, "0 ingested, 0 unchanged, 0 failed.")
    assert bucket.keys() == ["lake.json"]


def test_an_empty_file_and_one_with_a_header_only_are_good_and_hold_nothing(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("a.csv", b"")
    bucket.land("b.csv", csv())
    code, said = bucket.run()
    assert code == 0
    assert sum("It holds no record." in line for line in said) == 2
    assert windows_of(bucket, tmp_path / "lake") == []


def test_bad_files_do_not_stop_good_ones_and_make_the_run_fail(bucket: Bucket, tmp_path: Path) -> None:
    good = csv(row(), row("b", day=2), "torn")
    bucket.land("1.csv", good)
    bucket.land("2-header.csv", b"componentName,unit\ncart,ms\n")
    bucket.land("3-cut.csv.gz", zipped(good)[:-4])
    bucket.land("4-crc.csv.gz", zipped(good)[:-8] + b"\0\0\0\0" + zipped(good)[-4:])
    bucket.land("5-more.csv.gz", zipped(good) + b"x")
    bucket.land("6-no-gzip.csv.gz", good)
    bucket.land("7-no.parquet", good)
    bucket.land("8.parquet", b"PAR1 and nothing of it")
    bucket.land("9.csv", csv(row("last")))
    code, said = bucket.run()
    assert code == 1
    assert said[-1] == "2 ingested, 0 unchanged, 7 failed."
    for name, words in [
        ("2-header.csv", "The header lacks fromTimestamp"),
        ("3-cut.csv.gz", "cut off"),
        ("4-crc.csv.gz", "damaged"),
        ("5-more.csv.gz", "bytes behind its end"),
        ("6-no-gzip.csv.gz", "is not a gzip file"),
        ("7-no.parquet", "is not a Parquet file"),
        ("8.parquet", "not a readable Parquet file"),
    ]:
        assert any(name in line and words in line for line in said), (name, said)
    assert len(windows_of(bucket, tmp_path / "lake")) == 3
    failed = [run for run in runs_of(bucket) if run["status"] == "failed"]
    assert len(failed) == 7 and all(run["error"].startswith("s3://") for run in failed)
    # It stays so, and a failed file leaves one entry a day.
    assert bucket.run()[0] == 1
    assert len(bucket.keys("pipeline_runs/")) == 9


def test_rows_lie_in_the_day_they_begin_on(bucket: Bucket) -> None:
    bucket.land("a.csv", csv(row(day=1), row(day=3), row(day=1, minute=5)), MORNING)
    assert bucket.run()[0] == 0
    [run] = runs_of(bucket)
    assert [output["uri"].split("/")[1] for output in run["outputs"]] == ["dt=2024-05-01", "dt=2024-05-03"]
    assert run["counts"] == {
        "read": 3, "accepted": 3, "duplicate": 0, "external": 0, "outOfRange": 0, "rejected": 0,
    }  # fmt: skip
    [first, _] = bucket.keys("windowed_metrics/")
    target = Path(f"/tmp/{bucket.name}.parquet")
    target.write_bytes(bucket.get(first))
    file = pq.ParquetFile(target, page_checksum_verification=True)
    assert file.read().to_pylist()[1] == {
        "component_name": "cart",
        "metric_name": "latency",
        "unit": "ms",
        "min_value": 1.0,
        "max_value": 2.0,
        "sum_value": None,
        "sample_count": None,
        "from_timestamp": datetime(2024, 5, 1, 12, 5, tzinfo=timezone.utc),
        "to_timestamp": datetime(2024, 5, 1, 12, 5, 30, tzinfo=timezone.utc),
        "source": "batch",
        "part_id": "",
        "revision": 0,
        "emitted_at": MORNING,
        "input_id": run["inputs"][0]["inputId"],
    }
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert str(file.schema_arrow.field("component_name").type) == "string"
    target.unlink()


def test_the_same_content_under_another_name_comes_in_once(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("a.csv", csv(row()))
    bucket.land("b.csv.gz", zipped(csv(row())))
    code, said = bucket.run()
    assert (code, said[-1]) == (0, "1 ingested, 1 unchanged, 0 failed.")
    client = WatchedClient(bucket.client)
    assert bucket.run(client=client)[0] == 0
    assert client.read_keys("landing/") == []
    assert len(windows_of(bucket, tmp_path / "lake")) == 1


def test_a_window_delivered_twice_is_that_of_the_later_delivery(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("later.csv", csv(row(value=7)), MORNING + timedelta(hours=1))
    bucket.land("sooner.csv", csv(row(value=9)), MORNING)
    assert bucket.run()[0] == 0
    [window] = windows_of(bucket, tmp_path / "lake")
    assert window.split(",")[2:4] == ["7", "8"] or window.split(",")[2:4] == ["7.0", "8.0"]


def test_events_of_two_files_add_up_in_their_window(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("a.csv", events(event(1, 0, "x"), event(1, 1, "x"), event(4, 2)))
    bucket.land("b.csv", events(event(10, 3, "x")))
    assert bucket.run()[0] == 0
    [window] = windows_of(bucket, tmp_path / "lake")
    assert [float(each) for each in window.split(",")[2:]] == [1, 10, 15, 3]
    assert sum(run["counts"]["duplicate"] for run in runs_of(bucket)) == 1


def test_a_file_of_events_that_grew_takes_the_place_of_its_older_version(bucket: Bucket, tmp_path: Path) -> None:
    old = events(event(1, day=1), event(2, 1, day=2), "torn") + b"\n"
    bucket.land("a.csv", old, MORNING)
    assert bucket.run()[0] == 0
    before = bucket.data_keys()
    for hours, more in enumerate([event(3, 2, day=2), event(4, 3, day=2)], 1):
        old += more.encode() + b"\n"
        bucket.land("a.csv", old, MORNING + timedelta(hours=hours))
        assert bucket.run()[0] == 0
    assert not set(before) & set(bucket.data_keys())
    windows = windows_of(bucket, tmp_path / "lake")
    assert [[float(each) for each in window.split(",")[2:]] for window in windows] == [[1, 1, 1, 1], [2, 4, 9, 3]]
    last = max(runs_of(bucket), key=lambda run: int(run["sequence"]))
    assert len(last["supersedes"]) == 2 and len(last["replaced"]) == 3
    # The part is that of the first version, so that the two would not add up while both are there.
    for output in last["outputs"]:
        if output["uri"].startswith("windowed_metrics/"):
            table = pq.read_table(pa.BufferReader(bucket.get(output["uri"])))
            assert table.column("revision").unique().to_pylist() == [2]
            assert table.column("part_id").unique().to_pylist() == [last["supersedes"][0]]
    assert last["counts"]["rejected"] == 1
    assert bucket.run()[1][-1] == "0 ingested, 0 unchanged, 0 failed."


def test_windowed_rows_that_grew_take_the_place_of_the_older_version(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("a.csv", csv(row(day=1)), MORNING)
    assert bucket.run()[0] == 0
    bucket.land("a.csv", csv(row(day=1), row(day=2)), MORNING + timedelta(hours=1))
    assert bucket.run()[0] == 0
    assert len(bucket.keys("windowed_metrics/")) == 2
    assert len(windows_of(bucket, tmp_path / "lake")) == 2


def test_other_content_at_a_known_address_is_a_new_input_unless_it_replaces(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("a.csv", csv(row("one")), MORNING)
    assert bucket.run()[0] == 0
    bucket.land("a.csv", csv(row("two")), MORNING + timedelta(hours=1))
    assert bucket.run()[0] == 0
    assert len(windows_of(bucket, tmp_path / "both")) == 2
    bucket.land("a.csv", csv(row("three")), MORNING + timedelta(hours=2))
    assert bucket.run("--replace", "true")[0] == 0
    [window] = windows_of(bucket, tmp_path / "replaced")
    assert window.startswith("three")


def test_force_reads_again_and_overwrites_the_same_keys(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("a.csv", csv(row(), "torn"))
    assert bucket.run()[0] == 0
    before = bucket.data_keys()
    assert bucket.run("--force", "true")[1][-1] == "1 ingested, 0 unchanged, 0 failed."
    assert bucket.data_keys() == before
    assert len(windows_of(bucket, tmp_path / "lake")) == 1


@pytest.mark.parametrize("name", ["a b.csv", "dt=1/x=y.csv", "100%41.csv", "größe-🛒.csv", "a+b&c;d.csv"])
def test_keys_may_hold_any_character(bucket: Bucket, tmp_path: Path, name: str) -> None:
    uri = bucket.land(name, csv(row()))
    assert bucket.run()[0] == 0
    [run] = runs_of(bucket)
    assert run["inputs"][0]["uri"] == uri
    assert bucket.run()[1][-1] == "0 ingested, 0 unchanged, 0 failed."
    assert bucket.run("--objects", json.dumps([uri]), "--force", "true")[1][-1] == "1 ingested, 0 unchanged, 0 failed."
    assert len(windows_of(bucket, tmp_path / "lake")) == 1


def test_names_of_components_may_hold_slashes_and_anything_else(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("a.csv", csv(row("team/cart"), row("../../x"), row("größe 🛒"), row("a=b%2F")))
    assert bucket.run()[0] == 0
    assert len(windows_of(bucket, tmp_path / "lake")) == 4


def test_named_objects_only_are_read(bucket: Bucket) -> None:
    one = bucket.land("a.csv", csv(row("a")))
    bucket.land("b.csv", csv(row("b")))
    code, said = bucket.run("--objects", json.dumps([one, "p/landing/metrics/gone.csv"]))
    assert code == 1
    assert said[-1] == "1 ingested, 0 unchanged, 1 failed."
    assert "gone.csv is not there any more" in said[0]
    assert bucket.run()[1][-1] == "1 ingested, 0 unchanged, 0 failed."


def test_unfinished_and_hidden_names_and_folders_are_left_alone(bucket: Bucket) -> None:
    for name in (".hidden.csv", "a.csv.tmp", "b.csv.part", "folder/"):
        bucket.land(name, csv(row()))
    assert bucket.run()[1][0].startswith("0 objects")


def test_a_line_of_10_mb_is_one_rejected_record(bucket: Bucket) -> None:
    bucket.land("a.csv", csv(row(), "x" * 10_000_000, row("b")))
    assert bucket.run()[0] == 0
    [run] = runs_of(bucket)
    assert (run["counts"]["accepted"], run["rejectedByReason"]) == (2, {"too-long": 1})
    [rejected] = [json.loads(line) for key in bucket.keys("rejected/") for line in bucket.get(key).splitlines()]
    assert (rejected["line"], len(rejected["raw"]), rejected["truncated"]) == (3, 8192, True)


def test_a_lake_of_a_later_version_is_left_alone(bucket: Bucket) -> None:
    bucket.put("lake.json", b'{"format":"pulselake","version":2}\n')
    bucket.land("a.csv", csv(row()))
    with pytest.raises(StoreError, match="later pulselake"):
        bucket.run()
    assert bucket.data_keys() == []


def test_landing_may_be_a_bucket_of_its_own_and_is_never_changed(bucket: Bucket, s3: Any) -> None:
    other = s3.new_bucket()
    other.land("a.csv", csv(row()))
    before = other.keys()
    assert bucket.run("--landing", f"s3://{other.name}/p/landing")[1][-1] == "1 ingested, 0 unchanged, 0 failed."
    assert other.keys() == before
    assert len(bucket.keys("windowed_metrics/")) == 1


def test_an_input_that_was_forgotten_is_read_again_if_it_still_lies_there(bucket: Bucket) -> None:
    bucket.land("a.csv", csv(row()))
    bucket.land("b.csv", csv(row("b")))
    assert bucket.run()[0] == 0
    run = next(run for run in runs_of(bucket) if run["inputs"][0]["uri"].endswith("a.csv"))
    removal = {
        **run,
        "runId": "removal-1",
        "stage": "removal",
        "inputs": [],
        "outputs": [],
        "forgotten": [run["inputs"][0]["inputId"]],
        "sequence": max(each["sequence"] for each in runs_of(bucket)) + 1,
    }
    bucket.put("pipeline_runs/dt=2024-05-10/removal-1.json", encode_run(removal))
    assert bucket.run()[1][-1] == "1 ingested, 0 unchanged, 0 failed."
    assert bucket.run()[1][-1] == "0 ingested, 0 unchanged, 0 failed."


def test_what_an_embedded_run_has_brought_is_known(bucket: Bucket, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv(row()))
    pulselake("ingest", "metrics", str(tmp_path / "a.csv"), "--lake", str(tmp_path / "embedded"))
    for path in (tmp_path / "embedded").rglob("*"):
        if path.is_file() and not path.relative_to(tmp_path / "embedded").parts[0].startswith("_"):
            bucket.put(path.relative_to(tmp_path / "embedded").as_posix(), path.read_bytes())
    bucket.land("again.csv.gz", zipped(csv(row())))
    bucket.land("new.csv", csv(row("b")))
    assert bucket.run()[1][-1] == "1 ingested, 1 unchanged, 0 failed."
    assert len(windows_of(bucket, tmp_path / "lake")) == 2


def test_a_damaged_entry_that_has_to_be_read_ends_the_run(bucket: Bucket) -> None:
    bucket.land("a.csv", csv(row()), MORNING)
    assert bucket.run()[0] == 0
    [key] = bucket.keys("pipeline_runs/")
    bucket.put(key, bucket.get(key).replace(b'"read":1', b'"read":2'))
    bucket.land("a.csv", csv(row(), row("b")), MORNING + timedelta(hours=1))
    with pytest.raises(LedgerDamaged, match="digest does not match"):
        bucket.run()
