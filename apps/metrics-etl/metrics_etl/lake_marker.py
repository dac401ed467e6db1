"""Marks where a lake lies, with the version of its layout."""

from __future__ import annotations

import json

from .errors import ObjectMissing, StoreError
from .object_store import ObjectStore

KEY = "lake.json"
VERSION = 1
_TEXT = b'{"format":"pulselake","version":1}\n'


def mark_lake(store: ObjectStore) -> None:
    """Marks a place that has no mark yet, so that a copy of it is a lake to every command.

    :raises StoreError: when a later program made the lake
    """
    try:
        text = store.get(KEY)
    except ObjectMissing:
        store.put(KEY, _TEXT)
        return
    if text == _TEXT:
        return
    try:
        version = json.loads(text)["version"]
    except (ValueError, TypeError, KeyError):
        version = None
    if isinstance(version, int) and version > VERSION:
        raise StoreError(
            f"{store.uri(KEY)} is of a later pulselake (layout {version}; this job knows {VERSION}). Deploy the job anew."
        )
    raise StoreError(f"{store.uri(KEY)} is damaged. It must be {_TEXT.decode().strip()}.")
