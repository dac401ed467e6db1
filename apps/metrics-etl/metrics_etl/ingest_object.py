"""Brings one object into the lake."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Callable

from .content import Content
from .day_file import WindowPart, write_day_file
from .day_spill import DaySpill
from .errors import InputFault, ObjectChanged, ObjectDenied, ObjectMissing
from .instants import day_name, format_instant, utc_day
from .intents import Intent, Intents
from .ledger import PREFIX, KnownRun, Ledger
from .object_store import ObjectInfo, ObjectStore
from .read_records import Reading, read_records
from .reject_file import RejectFile
from .run_name import STAGE, RunName, address_digest, failed_run_name, run_name
from .window_settings import WindowSettings

_NO_COUNTS = {"read": 0, "accepted": 0, "duplicate": 0, "external": 0, "outOfRange": 0, "rejected": 0}


@dataclass(frozen=True)
class IngestOptions:
    """How objects are read."""

    settings: WindowSettings
    #: The clock that `future` is judged by.
    now_ms: int
    #: Reads inputs again that the lake holds.
    force: bool = False
    #: What was at the same address before is superseded, whatever it was.
    replace: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of an object."""

    uri: str
    #: `ingested`, `unchanged` (the lake holds this content) or `failed`.
    status: str
    message: str = ""
    counts: dict[str, int] | None = None


@dataclass(frozen=True)
class _Version:
    """What an input is to the lake."""

    part_id: str
    supersedes: Sequence[str]
    #: Runs whose files go.
    takes_out: Sequence[KnownRun]


@dataclass(frozen=True)
class _Read:
    """An object that was read to its end."""

    content: Content
    reading: Reading
    spill: DaySpill
    rejects: RejectFile


