"""JSON as the rules have it: no `NaN`, the last of two equal keys wins, and any depth."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn


class NestedValue:
    """An array or an object inside a record: no field of ours has one."""


def json_object(text: str) -> dict[str, Any] | None:
    """A line as a JSON object; nothing for anything else. All numbers are doubles."""
    try:
        value = _DECODER.decode(text)
    except ValueError:
        return None
    except RecursionError:
        return _deep_object(text)
    return value if isinstance(value, dict) else None


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON.")


# Whole numbers as doubles too: Python's own have no end, and take long to read.
_DECODER = json.JSONDecoder(parse_int=float, parse_constant=_refuse)

_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null")


def _deep_object(text: str) -> dict[str, Any] | None:
    """Reads an object that is nested deeper than the usual decoder goes, without recursion."""
    found: dict[str, Any] = {}
    closers: list[str] = []
    key = ""
    at = _skip(text, 0)
    # What may come: a value, the first value or end of an array, a key, the first key or end of an object, or what follows.
    state = "value"
    while True:
        char = text[at : at + 1]
        if state == "after":
            if not closers:
                return found if at == len(text) else None
            if char == closers[-1]:
                closers.pop()
                at = _skip(text, at + 1)
                continue
            if char != ",":
                return None
            at = _skip(text, at + 1)
            state = "key" if closers[-1] == "}" else "value"
            continue
        if state in ("key", "key or end"):
            if state == "key or end" and char == "}":
                state = "after"
                continue
            match = _STRING.match(text, at)
            if match is None:
                return None
            at = _skip(text, match.end())
            if text[at : at + 1] != ":":
                return None
            if len(closers) == 1:
                key = json.loads(match[0])
            at = _skip(text, at + 1)
            state = "value"
            continue
        if state == "value or end" and char == "]":
            state = "after"
            continue
        if char in ("{", "["):
            if not closers and char == "[":
                return None
            if len(closers) == 1:
                found[key] = NestedValue()
            closers.append("}" if char == "{" else "]")
            at = _skip(text, at + 1)
            state = "key or end" if char == "{" else "value or end"
            continue
        match = _STRING.match(text, at) or _SCALAR.match(text, at)
        if match is None or not closers:
            return None
        if len(closers) == 1:
            found[key] = _DECODER.decode(match[0])
        at = _skip(text, match.end())
        state = "after"


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
