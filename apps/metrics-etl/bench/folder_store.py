"""A folder in the place of object storage, so that what is measured is the job."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from metrics_etl.errors import ObjectMissing
from metrics_etl.object_store import ObjectInfo


class FolderStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def uri(self, key: str) -> str:
        return f"folder://{self._folder}/{key}"

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        for path in sorted(self._folder.rglob("*")):
            key = path.relative_to(self._folder).as_posix()
            if path.is_file() and key.startswith(prefix):
                yield self.info(key)

    def info(self, key: str) -> ObjectInfo:
        found = (self._folder / key).stat()
        return ObjectInfo(key, found.st_size, f"{found.st_mtime_ns}", int(found.st_mtime * 1000))

    def read(self, found: ObjectInfo) -> Iterator[bytes]:
        with (self._folder / found.key).open("rb", buffering=0) as file:
            while block := file.read(4 << 20):
                yield block

    def get(self, key: str) -> bytes:
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError as error:
            raise ObjectMissing(key) from error

    def put(self, key: str, body: bytes | Path) -> None:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(body, Path):
            shutil.copyfile(body, path)
        else:
            path.write_bytes(body)

    def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            (self._folder / key).unlink(missing_ok=True)
