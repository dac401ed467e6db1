"""
Access log lines as columns: what a line is, whose call it is, and of which day. Pure.

The rules are those of `docs/reference/record-rules.md`. Everything is an expression of Spark, as a function of Python would be
called for each line.
"""

from __future__ import annotations

from enum import IntEnum

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f

from .shorten import is_taken_apart

USERS_SOURCE = "users"


class Kind(IntEnum):
    """What becomes of a line. From `BAD_ENCODING` on it is rejected."""

    SERVICE = 0
    USER = 1
    OUT_OF_RANGE = 2
    BAD_ENCODING = 3
    TOO_LONG = 4
    NO_SHAPE = 5
    NO_TARGET = 6
    NO_SOURCE = 7
    BAD_TIMESTAMP = 8


REASONS: dict[Kind, tuple[str, str]] = {
    Kind.BAD_ENCODING: ("bad-encoding", "The line is not UTF-8."),
    Kind.TOO_LONG: ("too-long", "The line is longer than a record may be."),
    Kind.NO_SHAPE: ("unparsed-line", "The line has none of the known shapes."),
    Kind.NO_TARGET: ("unparsed-line", "Neither the file name nor the path names a target."),
    Kind.NO_SOURCE: ("unparsed-line", "The call of a service names no source."),
    Kind.BAD_TIMESTAMP: ("bad-timestamp", "The time is neither an instant nor like 10/Oct/2022:13:55:36 +0000."),
}
"""The reason code and the message of each kind that is rejected."""

_TIME = r"\[([^\[\]]{1,64})\]"
# Each gives address, user, request, status, time, agent. What comes first in a line ends at its first possible place: a later one
# fits only where the first does, so what stands in (?>…) need not be tried again, and no line takes more than a few passes.
_GENERATED = (rf'(?>(.*?)  - )(?>(.*?) ")(.*)" (\d{{3}}) {_TIME} "(.*)"', "$1\n$2\n$3\n$4\n$5\n$6")
_DOCUMENTED = (rf'(?>(.*?) - )(?>(.*?) {_TIME} ")(.*)" (\d{{3}}) "(.*)"', "$1\n$2\n$4\n$5\n$3\n$6")
_COMMA = (rf'(?>(.*?) - )(?>(.*?), {_TIME}, ")(.*)", (\d{{3}}), "(.*)"', "$1\n$2\n$4\n$5\n$3\n$6")
# Of a line that a line end marks before its last `" "`. A status behind it has no referer; to look for one from each such status to
# the end of the line would take minutes for a line that is made for it. The agent begins behind the first `" "`, which may
# be cut by the mark.
_COMBINED = (
    rf'(?>([^ ]*) [^ ]+ )(?>([^\n]*?) {_TIME} ")([^\n]*)" (\d{{3}}) (?:\d+|-) "'
    r'[^\n]*?(?:" "([^\n]*)\n(" ")(.*)|" \n"( ".*)|\n" "(.*))"',
    "$1\n$2\n$4\n$5\n$3\n$6$7$8$9$10",
)

_INSTANT = r"^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z\z"
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_MONTH_NUMBERS = "010203040506070809101112"
_CLOCK = (
    r"^\d\d/(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/\d{4}:"
    r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d [+-](?:[01]\d|2[0-3])[0-5]\d\z"
)
_FIRST_DAY = -719_162
_LAST_DAY = 2_932_896


def fault_of_long(line: Column, max_record_bytes: int) -> Column:
    """What is wrong with a line that is longer than a record may be; NULL for any other."""
    content = line.cast("binary")
    fault = f.when(_is_utf8(content), int(Kind.TOO_LONG)).otherwise(int(Kind.BAD_ENCODING))
    return f.when(f.octet_length(line) > max_record_bytes, fault)


def parse(lines: DataFrame) -> DataFrame:
    """
    What each line says.

    @param lines `line` (its bytes without its end, or its parts as `shorten` gives them), `fault` (of a line that is known to be
      rejected, or NULL), `file_target` (the service that the file's name gives, or NULL)
    @returns all columns of `lines` and `kind` (of `Kind`; `OUT_OF_RANGE` is not told yet), `day`, `source`, `target` and `failed`
    """
    content = f.col("line").cast("binary")
    # One character for each byte, since the rules are those of bytes: a time has at most 64 of them.
    read = lines.withColumn("characters", f.decode(content, "ISO-8859-1"))
    is_ascii = f.octet_length("characters") == f.octet_length("line")
    fields = f.col("characters").substr(f.lit(2), f.length("characters"))
    text = f.when(is_taken_apart("line"), fields).when(f.col("characters").endswith('"'), f.col("characters"))
    shaped = read.select(
        *lines.columns,
        is_ascii.alias("is_ascii"),
        f.coalesce(f.col("fault"), f.when(is_ascii | _is_utf8(content), int(Kind.SERVICE)).otherwise(int(Kind.BAD_ENCODING))).alias(
            "found_fault"
        ),
        f.when(f.col("fault").isNull(), text).alias("text"),
    )
    # A step each, so that each is worked out once.
    for shape in (_GENERATED, _DOCUMENTED):
        shaped = shaped.withColumn("text", f.when(_is_taken_apart(), f.col("text")).otherwise(_taken_apart("text", shape)))
    shaped = shaped.withColumn("marked", f.when(~_is_taken_apart(), _marked(f.col("text"))))
    shaped = shaped.withColumn("taken", _taken_apart("marked", _COMBINED))
    shaped = shaped.withColumn("text", f.when(f.col("taken") != f.col("marked"), f.col("taken")).otherwise(f.col("text")))
    shaped = shaped.withColumn("text", f.when(_is_taken_apart(), f.col("text")).otherwise(_taken_apart("text", _COMMA)))
    shaped = shaped.withColumn("fields", f.split("text", "\n", -1))
    address, user, request, status, time, agent = (f.col("fields")[at] for at in range(6))
    known = shaped.select(
        "*",
        f.coalesce("file_target", _utf8(_path_target(request))).alias("target"),
        _utf8(_source(address, user, agent)).alias("source"),
        _day(time).alias("day"),
        status.alias("status"),
    )
    # A step of its own, so that the day is worked out once.
    in_range = f.when(f.col("day").between(_FIRST_DAY, _LAST_DAY), f.col("day"))
    known = known.withColumn("day", in_range)
    kind = (
        f.when(f.col("found_fault") != int(Kind.SERVICE), f.col("found_fault"))
        .when(f.col("fields").isNull() | (f.size("fields") < 6), int(Kind.NO_SHAPE))
        .when(f.col("target").isNull(), int(Kind.NO_TARGET))
        .when(f.col("source") == "", int(Kind.NO_SOURCE))
        .when(f.col("day").isNull(), int(Kind.BAD_TIMESTAMP))
        .when(f.col("source").isNull(), int(Kind.USER))
        .otherwise(int(Kind.SERVICE))
    )
    return known.select(
        *[f.col(name) for name in lines.columns],
        kind.alias("kind"),
        "day",
        "source",
        "target",
        (f.col("status") >= "500").alias("failed"),
    )


