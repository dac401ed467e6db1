"""Numbers as texts."""

from __future__ import annotations

import math
import re

_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
NOT_FINITE_WORDS = frozenset({"NaN", "Infinity", "+Infinity", "-Infinity"})


def parse_decimal(text: str) -> float:
    """The nearest double; infinite when beyond double; NaN when the text is no decimal number."""
    return float(text) if _DECIMAL.fullmatch(text) else math.nan


def is_wrong_type(value: float, text: str) -> bool:
    """Whether what `parse_decimal` made of a text says that it is no number, and not one that is not finite."""
    return math.isnan(value) and text not in NOT_FINITE_WORDS


def ecmascript_number(value: float) -> str:
    """A finite double as JavaScript writes it, so that kept records are the same texts from every engine.

    >>> ecmascript_number(1e21), ecmascript_number(15.0), ecmascript_number(1e-7)
    ('1e+21', '15', '1e-7')
    """
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    digits = (whole + fraction).lstrip("0")
    # value = 0.digits × 10^point
    point = int(exponent or 0) + (len(whole) if whole != "0" else len(digits) - len(fraction))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return f"{sign}{digits}{'0' * (point - count)}"
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = point - 1
    head = digits[0] + (f".{digits[1:]}" if count > 1 else "")
    return f"{sign}{head}e{'+' if power > 0 else '-'}{abs(power)}"
