"""A record that could not be used, and the part of it that is kept."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from .limits import MAX_RAW_BYTES


@dataclass(frozen=True)
class RejectedLine:
    """`line` counts all lines of the input from 1; in Parquet, rows."""

    reason: str
    message: str
    line: int
    raw: str | None = None
    raw_base64: str | None = None
    truncated: bool = False


def reject_text(reason: str, message: str, line: int, data: bytes, length: int | None = None) -> RejectedLine:
    """Keeps valid UTF-8 as text, cut to whole code points. `length`: of the whole record, when `data` is its head."""
    cut = data[:MAX_RAW_BYTES]
    if len(data) > MAX_RAW_BYTES:
        end = MAX_RAW_BYTES
        while data[end] & 0xC0 == 0x80:
            end -= 1
        cut = data[:end]
    whole = len(data) if length is None else length
    return RejectedLine(reason, message, line, raw=cut.decode("utf-8"), truncated=len(cut) < whole)


def reject_binary(line: int, data: bytes, length: int | None = None) -> RejectedLine:
    """Keeps bytes that are not UTF-8 as base64."""
    cut = data[:MAX_RAW_BYTES]
    whole = len(data) if length is None else length
    text = base64.b64encode(cut).decode("ascii")
    return RejectedLine("bad-encoding", "The line is not UTF-8.", line, raw_base64=text, truncated=len(cut) < whole)


def reject_too_long(line: int, data: bytes, length: int, allowed: int) -> RejectedLine:
    """A line over the limit of a record."""
    message = f"The line has {length} bytes; at most {allowed} are allowed."
    return reject_text("too-long", message, line, data, length)
