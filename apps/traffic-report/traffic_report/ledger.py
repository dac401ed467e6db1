"""The ledger: one entry a run, of the shape that the whole lake shares."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from .days import format_day, format_instant, parse_day
from .storage import Storage

STAGE = "traffic-report"


@dataclass(frozen=True)
class RunInput:
    """`sha256` of the bytes as stored; `input_id` of the content, together with the service that the name gives."""

    uri: str
    input_id: str
    bytes: int
    sha256: str
    content_bytes: int
    modified_at: str


@dataclass(frozen=True)
class RunOutput:
    """`uri` is the key below the lake; `records` the calls that a report accounts for, or the lines of rejected records."""

    uri: str
    rows: int
    bytes: int
    sha256: str
    records: int | None = None


@dataclass(frozen=True)
class Counts:
    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    external: int = 0
    out_of_range: int = 0
    rejected: int = 0

    @property
    def balances(self) -> bool:
        return self.read == self.accepted + self.duplicate + self.external + self.out_of_range + self.rejected


@dataclass(frozen=True)
class Run:
    run_id: str
    started_at: str
    finished_at: str
    status: str
    days: tuple[str, ...]
    inputs: tuple[RunInput, ...] = ()
    outputs: tuple[RunOutput, ...] = ()
    replaced: tuple[str, ...] = ()
    counts: Counts = field(default_factory=Counts)
    rejected_by_reason: dict[str, int] = field(default_factory=dict)
    supersedes: tuple[str, ...] = ()
    error: str | None = None

    @property
    def is_good(self) -> bool:
        return self.status == "succeeded"

    @property
    def key(self) -> str:
        return f"pipeline_runs/dt={self.started_at[:10]}/{self.run_id}.json"


def run_id(started_ms: int, nonce: str) -> str:
    stamp = "".join(each for each in format_instant(started_ms) if each not in "-:.")
    return f"{STAGE}-{stamp}-{nonce}"


def modified_at(ms: int) -> str:
    """Cut to the second: what object stores and file systems agree on."""
    return format_instant(ms // 1000 * 1000)


def encode_run(run: Run) -> str:
    """An entry's text: a line of JSON that ends with the digest of what stands before it."""
    entry: dict[str, Any] = {
        "runId": run.run_id,
        "stage": STAGE,
        "startedAt": run.started_at,
        "status": run.status,
        "inputs": [
            {
                "uri": each.uri,
                "inputId": each.input_id,
                "bytes": each.bytes,
                "sha256": each.sha256,
                "contentBytes": each.content_bytes,
                "modifiedAt": each.modified_at,
            }
            for each in run.inputs
        ],
        "counts": {
            "read": run.counts.read,
            "accepted": run.counts.accepted,
            "duplicate": run.counts.duplicate,
            "external": run.counts.external,
            "outOfRange": run.counts.out_of_range,
            "rejected": run.counts.rejected,
        },
        "rejectedByReason": run.rejected_by_reason,
        "days": list(run.days),
        "finishedAt": run.finished_at,
        **({"supersedes": list(run.supersedes)} if run.supersedes else {}),
        **({"error": run.error} if run.error is not None else {}),
        "outputs": [
            {
                "uri": each.uri,
                "rows": each.rows,
                **({"records": each.records} if each.records is not None else {}),
                "bytes": each.bytes,
                "sha256": each.sha256,
            }
            for each in run.outputs
        ],
        **({"replaced": sorted(run.replaced)} if run.replaced else {}),
        "rowsWritten": sum(each.rows for each in run.outputs),
    }
    body = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))[:-1]
    return f'{body},"digest":"{hashlib.sha256(body.encode()).hexdigest()}"}}\n'


def decode_run(text: str) -> Run | None:
    """The run of an entry; none when the entry is damaged."""
    body, mark, rest = text.rpartition(',"digest":"')
    if not mark or rest != f'{hashlib.sha256(body.encode()).hexdigest()}"}}\n':
        return None
    entry = json.loads(body + "}")
    return Run(
        run_id=entry["runId"],
        started_at=entry["startedAt"],
        finished_at=entry.get("finishedAt", ""),
        status=entry["status"],
        days=tuple(entry.get("days", ())),
        inputs=tuple(
            RunInput(
                each["uri"],
                each["inputId"],
                each["bytes"],
                each["sha256"],
                each.get("contentBytes", 0),
                each["modifiedAt"],
            )
            for each in entry["inputs"]
        ),
        outputs=tuple(
            RunOutput(each["uri"], each["rows"], each["bytes"], each["sha256"], each.get("records")) for each in entry["outputs"]
        ),
        replaced=tuple(entry.get("replaced", ())),
        supersedes=tuple(entry.get("supersedes", ())),
        error=entry.get("error"),
    )


def read_runs(storage: Storage, lake: str, first_day: int) -> list[Run]:
    """
    The runs of this stage that may have reported a day, or a later one, in the order of their start. Entries that are damaged
    are left out: `pulselake verify` names them.
    """
    runs = []
    for name in storage.folders(f"{lake}/pipeline_runs"):
        day = parse_day(name[len("dt=") :])
        if day is None or day < first_day:
            continue
        for file in storage.files(f"{lake}/pipeline_runs/dt={format_day(day)}"):
            if file.name.startswith(f"{STAGE}-") and file.name.endswith(".json"):
                run = decode_run(storage.read_text(file.path))
                if run is not None:
                    runs.append(run)
    return sorted(runs, key=lambda run: (run.started_at, run.run_id))
