"""The job's arguments, as Glue hands them over: `--name value`, all of them texts."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .errors import UsageError
from .instants import parse_instant
from .window_settings import WINDOW_SETTINGS, WindowSettings

#: What Glue hands to every job, and is no business of this one.
#: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
_OF_GLUE = re.compile(
    r"--(JOB_\w+|TempDir|WORKFLOW_\w+|BOOKMARK_\w+|scriptLocation|class|conf|client-token|user-jars-first|library-set|"
    r"python-modules-installer-option|(additional|auto|continuous|datalake|disable|enable|extra|executor|job|python|"
    r"spark|use|use-postgres|write)-[\w-]+)"
)
_S3_URI = re.compile(r"s3://([^/]+)(?:/(.*))?", re.DOTALL)


@dataclass(frozen=True)
class Location:
    """A bucket and a prefix in it, which is empty or ends in a slash."""

    bucket: str
    prefix: str


@dataclass(frozen=True)
class JobArguments:
    """What the job is asked for."""

    lake: Location
    #: Where `metrics/` lies.
    landing: Location
    #: Addresses or keys of objects; nothing for all that is new.
    objects: Sequence[str] | None
    settings: WindowSettings
    #: The clock that `future` is judged by; nothing for the real one.
    now_ms: int | None
    force: bool
    replace: bool
    endpoint_url: str | None
    region: str | None


_NAMES = ("lake", "landing", "objects", "now", "force", "replace", "endpoint-url", "region", *WINDOW_SETTINGS)


def parse_arguments(words: Sequence[str]) -> JobArguments:
    """Reads the job's arguments.

    :raises UsageError: when one is unknown, or its value cannot be used
    """
    given = _pairs(words)
    if "lake" not in given:
        raise UsageError("--lake is missing: where the lake lies, for example --lake s3://my-lake/prefix")
    lake = _location("--lake", given["lake"])
    landing = _location("--landing", given["landing"]) if "landing" in given else _below(lake, "landing/")
    settings = {name: _setting(name, given[name]) for name in WINDOW_SETTINGS if name in given}
    now_ms = None
    if "now" in given:
        now_ms = parse_instant(given["now"])
        if now_ms is None:
            raise UsageError(f"--now is {given['now']}; it must be an instant like 2024-05-01T12:00:00Z.")
    defaults = WindowSettings()
    return JobArguments(
        lake=lake,
        landing=landing,
        objects=_objects(given["objects"]) if "objects" in given else None,
        settings=WindowSettings(
            window_size_seconds=settings.get("windowSizeSeconds", defaults.window_size_seconds),
            max_future_skew_seconds=settings.get("maxFutureSkewSeconds", defaults.max_future_skew_seconds),
        ),
        now_ms=now_ms,
        force=_flag("--force", given.get("force", "false")),
        replace=_flag("--replace", given.get("replace", "false")),
        endpoint_url=given.get("endpoint-url"),
        region=given.get("region"),
    )


def _pairs(words: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    at = 0
    while at < len(words):
        name, has_value, value = words[at].partition("=")
        at += 1
        is_ours = name.startswith("--") and name[2:] in _NAMES
        if not is_ours and not _OF_GLUE.fullmatch(name):
            near = difflib.get_close_matches(name[2:], _NAMES, 1)
            more = f" Did you mean --{near[0]}?" if near else f" Known are {', '.join(f'--{each}' for each in _NAMES)}."
            raise UsageError(f"{words[at - 1]} is no argument of this job.{more}")
        if not has_value:
            # Values of Glue's may look like names, `--no-deps` for instance; some of its flags have no value.
            if at < len(words) and (is_ours or not _is_name(words[at])):
                value = words[at]
                at += 1
            elif is_ours:
                raise UsageError(f"{name} has no value. Every argument of a Glue job has one.")
        if not is_ours:
            continue
        if name[2:] in given:
            raise UsageError(f"{name} is given twice.")
        given[name[2:]] = value
    return given


def _is_name(word: str) -> bool:
    name = word.partition("=")[0]
    return (name.startswith("--") and name[2:] in _NAMES) or _OF_GLUE.fullmatch(name) is not None


def _location(name: str, text: str) -> Location:
    match = _S3_URI.fullmatch(text)
    if match is None:
        raise UsageError(f"{name} is {text}; it must be s3://BUCKET or s3://BUCKET/PREFIX.")
    prefix = (match[2] or "").rstrip("/")
    return Location(match[1], f"{prefix}/" if prefix else "")


def _below(location: Location, prefix: str) -> Location:
    return Location(location.bucket, location.prefix + prefix)


def _objects(text: str) -> list[str]:
    try:
        listed = json.loads(text)
    except ValueError:
        listed = [text]
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) and each for each in listed):
        raise UsageError(
            f"--objects is {text}; it must be one key or s3:// address, or a JSON array of them, for example "
            '["landing/metrics/dt=2024-05-01/orders.csv"].'
        )
    return listed


def _setting(name: str, text: str) -> int:
    least, most, _ = WINDOW_SETTINGS[name]
    if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
        return int(text)
    raise UsageError(f"--{name} is {text}; it must be a whole number of seconds from {least} to {most}.")


def _flag(name: str, text: str) -> bool:
    if text in ("true", "false"):
        return text == "true"
    raise UsageError(f"{name} is {text}; it must be true or false.")


def bucket_and_key(text: str) -> tuple[str, str] | None:
    """Bucket and key of an s3:// address; nothing for anything else."""
    match = _S3_URI.fullmatch(text)
    return (match[1], match[2] or "") if match else None
