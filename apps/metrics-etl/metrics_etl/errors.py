"""Errors that callers act on; their texts are for people."""

from __future__ import annotations

from collections.abc import Sequence


class UsageError(Exception):
    """The job was given arguments that it cannot use."""


class InputFault(Exception):
    """An input cannot be used at all: nothing of it is taken, and the others go on."""


class CsvHeaderError(InputFault):
    """The header does not make the file readable. `columns`: the needed ones that are absent, or named twice."""

    def __init__(self, message: str, columns: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.columns = tuple(columns)


class StoreError(Exception):
    """Object storage does not do what the job needs; `key` names the object where there is one."""


class ObjectMissing(StoreError):
    """There is no such object."""


class ObjectChanged(StoreError):
    """The object is not the one that was listed any more."""


class ObjectDenied(StoreError):
    """Reading or writing the object is not permitted."""


class LedgerDamaged(StoreError):
    """A ledger entry is not what was written."""
