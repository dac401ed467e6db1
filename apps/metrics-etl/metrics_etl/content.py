"""What an input is, before its records are read."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import InputFault
from .object_store import ObjectInfo, ObjectStore

#: Bytes that a reader is given at once.
CHUNK_BYTES = 4 << 20
_INFLATED_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"
_BOTH_WRAPPERS = 31
#: Left to others on the disk that inputs are put on.
_SPARE_BYTES = 64 << 20


@dataclass(frozen=True)
class Content:
    """An input on the local disk: what was identified is what is read, whatever becomes of the object meanwhile."""

    path: Path
    name: str
    is_gzip: bool
    #: As stored.
    sha256: str
    #: SHA-256 of the decompressed bytes.
    input_id: str
    content_bytes: int
    #: Digests of the first bytes, by length, of the lengths that were asked for and are there.
    prefix_digests: dict[int, str]

    def chunks(self) -> Iterator[bytes]:
        """The decompressed bytes."""
        stored = _file_chunks(self.path)
        return _inflated(stored, self.name) if self.is_gzip else stored


def fetch_content(store: ObjectStore, found: ObjectInfo, folder: Path, prefix_lengths: Sequence[int] = ()) -> Content:
    """Brings an object to the local disk, in one request, and identifies it.

    An input's id is in each of its rows, so that it must be known before the first one is written, and objects are too
    large for memory: that is why they are read from the disk afterwards.

    :raises InputFault: when its gzip is damaged, or it is no gzip although its name says so
    """
    name = store.uri(found.key)
    free = shutil.disk_usage(folder).free - _SPARE_BYTES
    if found.size_bytes > free:
        raise InputFault(
            f"{name} has {found.size_bytes} bytes, and the job's disk has room for {max(free, 0)}. "
            "Deliver it in smaller files, or run the job with more capacity."
        )
    path = folder / "input"
    stored_digest = hashlib.sha256()

    def kept() -> Generator[bytes, None, None]:
        with path.open("wb") as file:
            for block in store.read(found):
                stored_digest.update(block)
                file.write(block)
                yield block

    blocks = kept()
    head = b""
    for block in blocks:
        head += block
        if len(head) >= len(_GZIP):
            break
    is_gzip = head.startswith(_GZIP)
    if head and not is_gzip and found.key.endswith(".gz"):
        blocks.close()
        raise InputFault(f"{name} is not a gzip file, though its name says so.")
    stored = _prepend(head, blocks)
    digest = _Digest(prefix_lengths)
    for chunk in _inflated(stored, name) if is_gzip else stored:
        digest.update(chunk)
    return Content(
        path, name, is_gzip, stored_digest.hexdigest(), digest.hexdigest(), digest.length, digest.prefix_digests
    )


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

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def _prepend(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from blocks


def _file_chunks(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK_BYTES)
            if not chunk:
                return
            yield chunk


def _inflated(stored: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The content of a gzip file of one or more members, checked to its last byte."""
    inflater = zlib.decompressobj(_BOTH_WRAPPERS)
    begun = False
    try:
        for block in stored:
            data = block
            while data:
                if inflater.eof:
                    inflater = zlib.decompressobj(_BOTH_WRAPPERS)
                begun = True
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
    if begun and not inflater.eof:
        raise InputFault(f"{name}: the gzip data is cut off.")
