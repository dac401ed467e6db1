"""Files that a run has written aside, on their way into the lake."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .ledger import RunOutput
from .storage import Storage

_THREADS = 8


@dataclass(frozen=True)
class Staged:
    path: str
    key: str
    """Where it belongs, below the lake."""
    rows: int
    records: int | None = None


def describe(storage: Storage, files: Sequence[Staged]) -> tuple[RunOutput, ...]:
    """What the ledger says of them. They are read: a digest of what was meant to be written would prove nothing."""

    def one(file: Staged) -> RunOutput:
        found = storage.find(file.path)
        assert found is not None
        return RunOutput(file.key, file.rows, found.bytes, storage.stored_digest(file.path), file.records)

    with ThreadPoolExecutor(_THREADS) as pool:
        return tuple(pool.map(one, files))


def publish(storage: Storage, lake: str, files: Sequence[Staged]) -> None:
    """Puts them in place, in their order."""
    for file in files:
        storage.publish(file.path, f"{lake}/{file.key}")
