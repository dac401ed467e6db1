"""What a run is asked for."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from .days import parse_day, parse_instant

DEFAULT_ARRIVAL_DAYS = 3
"""A log of day D arrives on D, or on one of the two days after it."""

DEFAULT_DAYS = 3
"""Without days, this many before today are made anew: a day is final when its logs can no longer arrive."""

MAX_RECORD_BYTES = 1_048_576


@dataclass(frozen=True)
class Options:
    """Days are numbers since 1970-01-01, both ends inclusive."""

    lake: str
    first_day: int
    last_day: int
    now_ms: int
    arrival_days: int = DEFAULT_ARRIVAL_DAYS
    inputs: tuple[str, ...] = ()
    landing: str | None = None
    """Where `access-logs/` lies; none for `landing` in the lake."""
    include_users: bool = False
    allow_missing_inputs: bool = False
    max_record_bytes: int = MAX_RECORD_BYTES

    @property
    def days(self) -> range:
        return range(self.first_day, self.last_day + 1)


def parse_options(arguments: Sequence[str], now_ms: int) -> Options:
    """Reads the command line. Exits with 2 and a sentence when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="traffic-report",
        description="Writes the traffic report of UTC days from the access logs in landing/access-logs of a lake.",
        epilog="Without days it makes the three days before today anew.",
    )
    parser.add_argument("--lake", required=True, help="s3://BUCKET/PREFIX, or a folder")
    parser.add_argument("--landing", metavar="URI", help="where access-logs/ lies (default: landing/ in the lake)")
    parser.add_argument("--date", type=_day, metavar="DAY", help="one UTC day, YYYY-MM-DD")
    parser.add_argument("--from", dest="first", type=_day, metavar="DAY", help="the first of several days")
    parser.add_argument("--to", dest="last", type=_day, metavar="DAY", help="the last of several days, inclusive")
    parser.add_argument(
        "--arrival-days",
        type=_arrival_days,
        default=DEFAULT_ARRIVAL_DAYS,
        metavar="N",
        help="a day's logs are those that arrived on it or on the N - 1 days after it (default: %(default)s)",
    )
    parser.add_argument(
        "--inputs", action="append", default=[], metavar="GLOB", help="these logs instead; may be given more than once"
    )
    parser.add_argument("--include-users", action="store_true", help="report the calls of people with source users")
    parser.add_argument(
        "--allow-missing-inputs",
        action="store_true",
        help="replace a report although logs that it was made of are no longer there",
    )
    parser.add_argument("--now", type=_instant, default=now_ms, metavar="INSTANT", help=argparse.SUPPRESS)
    given = parser.parse_args(list(arguments))
    if given.date is not None and (given.first is not None or given.last is not None):
        parser.error("--date is one day, --from and --to are several: give one or the other.")
    if (given.first is None) != (given.last is None):
        parser.error("--from and --to go together.")
    if given.first is not None and given.first > given.last:
        parser.error("--from is after --to.")
    if given.inputs and given.date is None and given.first is None:
        parser.error("--inputs needs the days to report: --date, or --from and --to.")
    today = given.now // 86_400_000
    if given.date is not None:
        first, last = given.date, given.date
    elif given.first is not None:
        first, last = given.first, given.last
    else:
        first, last = today - DEFAULT_DAYS, today - 1
    return Options(
        lake=given.lake.rstrip("/") or "/",
        first_day=first,
        last_day=last,
        now_ms=given.now,
        arrival_days=given.arrival_days,
        inputs=tuple(given.inputs),
        landing=given.landing.rstrip("/") if given.landing else None,
        include_users=given.include_users,
        allow_missing_inputs=given.allow_missing_inputs,
    )


def _day(text: str) -> int:
    day = parse_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it like 2024-02-29.")
    return day


def _instant(text: str) -> int:
    instant = parse_instant(text)
    if instant is None:
        raise argparse.ArgumentTypeError(f"{text} is no instant; write it like 2024-02-29T12:00:00Z.")
    return instant


def _arrival_days(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 400:
        raise argparse.ArgumentTypeError(f"{text} must be a whole number from 1 to 400.")
    return int(text)
