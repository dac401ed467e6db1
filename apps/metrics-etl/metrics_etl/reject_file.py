"""The rejected records of one input, on their way into the lake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from .rejected_line import RejectedLine


class RejectFile:
    """Writes rejected records as JSON Lines, and counts what it wrote.

    Which run and which input they are of is known when the input has been read: it is put before them then.
    """

    def __init__(self, folder: Path, uri: str) -> None:
        self._draft = folder / "rejected.draft"
        self.path = folder / "rejected.jsonl"
        self._uri = uri
        self._file: TextIO | None = None
        self.by_reason: dict[str, int] = {}
        self.rows = 0

    def write(self, rejected: RejectedLine) -> None:
        """Keeps a record."""
        record: dict[str, Any] = {
            "reason": rejected.reason,
            "message": rejected.message,
            "file": self._uri,
            "line": rejected.line,
        }
        if rejected.raw is not None:
            record["raw"] = rejected.raw
        if rejected.raw_base64 is not None:
            record["rawBase64"] = rejected.raw_base64
        if rejected.truncated:
            record["truncated"] = True
        if self._file is None:
            self._file = self._draft.open("w", encoding="utf-8", newline="\n")
        self._file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":"))[1:] + "\n")
        self.by_reason[rejected.reason] = self.by_reason.get(rejected.reason, 0) + 1
        self.rows += 1

    def close(self) -> None:
        """Takes no more."""
        if self._file is not None:
            self._file.close()

    def finish(self, run_id: str, input_id: str) -> None:
        """Makes the file at `path`, when a record was rejected."""
        self.close()
        if self.rows == 0:
            return
        start = json.dumps({"runId": run_id, "inputId": input_id}, separators=(",", ":"))[:-1] + ","
        with self._draft.open("rb") as draft, self.path.open("wb") as file:
            for line in draft:
                file.write(start.encode("ascii") + line)
        self._draft.unlink()
