"""Names of runs, which say what was read.

The name of a good run is `metrics-etl-OBJECT.ADDRESS.INPUT`: digests of the object's address, size and ETag, of its address
alone, and its input's id, cut. So one listing of the ledger, 1,000 names a request and nothing else, tells which objects are
done with: at 100,000 runs 100 requests, where reading the entries would be 100,000. And a run that is done again, after a kill
or beside another one, has the same name: its entry takes the place of the first.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

STAGE = "metrics-etl"
_GOOD = re.compile(
    rf"{STAGE}-(?P<object>[0-9a-f]{{32}})\.(?P<address>[0-9a-f]{{16}})\.(?P<input>[0-9a-f]{{16}})(?P<more>\..+)?"
)


@dataclass(frozen=True)
class RunName:
    """What the name of a good run says."""

    object_digest: str
    address_digest: str
    #: The beginning of its input's id.
    input_prefix: str

    def __str__(self) -> str:
        return f"{STAGE}-{self.object_digest}.{self.address_digest}.{self.input_prefix}"


def run_name(uri: str, size_bytes: int, etag: str, input_id: str) -> RunName:
    """The name of the run that reads an object."""
    return RunName(object_digest(uri, size_bytes, etag), address_digest(uri), input_id[:16])


def parse_run_name(name: str) -> RunName | None:
    """What a name says; nothing when it is that of another run."""
    match = _GOOD.fullmatch(name)
    return RunName(match["object"], match["address"], match["input"]) if match else None


def failed_run_name(uri: str, size_bytes: int, etag: str) -> str:
    """The name of a run that could not use an object."""
    return f"{FAILED}{object_digest(uri, size_bytes, etag)}"


FAILED = f"{STAGE}-failed-"


def object_digest(uri: str, size_bytes: int, etag: str) -> str:
    """What an object is, as far as a listing shows."""
    return hashlib.sha256(f"{uri}\0{size_bytes}\0{etag}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def address_digest(uri: str) -> str:
    """Where an object lies."""
    return hashlib.sha256(uri.encode("utf-8", "surrogatepass")).hexdigest()[:16]
