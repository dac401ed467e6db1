"""UTC days as numbers: days since 1970-01-01."""

from __future__ import annotations

import datetime

_EPOCH = datetime.date(1970, 1, 1)


def parse_day(text: str) -> int | None:
    """The number of a day written `YYYY-MM-DD`; none for anything else."""
    if len(text) != 10 or not text.isascii():
        return None
    try:
        return (datetime.datetime.strptime(text, "%Y-%m-%d").date() - _EPOCH).days
    except ValueError:
        return None


def format_day(day: int) -> str:
    """`YYYY-MM-DD`."""
    return (_EPOCH + datetime.timedelta(days=day)).isoformat()


def format_instant(ms: int) -> str:
    """Milliseconds since the epoch as the ledger writes an instant: `2026-05-20T12:00:00.000Z`."""
    instant = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def parse_instant(text: str) -> int | None:
    """Milliseconds since the epoch of `YYYY-MM-DDTHH:MM:SS[.fff]Z`; none for anything else."""
    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            instant = datetime.datetime.strptime(text, form)
        except ValueError:
            continue
        return (instant - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)
    return None
