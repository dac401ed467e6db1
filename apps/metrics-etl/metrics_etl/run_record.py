"""An entry of the ledger, as every engine writes it."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from .errors import LedgerDamaged

_DIGEST = re.compile(r'(.*),"digest":"([0-9a-f]{64})"\}\n', re.DOTALL)


def encode_run(run: dict[str, Any]) -> bytes:
    """One line of JSON that ends with the digest of what stands before it."""
    body = json.dumps(run, ensure_ascii=False, separators=(",", ":"))[:-1]
    return f'{body},"digest":"{_sha256(body)}"}}\n'.encode()


def decode_run(data: bytes, key: str) -> dict[str, Any]:
    """Reads an entry.

    :raises LedgerDamaged: when it is not what was written
    """
    match = _DIGEST.fullmatch(data.decode("utf-8", "replace"))
    if match is None or _sha256(match[1]) != match[2]:
        raise LedgerDamaged(
            f"{key}: the ledger entry is damaged: its digest does not match. Restore the object from an older version."
        )
    run: dict[str, Any] = json.loads(match[1] + "}")
    return run


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