def _is_utf8(content: Column) -> Column:
    text = f.decode(content, "UTF-8")
    # A replacement character that was in the line is none that decoding has put there.
    return (f.instr(text, "\ufffd") == 0) | (f.encode(text, "UTF-8") == content)


def _is_taken_apart() -> Column:
    """No line holds a line end: one that does has been taken apart."""
    return f.instr("text", "\n") > 0


def _taken_apart(name: str, shape: tuple[str, str]) -> Column:
    """The fields of a line, each but the last with a line end; the line itself when it has another shape."""
    return f.regexp_replace(name, rf"(?s)^{shape[0]}\z", shape[1])


def _marked(text: Column) -> Column:
    """A line with a line end before its last `" "`, its last character aside; NULL when there is none."""
    body = text.substr(f.lit(1), f.length(text) - 1)
    last = f.substring_index(body, '" "', -1)
    head = text.substr(f.lit(1), f.length(body) - f.length(last) - 3)
    return f.when(f.instr(body, '" "') > 0, f.concat(head, f.lit('\n" "'), last, f.lit('"')))


def _utf8(text: Column) -> Column:
    """What the bytes say that the characters of a text stand for."""
    return f.when(f.col("is_ascii"), text).otherwise(f.decode(f.encode(text, "ISO-8859-1"), "UTF-8"))


def _path_target(request: Column) -> Column:
    """The first segment of the path, NULL when there is none. It ends at / ? # or a space and is not decoded."""
    path = f.expr("substring(fields[2], instr(fields[2], ' ') + 1)")
    segment = f.substring_index(f.translate(path.substr(f.lit(2), f.length(path)), "?# ", "///"), "/", 1)
    return f.when((f.instr(request, " ") > 0) & path.startswith("/") & (segment != ""), segment)


def _source(address: Column, user: Column, agent: Column) -> Column:
    """The calling service; NULL for a person's call, empty for a service that does not name itself."""
    named = f.trim(f.regexp_extract(agent, r"^Machine \([^;()]*;([^()]*)\)\z", 1))
    is_machine = agent.startswith("Machine (")
    unnamed = f.when((user == "") | (user == "-"), "").otherwise(user)
    return (
        f.when(is_machine & (named != ""), named)
        .when(is_machine & agent.rlike(r"^Machine \([^()]*\)\z"), unnamed)
        .when(address == "<masked>", unnamed)
    )


def _day(time: Column) -> Column:
    """The UTC day of an instant in either form, NULL for anything else."""
    day_of_instant = f.unix_date(f.substring(time, 1, 10).cast("date"))
    # Seconds cannot move a time into another day, since offsets are whole minutes.
    month = f.expr(f"substring('{_MONTH_NUMBERS}', (instr('{_MONTHS}', substring(fields[4], 4, 3)) - 1) DIV 3 * 2 + 1, 2)")
    local = f.unix_date(f.concat_ws("-", f.substring(time, 8, 4), month, f.substring(time, 1, 2)).cast("date"))
    clock = f.concat(f.substring(time, 13, 2), f.substring(time, 16, 2))
    offset = f.substring(time, 23, 4)
    # Of two numbers HHmm the sum is a day or more from 2360 on: sixty minutes and more carry.
    is_later = clock.cast("int") + offset.cast("int") >= 2360
    into_utc = f.when(f.substring(time, 22, 1) == "-", f.when(is_later, 1).otherwise(0)).when(clock < offset, -1).otherwise(0)
    day_of_clock = f.when(local >= _FIRST_DAY, local + into_utc)
    return f.when(time.rlike(_INSTANT), day_of_instant).when(time.rlike(_CLOCK), day_of_clock)


def in_day(calls: DataFrame) -> DataFrame:
    """
    Tells calls of days that were not asked for.

    @param calls with `first_day` and `last_day`: the days of its input that are asked for, both inclusive; and with
      `days_between`: those in between that are not
    """
    is_in = f.col("day").between(f.col("first_day"), f.col("last_day")) & ~f.array_contains("days_between", f.col("day"))
    is_out = (f.col("kind") <= int(Kind.USER)) & ~is_in
    return calls.withColumn("kind", f.when(is_out, int(Kind.OUT_OF_RANGE)).otherwise(f.col("kind")))
