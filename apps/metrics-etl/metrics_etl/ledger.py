"""What the lake's ledger says of inputs, read as far as it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .object_store import ObjectStore
from .run_name import FAILED, STAGE, RunName, address_digest, object_digest, parse_run_name
from .run_record import decode_run, encode_run

PREFIX = "pipeline_runs/"


@dataclass(frozen=True)
class KnownRun:
    """A good run, and the one input of it that is meant."""

    key: str
    run: dict[str, Any]
    input: dict[str, Any]

    @property
    def input_id(self) -> str:
        return str(self.input["inputId"])

    @property
    def supersedes(self) -> list[str]:
        return list(self.run.get("supersedes", ()))

    @property
    def output_keys(self) -> list[str]:
        return [str(output["uri"]) for output in self.run["outputs"]]


class Ledger:
    """The good runs of this stage.

    Opened by one listing. Entries are read one by one, and kept, when an input may have to do with them; entries of other
    programs, whose names say nothing, and removals, are read at once.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._objects: set[str] = set()
        self._by_address: dict[str, list[str]] = {}
        self._by_input: dict[str, list[str]] = {}
        self._read: dict[str, list[KnownRun]] = {}
        self._keys: set[str] = set()
        #: Inputs that were forgotten, and the number of the last commit that did.
        self._forgotten: dict[str, int] = {}

    @classmethod
    def open(cls, store: ObjectStore) -> Ledger:
        ledger = cls(store)
        for found in store.list(PREFIX):
            name = found.key.rsplit("/", 1)[-1]
            if not name.endswith(".json"):
                continue
            name = name[: -len(".json")]
            ledger._keys.add(found.key)
            known = parse_run_name(name)
            if known is not None:
                ledger._add(found.key, known)
            elif name.startswith("removal-"):
                removal = ledger._entry(found.key)
                for input_id in removal.get("forgotten", ()):
                    before = ledger._forgotten.get(input_id, 0)
                    ledger._forgotten[input_id] = max(before, int(removal.get("sequence", 0)))
            elif name.startswith(f"{STAGE}-") and not name.startswith(FAILED):
                ledger._add_others(found.key)
        ledger._drop_forgotten()
        return ledger

    def has_object(self, uri: str, size_bytes: int, etag: str) -> bool:
        """Whether an object was read by a good run, as far as address, size and ETag tell."""
        return object_digest(uri, size_bytes, etag) in self._objects

    def readings_of(self, input_id: str) -> list[KnownRun]:
        """The runs that brought an input, if it is in the lake: neither grown nor replaced nor forgotten since."""
        found = self._runs(self._by_input.get(input_id[:16], ()))
        found = [known for known in found if known.input_id == input_id and not self._is_forgotten(known)]
        if not found:
            return []
        superseded = {
            other
            for known in found
            for run in self._runs(self._by_address.get(address_digest(str(known.input["uri"])), ()))
            for other in run.supersedes
        }
        return [] if input_id in superseded else found

    def versions_at(self, uri: str) -> list[KnownRun]:
        """The inputs in the lake that an address had, the last first."""
        known = [run for run in self._runs(self._by_address.get(address_digest(uri), ())) if run.input["uri"] == uri]
        superseded = {other for run in known for other in run.supersedes}
        known = [run for run in known if run.input_id not in superseded and not self._is_forgotten(run)]
        return sorted(known, key=lambda run: int(run.run.get("sequence", 0)), reverse=True)

    def has_run(self, key: str) -> bool:
        """Whether an entry is there."""
        return key in self._keys

    def has_input_prefix(self, prefix: str) -> bool:
        """Whether an input whose id begins so, 16 digits, was read by a good run."""
        return prefix in self._by_input

    def write(self, key: str, run: dict[str, Any], name: RunName | None) -> None:
        """Adds an entry; from then on the run has happened."""
        self._store.put(key, encode_run(run))
        self._keys.add(key)
        if name is not None:
            self._add(key, name)
            self._read[key] = _known_runs(key, run)

    def _add(self, key: str, name: RunName) -> None:
        self._objects.add(name.object_digest)
        for digests, digest in ((self._by_address, name.address_digest), (self._by_input, name.input_prefix)):
            keys = digests.setdefault(digest, [])
            if key not in keys:
                keys.append(key)

    def _add_others(self, key: str) -> None:
        for known in self._runs([key]):
            uri = str(known.input["uri"])
            self._add(key, RunName(_object_of(known), address_digest(uri), known.input_id[:16]))

    def _runs(self, keys: list[str] | tuple[str, ...]) -> list[KnownRun]:
        found: list[KnownRun] = []
        for key in keys:
            if key not in self._read:
                self._read[key] = _known_runs(key, self._entry(key))
            found.extend(self._read[key])
        return found

    def _entry(self, key: str) -> dict[str, Any]:
        return decode_run(self._store.get(key), key)

    def _is_forgotten(self, known: KnownRun) -> bool:
        return self._forgotten.get(known.input_id, -1) >= int(known.run.get("sequence", 0))

    def _drop_forgotten(self) -> None:
        """An object whose content was forgotten, and not read since, is read again if it still lies there."""
        for input_id in self._forgotten:
            known = [run for run in self._runs(self._by_input.get(input_id[:16], ())) if run.input_id == input_id]
            kept = {_object_of(run) for run in known if not self._is_forgotten(run)}
            self._objects -= {_object_of(run) for run in known} - kept


def _known_runs(key: str, run: dict[str, Any]) -> list[KnownRun]:
    if run.get("status") != "succeeded":
        return []
    return [KnownRun(key, run, each) for each in run["inputs"]]


def _object_of(known: KnownRun) -> str:
    """What object a run has read; nothing that a listing could show when it was a file."""
    etag = str(known.input.get("etag", ""))
    return object_digest(str(known.input["uri"]), int(known.input["bytes"]), etag) if etag else ""
