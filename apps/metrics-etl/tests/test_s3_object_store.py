"""Object storage that does not do what one would like."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.response import StreamingBody

from metrics_etl.arguments import parse_arguments
from metrics_etl.errors import ObjectDenied, StoreError
from metrics_etl.run_job import main, run_job
from metrics_etl.s3_object_store import S3ObjectStore, s3_client

from .fake_s3 import Bucket
from .samples import csv, row
from .watched_client import WatchedClient, client_error
from .workbench import verify


def failing(bucket: Bucket, operation: str, part: str, code: str, status: int, times: int = 10**9) -> WatchedClient:
    """A client that fails for keys with this in them."""
    left = [times]

    def before(asked: str, arguments: dict[str, Any]) -> None:
        if asked == operation and part in str(arguments.get("Key", arguments.get("Prefix", ""))) and left[0] > 0:
            left[0] -= 1
            raise client_error(code, status, operation)

    return WatchedClient(bucket.client, before)


def test_an_object_that_may_not_be_read_fails_by_itself(bucket: Bucket) -> None:
    bucket.land("denied.csv", csv(row()))
    bucket.land("good.csv", csv(row("b")))
    code, said = bucket.run(client=failing(bucket, "get_object", "denied", "AccessDenied", 403))
    assert (code, said[-1]) == (1, "1 ingested, 0 unchanged, 1 failed.")
    assert any("denied.csv may not be read with the job's rights" in line for line in said)


def test_an_object_that_vanished_after_it_was_listed_fails_by_itself(bucket: Bucket, tmp_path: Path) -> None:
    bucket.land("gone.csv", csv(row()))
    bucket.land("good.csv", csv(row("b")))

    def before(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "get_object" and "gone" in str(arguments["Key"]):
            bucket.delete("landing/metrics/gone.csv")

    code, said = bucket.run(client=WatchedClient(bucket.client, before))
    assert (code, said[-1]) == (1, "1 ingested, 0 unchanged, 1 failed.")
    assert any("gone.csv is not there any more" in line for line in said)
    bucket.copy_to(tmp_path / "lake")
    assert verify(tmp_path / "lake")["ok"]


def test_an_object_that_changed_after_it_was_listed_is_taken_by_the_next_run(bucket: Bucket) -> None:
    bucket.land("a.csv", csv(row()))

    def before(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "get_object" and "a.csv" in str(arguments["Key"]):
            bucket.land("a.csv", csv(row("b"), row("c")))

    code, said = bucket.run(client=WatchedClient(bucket.client, before))
    assert (code, bucket.data_keys()) == (1, [])
    assert any("a.csv changed while it was read. Nothing of it was taken." in line for line in said)
    assert bucket.run()[1][-1] == "1 ingested, 0 unchanged, 0 failed."


class _TornBody:
    """A body whose connection breaks half-way."""

    def __init__(self, body: Any) -> None:
        self._data = body.read()

    def iter_chunks(self, size: int) -> Any:
        yield self._data[: len(self._data) // 2]
        raise ReadTimeoutError(endpoint_url="s3")

    def close(self) -> None:
        pass


class _TearingClient:
    def __init__(self, client: Any, times: int) -> None:
        self._client = client
        self._left = times
        self.ranges: list[str] = []

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)

    def get_object(self, **arguments: Any) -> Any:
        answer = self._client.get_object(**arguments)
        if "landing" not in arguments["Key"]:
            return answer
        self.ranges.append(arguments.get("Range", ""))
        if self._left > 0:
            self._left -= 1
            return {**answer, "Body": _TornBody(answer["Body"])}
        return answer


def test_a_broken_connection_goes_on_where_it_broke(bucket: Bucket) -> None:
    bucket.land("a.csv", csv(*(row(f"c{number}") for number in range(100))))
    client = _TearingClient(bucket.client, 3)
    assert bucket.run(client=client)[1][-1] == "1 ingested, 0 unchanged, 0 failed."
    assert len(client.ranges) == 4
    assert client.ranges[0] == "" and all(each.startswith("bytes=") for each in client.ranges[1:])


def test_a_connection_that_breaks_again_and_again_ends_the_run(bucket: Bucket) -> None:
    bucket.land("a.csv", csv(row()))
    with pytest.raises(StoreError, match="cannot be read"):
        bucket.run(client=_TearingClient(bucket.client, 1000))
    assert bucket.data_keys() == []


def test_what_may_not_be_written_ends_the_run(bucket: Bucket) -> None:
    bucket.land("a.csv", csv(row()))
    with pytest.raises(ObjectDenied, match="may not be written"):
        bucket.run(client=failing(bucket, "put_object", "windowed_metrics", "AccessDenied", 403))
    assert bucket.run()[1][-1] == "1 ingested, 0 unchanged, 0 failed."
    assert bucket.keys("_staging/") == []


def test_what_may_not_be_listed_ends_the_run(bucket: Bucket) -> None:
    with pytest.raises(ObjectDenied, match="may not be listed"):
        bucket.run(client=failing(bucket, "list_objects_v2", "landing", "AccessDenied", 403))


def test_slow_down_is_asked_again_and_not_for_ever(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    client = s3_client(bucket.s3.endpoint, "us-east-1")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    asked: list[str] = []

    def answer(slow: int) -> Any:
        def before_send(request: Any, **_: Any) -> Any:
            from botocore.awsrequest import AWSResponse

            asked.append(request.url)
            if len(asked) > slow:
                return None
            body = b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>"
            raw: Any = io.BytesIO(body)
            raw.stream = lambda *_args, **_more: iter([body])
            return AWSResponse(request.url, 503, {}, raw)

        return before_send

    throttled = answer(3)
    client.meta.events.register("before-send.s3.PutObject", throttled)
    store = S3ObjectStore(client, bucket.name)
    store.put("a", b"x")
    assert len(asked) == 4
    client.meta.events.unregister("before-send.s3.PutObject", throttled)
    asked.clear()
    client.meta.events.register("before-send.s3.PutObject", answer(10**9))
    with pytest.raises(StoreError, match="SlowDown"):
        store.put("a", b"x")
    assert len(asked) == 8


def test_a_bucket_that_is_not_there_is_named(bucket: Bucket) -> None:
    given = parse_arguments(["--lake", "s3://no-such-bucket-here", "--endpoint-url", bucket.s3.endpoint])
    with pytest.raises(StoreError, match="There is no bucket no-such-bucket-here"):
        run_job(given, bucket.client, lambda: 0, lambda text: None)


def test_the_job_says_what_is_wrong_and_exits_with_1_or_2(bucket: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lake", "nowhere"]) == 2
    assert "--lake is nowhere; it must be s3://BUCKET" in capsys.readouterr().err
    assert main(["--lake", "s3://no-such-bucket-here", "--endpoint-url", bucket.s3.endpoint]) == 1
    assert "There is no bucket" in capsys.readouterr().err
    bucket.land("bad.csv", b"x\n1\n")
    assert main(bucket.words()) == 1
    assert "FAILED" in capsys.readouterr().out
    bucket.delete("landing/metrics/bad.csv")
    bucket.land("good.csv", csv(row()))
    assert main(bucket.words()) == 0


def test_a_body_of_botocore_is_what_the_store_reads(bucket: Bucket) -> None:
    bucket.put("a", b"abc")
    assert isinstance(bucket.client.get_object(Bucket=bucket.name, Key="p/a")["Body"], StreamingBody)
    store = S3ObjectStore(bucket.client, bucket.name, "p/")
    assert b"".join(store.read(store.info("a"))) == b"abc"
