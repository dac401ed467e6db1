"""
Lines without what does not matter for a report, so that few of them differ. Pure.

A report needs of a call who called whom, on which day and whether it failed: of a log, millions of lines say one of a few hundred
such things. What says the same is brought to the same text by one expression, counted, and only then taken apart by `parse`, which
alone knows the rules: for each different text, not for each line.
"""

from __future__ import annotations

import re

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f

# No part can end in more than a few places, so that no line, whoever wrote it, takes more than a few passes.
#
# What a line must not have to be shortened: a quote or a bracket that is not the shape's own, so that it fits in one way only, and
# the character that decoding puts in place of what is not UTF-8.
_ANY = r'[^"\ufffd]'
_TO_TIME = r'[^"\[\ufffd]'
_WORD = r'[^ "\[\ufffd]'

# Days that are there in each year.
_DATE = r"[12]\d{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_DAY = (
    r"(?:(?:0[1-9]|1\d|2[0-8])/(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|(?:29|30)/(?:Jan|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|31/(?:Jan|Mar|May|Jul|Aug|Oct|Dec))/[12]\d{3}"
)
_HOUR = r"(?:[01]\d|2[0-3])"
_INSTANT = (rf"\[(?<date>{_DATE}T){_HOUR}:[0-5]\d:[0-5]\d(?:\.\d{{1,9}})?Z\]", "${date}00:00:00Z")
# At UTC nothing but the day matters; elsewhere the hour does, and where zones are not at whole hours the minute.
_CLOCK = (
    rf"\[(?<date>{_DAY}:)(?:{_HOUR}:[0-5]\d:[0-5]\d (?<sign>[+-])(?<hour0>00)(?<minute0>00)"
    rf"|(?<hour1>{_HOUR}):[0-5]\d:[0-5]\d (?<zone1>[+-]{_HOUR})(?<minute1>00)"
    rf"|(?<hour2>{_HOUR}):(?<minute2>[0-5]\d):[0-5]\d (?<zone2>[+-]{_HOUR}[0-5]\d))\]",
    "${date}${hour0}${hour1}${hour2}:${minute0}${minute1}${minute2}:00 ${sign}${hour0}${minute0}${zone1}${minute1}${zone2}",
)
_STATUS = r"(?<status>\d)\d\d"

# Who names its service is that service, whatever the user.
_NAMED = r'(?<named>Machine \([^;()"\ufffd]*;(?= *[^ ()"])[^()"\ufffd]*\))'
# Who only says that it is a machine is named by the user.
_UNNAMED = r'(?<unnamed>Machine \([^()"\ufffd]*\))'


def _shapes(has_target: bool) -> list[tuple[str, str]]:
    """
    Shapes of lines, and what to keep of each.

    An empty group tells what came first in a line to what comes later: `masked` is a service behind the mask with a user, whose
    agent does not matter unless it names a service; `person` is not behind the mask, and its user does not matter; `caller` is one
    with a user. What begins like a machine and is none is left alone.
    """
    request = f"{_ANY}*" if has_target else r'[^" \ufffd]* /(?<segment>[^/?# "\ufffd]+)(?:[/?# ]' + _ANY + "*)?"
    path = "" if has_target else " /${segment}"
    others = rf"\k<masked>{_ANY}*|\k<person>(?!Machine \(){_ANY}*"
    generated = (
        rf'^(?:(?<mask><masked>)  - (?:(?!-? ")(?<masked>)|)(?<user>{_ANY}*) "'
        rf'|(?!<masked>  - )(?<person>)(?>{_ANY}*?  - ){_ANY}* ")'
        rf'{request}" {_STATUS} {_INSTANT[0]} "(?:{_NAMED}|{others})"\z'
    )
    # Documented, combined or with commas: what follows a status belongs to one of them only.
    end = r"(?=,? \[)"
    documented = (
        rf"^(?:(?<mask><masked>) - (?:(?!-?{end})(?<masked>)|)(?<user>{_TO_TIME}*){end}"
        rf"|(?!<masked> - )(?<person>){_WORD}* - {_TO_TIME}*{end}"
        rf"|(?!<masked> - ){_WORD}* - (?!-?{end})(?<user2>{_TO_TIME}*){end}(?<caller>))"
        rf'(?<comma>,?) {_CLOCK[0]}\k<comma> "{request}"\k<comma> {_STATUS}\k<comma> '
        rf'(?:(?<!, )(?:\d+|-) "[^" \ufffd]*" |)"(?:{_NAMED}|\k<caller>{_UNNAMED}|{others})"\z'
    )
    return [
        _numbered(generated, f"\n${{mask}}\n${{user}}\n-{path}\n${{status}}00\n{_INSTANT[1]}\n${{named}}"),
        _numbered(documented, f"\n${{mask}}\n${{user}}${{user2}}\n-{path}\n${{status}}00\n{_CLOCK[1]}\n${{named}}${{unnamed}}"),
    ]


def _numbered(pattern: str, replacement: str) -> tuple[str, str]:
    """Groups by number: Java looks up their names anew for each line."""
    numbers = {name: at for at, name in enumerate(re.findall(r"\(\?<(\w+)>", pattern), 1)}
    pattern = re.sub(r"\(\?<\w+>", "(", pattern)
    pattern = re.sub(r"\\k<(\w+)>", lambda name: rf"(?:\{numbers[name[1]]})", pattern)
    # A digit behind a number would be taken for a part of it.
    replacement = re.sub(r"\$\{(\w+)\}(?=\d)", lambda name: f"${numbers[name[1]]}\\", replacement)
    return pattern, re.sub(r"\$\{(\w+)\}", lambda name: f"${numbers[name[1]]}", replacement)


def shorten(lines: DataFrame, *, has_target: bool) -> DataFrame:
    """
    Takes apart what is surely a call, and keeps of each part what matters.

    @param lines `line`
    @param has_target whether the names of the files name the called service, so that the paths do not matter
    @returns all columns of `lines`. A line that has been taken apart is `address`, `user`, `request`, `status`, `time` and `agent`
      with a line end before each, which no line has
    """
    generated, documented = (f.regexp_replace("line", *shape) for shape in _shapes(has_target))
    # Steps of their own, so that each is worked out once. What has no such shape may have been changed by decoding it.
    tried = lines.withColumn("generated", generated)
    tried = tried.withColumn("documented", f.when(~is_taken_apart("generated"), documented))
    short = f.when(is_taken_apart("generated"), f.col("generated")).when(is_taken_apart("documented"), f.col("documented"))
    return tried.withColumn("line", short.otherwise(f.col("line"))).drop("generated", "documented")


def is_taken_apart(name: str) -> Column:
    """Whether a column holds the parts of a line."""
    return f.col(name).startswith("\n")
