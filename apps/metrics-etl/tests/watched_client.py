"""An S3 client that counts what it is asked, and can be made to fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError


class WatchedClient:
    """Hands calls on to a real client. `before` may raise in its place."""

    def __init__(self, client: Any, before: Callable[[str, dict[str, Any]], None] | None = None) -> None:
        self._client = client
        self._before = before
        self.calls: Counter[str] = Counter()
        self.asked: list[tuple[str, str]] = []

    def read_keys(self, part: str) -> list[str]:
        """The keys of objects that were read, of those that have this in them."""
        return [key for operation, key in self.asked if operation in ("get_object", "head_object") and part in key]

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls[operation] += 1
            self.asked.append((operation, str(arguments.get("Key", arguments.get("Prefix", "")))))
            if self._before is not None:
                self._before(operation, arguments)
            return getattr(self._client, operation)(**arguments)

        return call


def client_error(code: str, status: int, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, operation)
