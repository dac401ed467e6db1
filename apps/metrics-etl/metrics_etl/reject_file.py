"""The rejected records of one input, on their way into the lake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TextIO

from .rejected_line import RejectedLine


class RejectFile:
    """Writes rejected records as JSON Lines, and counts what it wrote."""

    def __init__(self, path: Path, run_id: str, uri: str, input_id: str) -> None:
        self.path = path
        self._run_id = run_id
        self._uri = uri
        self._input_id = input_id
        self._file: TextIO | None = None
        self.by_reason: dict[str, int] = {}
        self.rows = 0

    def write(self, rejected: RejectedLine) -> None:
        record: dict[str, Any] = {
            "runId": self._run_id,
            "reason": rejected.reason,
            "message": rejected.message,
            "file": self._uri,
            "line": rejected.line,
            "inputId": self._input_id,
        }
        if rejected.raw is not None:
            record["raw"] = rejected.raw
        if rejected.raw_base64 is not None:
            record["rawBase64"] = rejected.raw_base64
        if rejected.truncated:
            record["truncated"] = True
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="\n")
        self._file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
        self.by_reason[rejected.reason] = self.by_reason.get(rejected.reason, 0) + 1
        self.rows += 1

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
