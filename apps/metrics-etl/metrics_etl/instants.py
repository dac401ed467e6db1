"""Instants as milliseconds since the epoch, cut towards the past."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

_FORM = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z", re.ASCII)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
DAY_MS = 86_400_000

#: The years 0001 to 9999.
FIRST_MS = (date(1, 1, 1).toordinal() - _EPOCH_DAY) * DAY_MS
LAST_MS = (date(9999, 12, 31).toordinal() - _EPOCH_DAY + 1) * DAY_MS - 1


def parse_instant(text: str) -> int | None:
    """Reads `YYYY-MM-DDTHH:MM:SS[.1–9 digits]Z`; nothing for anything else.

    >>> parse_instant("1970-01-01T00:00:00.0019Z")
    1
    """
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    if hour > 23 or minute > 59 or second > 59:
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    millis = int((match[7] or "0").ljust(3, "0")[:3])
    return days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + millis


def format_instant(ms: int) -> str:
    """With exactly three fraction digits.

    >>> format_instant(1)
    '1970-01-01T00:00:00.001Z'
    """
    moment = _EPOCH + timedelta(milliseconds=ms)
    # strftime does not pad years below 1000 everywhere.
    return f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def utc_day(ms: int) -> str:
    """The UTC day of an instant, `YYYY-MM-DD`."""
    return format_instant(ms)[:10]


def day_name(day: int) -> str:
    """A day counted from 1970-01-01, as `YYYY-MM-DD`."""
    return utc_day(day * DAY_MS)
