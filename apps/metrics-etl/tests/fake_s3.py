"""A bucket on moto's S3, with what tests want to know and to break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from typing import Any

from moto.s3.models import s3_backends

from metrics_etl.arguments import parse_arguments
from metrics_etl.run_job import run_job
from metrics_etl.s3_object_store import s3_client

_NUMBERS = count(1)
NOW = "2024-05-10T12:00:00Z"


class FakeS3:
    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client = s3_client(endpoint, "us-east-1")

    def new_bucket(self) -> Bucket:
        name = f"lake-{next(_NUMBERS)}"
        self.client.create_bucket(Bucket=name)
        return Bucket(self, name)


class Bucket:
    """A lake under the prefix `p/` of a bucket of its own."""

    def __init__(self, s3: FakeS3, name: str) -> None:
        self.s3 = s3
        self.name = name
        self.client = s3.client
        self._clock = count(1_715_342_400_000, 1000)

    @property
    def lake(self) -> str:
        return f"s3://{self.name}/p"

    def put(self, key: str, body: bytes, modified: datetime | None = None) -> None:
        """Stores an object below the lake, as if it had been modified then."""
        self.client.put_object(Bucket=self.name, Key=f"p/{key}", Body=body)
        if modified is not None:
            stored = s3_backends["123456789012"]["aws"].buckets[self.name].keys[f"p/{key}"]
            stored.last_modified = modified.astimezone(timezone.utc).replace(tzinfo=None)

    def store_quickly(self, key: str, body: bytes) -> tuple[str, str]:
        """Stores an object past the protocol, where thousands are wanted. Returns its address and ETag."""
        stored = s3_backends["123456789012"]["aws"].put_object(self.name, f"p/{key}", body)
        return f"s3://{self.name}/p/{key}", stored.etag.strip('"')

    def land(self, name: str, body: bytes, modified: datetime | None = None) -> str:
        """Stores an object in landing/metrics/. Returns its address."""
        key = f"landing/metrics/{name}"
        self.put(key, body, modified)
        return f"s3://{self.name}/p/{key}"

    def get(self, key: str) -> bytes:
        body: bytes = self.client.get_object(Bucket=self.name, Key=f"p/{key}")["Body"].read()
        return body

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=f"p/{key}")

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=f"p/{prefix}")
        return [each["Key"][2:] for page in pages for each in page.get("Contents", ())]

    def data_keys(self) -> list[str]:
        return self.keys("windowed_metrics/") + self.keys("rejected/")

    def words(self, *more: str) -> list[str]:
        """The job's arguments for this lake."""
        now = () if "--now" in more else ("--now", NOW)
        return ["--lake", self.lake, "--endpoint-url", self.s3.endpoint, *now, *more]

    def run(self, *more: str, client: Any = None, clock: Iterator[int] | None = None) -> tuple[int, list[str]]:
        """Runs the job in this process. Returns its exit code and what it said."""
        said: list[str] = []
        ticks = self._clock if clock is None else clock
        code = run_job(
            parse_arguments(self.words(*more)),
            self.client if client is None else client,
            lambda: next(ticks),
            said.append,
        )
        return code, said

    def copy_to(self, folder: Path, prefixes: Sequence[str] = ("",)) -> None:
        """Copies the lake, same keys, into a folder; landing stays."""
        for prefix in prefixes:
            for key in self.keys(prefix):
                if key.startswith("landing/"):
                    continue
                target = folder / key
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(self.get(key))
