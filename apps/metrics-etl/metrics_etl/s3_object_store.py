"""Object storage on S3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, IncompleteReadError
from urllib3.exceptions import HTTPError

from .errors import ObjectChanged, ObjectDenied, ObjectMissing, StoreError
from .object_store import ObjectInfo

#: What readers are given at once: larger blocks spare calls, smaller ones memory.
_BLOCK_BYTES = 4 << 20
_DELETED_AT_ONCE = 1000
#: How often a body is asked for again, from where its connection broke.
_RESUMED = 5
_READ_FAULTS = (HTTPError, IncompleteReadError, BotoCoreError, OSError)


def s3_client(endpoint_url: str | None = None, region: str | None = None) -> Any:
    """A client whose retries have an end: SlowDown and the like are asked again up to eight times, ever later."""
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 8},
        connect_timeout=10,
        read_timeout=60,
        # Checksums are ours: the ledger has SHA-256 of everything.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client("s3", endpoint_url=endpoint_url, region_name=region, config=config)


class S3ObjectStore:
    """A bucket, or what lies in it below a prefix, which is empty or ends in a slash."""

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def uri(self, key: str) -> str:
        return f"s3://{self._bucket}/{self._prefix}{key}"

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        token: str | None = None
        while True:
            page = {"ContinuationToken": token} if token is not None else {}
            try:
                answer = self._client.list_objects_v2(Bucket=self._bucket, Prefix=self._prefix + prefix, **page)
            except (ClientError, BotoCoreError) as error:
                self._fail(error, prefix, "listed")
            for each in answer.get("Contents", ()):
                yield ObjectInfo(
                    each["Key"][len(self._prefix) :],
                    each["Size"],
                    each["ETag"].strip('"'),
                    _millis(each["LastModified"]),
                )
            token = answer.get("NextContinuationToken")
            if token is None:
                return

    def info(self, key: str) -> ObjectInfo:
        try:
            answer = self._client.head_object(Bucket=self._bucket, Key=self._prefix + key)
        except (ClientError, BotoCoreError) as error:
            self._fail(error, key, "read")
        return ObjectInfo(key, answer["ContentLength"], answer["ETag"].strip('"'), _millis(answer["LastModified"]))

    def read(self, found: ObjectInfo) -> Iterator[bytes]:
        done = 0
        for attempt in range(_RESUMED + 1):
            try:
                for block in self._body(found, done):
                    done += len(block)
                    yield block
            except _READ_FAULTS as error:
                if attempt == _RESUMED:
                    self._fail(error, found.key, "read")
                continue
            if done >= found.size_bytes:
                break
        if done != found.size_bytes:
            raise StoreError(f"{self.uri(found.key)}: {done} of {found.size_bytes} bytes came. Run the job again.")

    def get(self, key: str) -> bytes:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            body: bytes = answer["Body"].read()
        except (ClientError, *_READ_FAULTS) as error:
            self._fail(error, key, "read")
        return body

    def put(self, key: str, body: bytes | Path) -> None:
        try:
            if isinstance(body, bytes):
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=body)
            else:
                with body.open("rb") as file:
                    self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=file)
        except (ClientError, *_READ_FAULTS) as error:
            self._fail(error, key, "written")

    def delete(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), _DELETED_AT_ONCE):
            some = [{"Key": self._prefix + key} for key in keys[start : start + _DELETED_AT_ONCE]]
            try:
                answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": some, "Quiet": True})
            except (ClientError, BotoCoreError) as error:
                self._fail(error, keys[start], "deleted")
            for fault in answer.get("Errors", ()):
                raise StoreError(
                    f"{self.uri(fault.get('Key', '')[len(self._prefix) :])} cannot be deleted: {fault.get('Code')}."
                )

    def _body(self, found: ObjectInfo, start: int) -> Iterator[bytes]:
        if found.size_bytes == 0:
            return
        part = {"Range": f"bytes={start}-"} if start > 0 else {}
        try:
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._prefix + found.key, IfMatch=f'"{found.etag}"', **part
            )
        except ClientError as error:
            self._fail(error, found.key, "read")
        body = answer["Body"]
        try:
            yield from body.iter_chunks(_BLOCK_BYTES)
        finally:
            body.close()

    def _fail(self, error: Exception, key: str, done: str) -> NoReturn:
        address = self.uri(key)
        answer = error.response if isinstance(error, ClientError) else {}
        code = str(answer.get("Error", {}).get("Code", ""))
        if code in ("404", "NoSuchKey"):
            raise ObjectMissing(f"{address} is not there any more.") from error
        if code in ("412", "PreconditionFailed"):
            raise ObjectChanged(f"{address} changed while it was read. Nothing of it was taken.") from error
        if code in ("403", "AccessDenied"):
            raise ObjectDenied(f"{address} may not be {done} with the job's rights (AccessDenied).") from error
        if code == "NoSuchBucket":
            raise StoreError(
                f"There is no bucket {self._bucket}. Name the lake's with --lake s3://BUCKET/PREFIX."
            ) from error
        raise StoreError(f"{address} cannot be {done}: {error}") from error


def _millis(moment: Any) -> int:
    return int(moment.timestamp() * 1000)
