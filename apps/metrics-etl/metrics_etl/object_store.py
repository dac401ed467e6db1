"""Object storage as the job needs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class ObjectInfo:
    """An object as a listing shows it."""

    key: str
    size_bytes: int
    #: Without quotes.
    etag: str
    #: Milliseconds since the epoch.
    modified_ms: int


class ObjectStore(Protocol):
    """A bucket, or what lies in it below a prefix: keys are relative to that.

    Methods raise `ObjectMissing`, `ObjectChanged`, `ObjectDenied`, or another `StoreError`.
    """

    def uri(self, key: str) -> str:
        """The address of an object, for people and for the ledger."""

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """All objects whose key begins with a prefix, in the order of their keys."""

    def info(self, key: str) -> ObjectInfo:
        """What a listing would show of one object."""

    def read(self, found: ObjectInfo) -> Iterator[bytes]:
        """The bytes of an object in blocks; fails when it is not the one that was found any more."""

    def get(self, key: str) -> bytes:
        """A small object as a whole."""

    def put(self, key: str, body: bytes | Path) -> None:
        """Stores an object, in place of what was there."""

    def delete(self, keys: Sequence[str]) -> None:
        """Deletes objects; those that are not there are no fault."""
