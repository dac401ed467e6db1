"""Cuts bytes into blocks of whole lines, in bounded memory."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from .limits import MAX_RAW_BYTES, MAX_RECORD_BYTES

BOM = b"\xef\xbb\xbf"
_LF = pa.scalar(ord("\n"), pa.uint8())
#: A line may be longer than a record by a byte order mark and a CR, which fall away.
_SLACK = len(BOM) + 1


@dataclass(frozen=True)
class Block:
    """Whole lines, each with its LF; the last line of an input is given one."""

    data: bytes
    #: Number of the first line, from 1.
    first_line: int
    lines: int
    #: Lines without a byte, not even a CR.
    empty_lines: int


@dataclass(frozen=True)
class LongLine:
    """A line that is longer than memory should hold."""

    line: int
    #: Its first bytes, more than are kept of a rejected record.
    head: bytes
    length: int
    is_utf8: bool


def line_blocks(chunks: Iterable[bytes], max_record_bytes: int = MAX_RECORD_BYTES) -> Iterator[Block | LongLine]:
    """Blocks of lines in the order of the input, without its byte order mark.

    A line over the limit comes by itself as soon as it does not fit any more, so that memory is bounded by one chunk and
    one record; lines that fit a block may still be over the limit by little, which is for the reader to see.
    """
    line = 1
    carry = b""
    long: _LongLine | None = None
    for chunk in _without_bom(chunks):
        if long is not None:
            end = chunk.find(b"\n")
            long.push(chunk if end < 0 else chunk[:end])
            if end < 0:
                continue
            yield long.end(line)
            line += 1
            long = None
            chunk = chunk[end + 1 :]
        last = chunk.rfind(b"\n")
        if last >= 0:
            block = block_of(b"".join((carry, memoryview(chunk)[: last + 1])), line)
            carry = chunk[last + 1 :]
            line += block.lines
            yield block
        else:
            carry += chunk
        if len(carry) > max_record_bytes + _SLACK:
            long = _LongLine()
            long.push(carry)
            carry = b""
    if long is not None:
        yield long.end(line)
    elif carry:
        yield block_of(carry + b"\n", line)


def block_of(data: bytes, first_line: int) -> Block:
    """A block of whole lines; they are counted in one pass."""
    is_end = pc.equal(pa.Array.from_buffers(pa.uint8(), len(data), [None, pa.py_buffer(data)]), _LF)
    pairs = pc.and_(is_end.slice(1), is_end.slice(0, len(data) - 1)).true_count if len(data) > 1 else 0
    return Block(data, first_line, is_end.true_count, pairs + (1 if data.startswith(b"\n") else 0))


def _without_bom(chunks: Iterable[bytes]) -> Iterator[bytes]:
    start = b""
    begun = False
    for chunk in chunks:
        if begun:
            yield chunk
            continue
        start += chunk
        if len(start) < len(BOM) and BOM.startswith(start):
            continue
        begun = True
        yield start[len(BOM) :] if start.startswith(BOM) else start
    if not begun and start:
        yield start


class _LongLine:
    def __init__(self) -> None:
        self._head = b""
        self._length = 0
        self._last = b""
        self._is_utf8 = True
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def push(self, data: bytes) -> None:
        if not data:
            return
        self._head += data[: MAX_RAW_BYTES + 4 - len(self._head)] if len(self._head) < MAX_RAW_BYTES + 4 else b""
        self._length += len(data)
        self._last = data[-1:]
        if self._is_utf8:
            self._is_utf8 = self._decodes(data, final=False)

    def end(self, line: int) -> LongLine:
        is_utf8 = self._is_utf8 and self._decodes(b"", final=True)
        length = self._length - (1 if self._last == b"\r" else 0)
        return LongLine(line, self._head[:length], length, is_utf8)

    def _decodes(self, data: bytes, *, final: bool) -> bool:
        try:
            self._decoder.decode(data, final)
        except UnicodeDecodeError:
            return False
        return True


def count_records(block: Block) -> int:
    """Lines that are not empty, counted before anything parses them."""
    if b"\r" not in block.data:
        return block.lines - block.empty_lines
    return sum(1 for line in block.data.split(b"\n") if line not in (b"", b"\r"))