class ObjectIngest:
    """Brings objects into the lake, one after the other; each is a run of its own.

    The order is: note, data, rejected records, ledger entry, then what is replaced goes. Before the entry nothing has
    happened, as far as the ledger is concerned; a run that is killed is done again, and stores the same keys.
    """

    def __init__(
        self,
        landing: ObjectStore,
        lake: ObjectStore,
        ledger: Ledger,
        intents: Intents,
        options: IngestOptions,
        clock: Callable[[], int],
    ) -> None:
        self._landing = landing
        self._lake = lake
        self._ledger = ledger
        self._intents = intents
        self._options = options
        self._clock = clock

    def ingest(self, found: ObjectInfo) -> Outcome:
        """Brings one object in. What is wrong with it is the outcome; what is wrong with the lake is raised."""
        started_ms = self._clock()
        self._landing.uri(found.key)
        with TemporaryDirectory(prefix="pulselake-") as folder:
            try:
                read = self._read(found, Path(folder))
            except (InputFault, ObjectMissing, ObjectChanged, ObjectDenied) as error:
                return self._failed(found, str(error), started_ms)
            if not self._options.force and self._ledger.readings_of(read.content.input_id):
                return self._unchanged(found, read.content, started_ms)
            return self._bring(found, read, Path(folder), started_ms)

    def _read(self, found: ObjectInfo, folder: Path) -> _Read:
        """Reads an object to its end; what it is to the lake is known after that."""
        uri = self._landing.uri(found.key)
        content = Content(self._landing, found, self._lengths(uri))
        rejects = RejectFile(folder, uri)
        spill = DaySpill(folder / "windows.arrow")
        try:
            reading = read_records(content, folder, spill, rejects, self._options.settings, self._options.now_ms)
            content.finish()
        finally:
            rejects.close()
            spill.finish()
        return _Read(content, reading, spill, rejects)

    def _lengths(self, uri: str) -> list[int]:
        return [int(run.input["contentBytes"]) for run in self._ledger.versions_at(uri) if "contentBytes" in run.input]

    def _unchanged(self, found: ObjectInfo, content: Content, started_ms: int) -> Outcome:
        """Content that the lake holds: an entry says that this object is read, so that it is not read again."""
        uri = self._landing.uri(found.key)
        name = run_name(uri, found.size_bytes, found.etag, content.input_id)
        self._commit(self._entry(str(name), found, started_ms, content), name, started_ms)
        message = "The lake holds this content already; nothing to do (--force true reads it again)."
        return Outcome(uri, "unchanged", message)

    def _version(self, uri: str, content: Content) -> _Version:
        """What an input has grown from, or replaces."""
        input_id = content.input_id
        earlier = self._ledger.versions_at(uri)
        older = next(
            (
                run
                for run in earlier
                if run.input_id != input_id
                # Nothing grows from an empty file: everything begins like it.
                and run.input.get("contentBytes")
                and content.prefix_digests.get(int(run.input["contentBytes"])) == run.input_id
            ),
            None,
        )
        again = next((run for run in earlier if run.input_id == input_id), None)
        chain: list[str] = []
        if again is not None:
            chain = again.supersedes
        elif older is not None:
            chain = [*older.supersedes, older.input_id]
        replaced = [run.input_id for run in earlier if run.input_id != input_id] if self._options.replace else []
        supersedes = list(dict.fromkeys([*chain, *replaced]))
        gone = {*([older.input_id] if older is not None else ()), *replaced}
        if self._options.force:
            # An earlier reading of the same content may have given files that this one does not write again.
            gone.add(input_id)
        takes_out = [run for each in sorted(gone) for run in self._ledger.readings_of(each)]
        return _Version(supersedes[0] if supersedes else input_id, supersedes, takes_out)

    def _bring(self, found: ObjectInfo, read: _Read, folder: Path, started_ms: int) -> Outcome:
        uri = self._landing.uri(found.key)
        content, reading, spill, rejects = read.content, read.reading, read.spill, read.rejects
        version = self._version(uri, content)
        input_id = content.input_id
        modified_ms = _whole_second(found.modified_ms)
        name = run_name(uri, found.size_bytes, found.etag, input_id)
        run_id = f"{name}.again-{started_ms}" if self._options.force else str(name)
        rejects.finish(run_id, input_id)
        is_events = reading.kind == "events"
        part = WindowPart(
            part_id=version.part_id if is_events else "",
            input_id=input_id,
            revision=len(version.supersedes) if is_events else 0,
            emitted_at_ms=modified_ms,
            account="samples" if is_events else "rows",
        )
        outputs: list[tuple[dict[str, Any], Path]] = []
        accepted = 0
        for day in spill.days:
            path = folder / f"{day}.parquet"
            written = write_day_file(path, spill.pieces(day), part)
            accepted += written.records
            key = f"windowed_metrics/dt={day_name(day)}/batch-{input_id}-0.parquet"
            outputs.append((_output(key, written.rows, written.records, path), path))
        if rejects.rows > 0:
            key = f"rejected/stage={STAGE}/dt={utc_day(modified_ms)}/{input_id}-0.jsonl"
            outputs.append((_output(key, rejects.rows, rejects.rows, rejects.path), rejects.path))
        counts = {
            **_NO_COUNTS,
            "read": reading.read,
            "accepted": accepted,
            "duplicate": reading.duplicate,
            "rejected": rejects.rows,
        }
        if reading.read != accepted + reading.duplicate + rejects.rows:
            raise AssertionError(f"{uri}: the counts do not add up: {counts}. This is a bug in pulselake.")
        run = self._entry(run_id, found, started_ms, content)
        run["outputs"] = [output for output, _ in outputs]
        written_keys = {output["uri"] for output in run["outputs"]}
        replaced = sorted({key for each in version.takes_out for key in each.output_keys} - written_keys)
        if replaced:
            run["replaced"] = replaced
        run["counts"] = counts
        run["rejectedByReason"] = rejects.by_reason
        run["rowsWritten"] = sum(output["rows"] for output in run["outputs"])
        if version.supersedes:
            run["supersedes"] = list(version.supersedes)
        run_key = _run_key(run_id, started_ms)
        intent = self._intents.begin(
            Intent(address_digest(uri), input_id, run_key, sorted(written_keys), replaced), self._ledger
        )
        for output, path in outputs:
            self._lake.put(output["uri"], path)
        # What is replaced came before, whatever the clocks said.
        after = max((int(each.run.get("sequence", 0)) for each in version.takes_out), default=0)
        self._commit(run, name, started_ms, after)
        self._intents.committed(intent)
        return Outcome(uri, "ingested", "It holds no record." if reading.read == 0 else "", counts)

    def _failed(self, found: ObjectInfo, message: str, started_ms: int) -> Outcome:
        uri = self._landing.uri(found.key)
        run_id = failed_run_name(uri, found.size_bytes, found.etag)
        run = self._entry(run_id, found, started_ms, None)
        run["error"] = message if message.startswith(uri) else f"{uri}: {message}"
        self._commit(run, None, started_ms)
        return Outcome(uri, "failed", str(run["error"]))

    def _entry(self, run_id: str, found: ObjectInfo, started_ms: int, content: Content | None) -> dict[str, Any]:
        """An entry that has read and written nothing yet; without content it is that of a failed run."""
        inputs: list[dict[str, Any]] = []
        if content is not None:
            inputs.append(
                {
                    "uri": self._landing.uri(found.key),
                    "inputId": content.input_id,
                    "bytes": found.size_bytes,
                    "sha256": content.sha256,
                    "contentBytes": content.content_bytes,
                    "etag": found.etag,
                    "modifiedAt": format_instant(_whole_second(found.modified_ms)),
                }
            )
        return {
            "runId": run_id,
            "stage": STAGE,
            "startedAt": format_instant(started_ms),
            "finishedAt": "",
            "status": "failed" if content is None else "succeeded",
            "inputs": inputs,
            "outputs": [],
            "counts": dict(_NO_COUNTS),
            "rejectedByReason": {},
            "rowsWritten": 0,
        }

    def _commit(self, run: dict[str, Any], name: RunName | None, started_ms: int, after: int = 0) -> None:
        now_ms = self._clock()
        run["finishedAt"] = format_instant(now_ms)
        # There is no counter on S3: the time stands for it, which is also after all commits of a lake that was copied here.
        run["sequence"] = max(now_ms, after + 1)
        self._ledger.write(_run_key(run["runId"], started_ms), run, name)


def _run_key(run_id: str, started_ms: int) -> str:
    return f"{PREFIX}dt={utc_day(started_ms)}/{run_id}.json"


def _whole_second(ms: int) -> int:
    """Cut to the second: what object stores and file systems agree on."""
    return ms // 1000 * 1000


def _output(key: str, rows: int, records: int, path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return {"uri": key, "rows": rows, "bytes": path.stat().st_size, "sha256": digest.hexdigest(), "records": records}
