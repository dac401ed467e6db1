"""Small inputs."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

HEADER = "componentName,fromTimestamp,maxValue,metricName,minValue,toTimestamp,unit"
EVENTS = "componentName,metricName,unit,value,publicationTimestamp,eventId"


def row(component: str = "cart", day: int = 1, minute: int = 0, value: float = 1.0) -> str:
    """A windowed metric of May 2024."""
    start = f"2024-05-{day:02}T12:{minute:02}:00Z"
    end = f"2024-05-{day:02}T12:{minute:02}:30Z"
    return f"{component},{start},{value + 1},latency,{value},{end},ms"


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode("utf-8")


def event(value: float, second: int = 0, event_id: str = "", day: int = 1) -> str:
    return f"cart,latency,ms,{value},2024-05-{day:02}T12:00:{second:02}Z,{event_id}"


def events(*rows: str) -> bytes:
    return csv(*rows, header=EVENTS)


def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def days(numbers: Sequence[int]) -> list[str]:
    return [f"2024-05-{number:02}" for number in numbers]
