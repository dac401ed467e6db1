"""Notes of what is being written, so that nothing of an interrupted run stays unseen.

Before the first object of an input is stored, a note of its keys is. When a run is killed the next one finds the note. If the
ledger has the run, what it has replaced is deleted; if not, what it may have stored is not in the lake: the input is read again
and stores the same keys again, and when another version lies at its address by then, or nothing, those keys are deleted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .ledger import Ledger
from .object_store import ObjectStore

PREFIX = "_staging/metrics-etl/"


@dataclass(frozen=True)
class Intent:
    """What a run is about to do with an input."""

    address_digest: str
    input_id: str
    #: Of the entry in the ledger.
    run_key: str
    writes: Sequence[str]
    #: Deleted once the run is in the ledger.
    replaces: Sequence[str]
    #: What interrupted runs may have stored of other versions, deleted then as well.
    leftovers: Sequence[str] = ()

    @property
    def key(self) -> str:
        return f"{PREFIX}{self.address_digest}.json"


class Intents:
    """The notes in a lake."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._done: list[str] = []
        #: What interrupted runs may have stored, by the digest of the address.
        self._abandoned: dict[str, Intent] = {}

    def recover(self, ledger: Ledger) -> int:
        """Ends what runs had begun that are in the ledger. Returns how many notes there were."""
        notes = 0
        for found in self._store.list(PREFIX):
            notes += 1
            intent = _decode(self._store.get(found.key))
            if ledger.has_run(intent.run_key):
                self._store.delete([*intent.replaces, *intent.leftovers])
                self._done.append(found.key)
            else:
                self._abandoned[intent.address_digest] = intent
        self.flush()
        return notes

    def begin(self, intent: Intent, ledger: Ledger) -> Intent:
        """Stores the note of an input, which takes over what an interrupted run may have left at its address."""
        left = self._abandoned.get(intent.address_digest)
        if left is not None:
            intent = replace(intent, leftovers=_orphans(left, ledger, intent.writes))
        self._store.put(intent.key, _encode(intent))
        return intent

    def committed(self, intent: Intent) -> None:
        """Deletes what the input has replaced, and what an interrupted run left; the note goes later."""
        self._abandoned.pop(intent.address_digest, None)
        self._store.delete([*intent.replaces, *intent.leftovers])
        self._done.append(intent.key)
        if len(self._done) >= 1000:
            self.flush()

    def give_up(self, ledger: Ledger) -> list[str]:
        """Deletes what interrupted runs left of inputs that were not read again: they have gone, or cannot be used."""
        gone: list[str] = []
        for intent in self._abandoned.values():
            gone.extend(_orphans(intent, ledger, ()))
            self._done.append(intent.key)
        self._store.delete(gone)
        self._abandoned.clear()
        return gone

    def flush(self) -> None:
        """Deletes the notes of what is done."""
        self._store.delete(self._done)
        self._done = []


def _orphans(left: Intent, ledger: Ledger, kept: Sequence[str]) -> list[str]:
    # The same content may have come in from another address.
    known = ledger.readings_of(left.input_id)
    listed = {key for run in known for key in run.output_keys}
    return [key for key in (*left.writes, *left.leftovers) if key not in listed and key not in kept]


def _encode(intent: Intent) -> bytes:
    return json.dumps(
        {
            "address": intent.address_digest,
            "inputId": intent.input_id,
            "run": intent.run_key,
            "writes": list(intent.writes),
            "replaces": list(intent.replaces),
            "leftovers": list(intent.leftovers),
        }
    ).encode("utf-8")


def _decode(data: bytes) -> Intent:
    note = json.loads(data)
    return Intent(note["address"], note["inputId"], note["run"], note["writes"], note["replaces"], note["leftovers"])
