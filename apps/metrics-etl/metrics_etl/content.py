"""The bytes of an input, and what they say it is."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .errors import InputFault
from .object_store import ObjectInfo, ObjectStore

_INFLATED_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"
_BOTH_WRAPPERS = 31
_HEAD_BYTES = 4
#: Left to others on the disk that inputs are put on.
_SPARE_BYTES = 64 << 20


class Content:
    """An object while it is read: once, in one request, from its first byte to its last.

    Its identity is known when it has been read, and not before: an input's id is the digest of its decompressed bytes.
    """

    def __init__(self, store: ObjectStore, found: ObjectInfo, prefix_lengths: Sequence[int] = ()) -> None:
        """Reads the first bytes.

        :param prefix_lengths: of the decompressed bytes whose digests are wanted, to see what this has grown from
        :raises InputFault: when it is no gzip although its name says so
        """
        self.name = store.uri(found.key)
        self._size_bytes = found.size_bytes
        blocks = store.read(found)
        head = b""
        for block in blocks:
            head += block
            if len(head) >= _HEAD_BYTES:
                break
        #: Of the bytes as stored.
        self.head = head[:_HEAD_BYTES]
        self.is_gzip = head.startswith(_GZIP)
        if head and not self.is_gzip and found.key.endswith(".gz"):
            raise InputFault(f"{self.name} is not a gzip file, though its name says so.")
        self._stored = _Digest(())
        self._content = _Digest(prefix_lengths)
        whole = _prepend(head, blocks)
        self._chunks = self._content.of(_inflated(self._stored.of(whole), self.name) if self.is_gzip else whole)

    def chunks(self) -> Iterator[bytes]:
        """The decompressed bytes, or those of them that were not read yet.

        :raises InputFault: when its gzip is damaged
        """
        return self._chunks

    def keep(self, path: Path) -> None:
        """Puts the content on the local disk, for a reader that wants to go to and fro."""
        free = shutil.disk_usage(path.parent).free - _SPARE_BYTES
        if self._size_bytes > free:
            raise InputFault(
                f"{self.name} has {self._size_bytes} bytes, and the job's disk has room for {max(free, 0)}. "
                "Deliver it in smaller files, or run the job with more capacity."
            )
        with path.open("wb") as file:
            for chunk in self._chunks:
                file.write(chunk)

    def finish(self) -> None:
        """Reads what no reader asked for."""
        for _ in self._chunks:
            pass

    @property
    def input_id(self) -> str:
        """SHA-256 of the decompressed bytes; once all are read."""
        return self._content.hexdigest()

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes as stored; once all are read."""
        return self._stored.hexdigest() if self.is_gzip else self._content.hexdigest()

    @property
    def content_bytes(self) -> int:
        """How many decompressed bytes were read so far."""
        return self._content.length

    @property
    def prefix_digests(self) -> dict[int, str]:
        """Digests of the first bytes, by length, of the lengths that were asked for and are there."""
        return self._content.prefix_digests


class _Digest:
    def __init__(self, prefix_lengths: Sequence[int]) -> None:
        self._lengths = sorted(set(prefix_lengths))
        self._digest = hashlib.sha256()
        self.length = 0
        self.prefix_digests: dict[int, str] = {}

    def update(self, chunk: bytes) -> None:
        while self._lengths and self.length + len(chunk) >= self._lengths[0]:
            cut = self._lengths.pop(0) - self.length
            self._digest.update(chunk[:cut])
            chunk = chunk[cut:]
            self.length += cut
            self.prefix_digests[self.length] = self._digest.hexdigest()
        self._digest.update(chunk)
        self.length += len(chunk)

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """What goes by."""
        for chunk in chunks:
            self.update(chunk)
            yield chunk

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def _prepend(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from blocks


def _inflated(stored: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The content of a gzip file of one or more members, checked to its last byte."""
    inflater = zlib.decompressobj(_BOTH_WRAPPERS)
    members = 0
    try:
        for block in stored:
            data = block
            while data:
                if inflater.eof or members == 0:
                    inflater = zlib.decompressobj(_BOTH_WRAPPERS)
                    members += 1
                chunk = inflater.decompress(data, _INFLATED_BYTES)
                if chunk:
                    yield chunk
                data = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            # What a block holds may come out only after the block is gone.
            while not inflater.eof:
                chunk = inflater.decompress(b"", _INFLATED_BYTES)
                if not chunk:
                    break
                yield chunk
    except zlib.error as error:
        raise InputFault(f"{name}: the gzip data is damaged, or there are bytes behind its end ({error}).") from error
    if members > 0 and not inflater.eof:
        more = ", or there are bytes behind its end" if members > 1 else ""
        raise InputFault(f"{name}: the gzip data is cut off{more}.")
