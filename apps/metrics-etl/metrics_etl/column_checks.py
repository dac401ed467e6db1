"""Turns columns of texts into numbers and instants at once; what is in doubt becomes null and is looked at by itself.

A value that comes through is right by the rules; one that does not may still be right.
"""

from __future__ import annotations

import math

import pyarrow as pa
import pyarrow.compute as pc

from .decimals import parse_decimal
from .instants import FIRST_MS, parse_instant
from .limits import MAX_SAFE_INTEGER

_INSTANT = pa.timestamp("us", "UTC")
#: The shortest is `2020-01-01T11:32:54Z`; with a fraction of more digits than three there is something to cut.
_SHORTEST = 20
_UNCUT = 24
#: Texts that are looked at one by one sooner than by calls for all of them.
_FEW = 2000


def numbers(texts: pa.Array) -> pa.Array:
    """Finite doubles, null where there is none."""
    try:
        values = pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        values = pa.array([parse_decimal(text) if text else math.nan for text in texts.to_pylist()], pa.float64())
    return finite(values)


def finite(values: pa.Array) -> pa.Array:
    """Doubles, null where they are not finite."""
    # The sum is finite, or says that it has to be looked at more closely: it is three times as fast.
    if values.null_count == 0 and math.isfinite(pc.sum(values).as_py() or 0.0):
        return values
    return pc.if_else(pc.is_finite(values), values, None)


def optional_texts(texts: pa.Array) -> pa.Array:
    """Texts, null where they are empty."""
    return pc.if_else(pc.equal(pc.binary_length(texts), 0), None, texts)


def counts(values: pa.Array) -> pa.Array:
    """Whole numbers from 1 that doubles hold exactly, null for others."""
    good = pc.and_(
        pc.and_(pc.greater_equal(values, 1.0), pc.less_equal(values, float(MAX_SAFE_INTEGER))),
        pc.equal(pc.floor(values), values),
    )
    return pc.cast(pc.if_else(good, values, None), pa.int64())


class InstantColumns:
    """Reads columns of instants; what was read in one block is known in the next."""

    def __init__(self) -> None:
        self._known: dict[str, int | None] = {}

    def millis(self, texts: pa.Array) -> pa.Array:
        """Milliseconds since the epoch of a column that is a dictionary: an instant is read once, however often it occurs."""
        distinct = texts.dictionary
        if len(distinct) > _FEW:
            return pc.take(_instants(distinct), texts.indices)
        if len(self._known) > 16 * _FEW:
            self._known.clear()
        known = self._known
        found = []
        for text in distinct.to_pylist():
            if text not in known:
                known[text] = parse_instant(text)
            found.append(known[text])
        return pc.take(pa.array(found, pa.int64()), texts.indices)


def _instants(texts: pa.Array) -> pa.Array:
    lengths = pc.min_max(pc.binary_length(texts))
    shortest, longest = lengths["min"].as_py(), lengths["max"].as_py()
    if shortest is None:
        return pa.nulls(len(texts), pa.int64())
    # A cast also takes blanks for T, times without seconds, and other zones than Z.
    if (
        shortest >= _SHORTEST
        and longest <= _UNCUT
        and _all(pc.ends_with(texts, "Z"))
        and _all(pc.match_substring(texts, "T"))
    ):
        try:
            micros = pc.cast(pc.cast(texts, _INSTANT), pa.int64())
            millis = pc.divide(micros, 1000)
            return pc.if_else(pc.greater_equal(millis, FIRST_MS), millis, None)
        except pa.ArrowInvalid:
            pass
    return pa.array([parse_instant(text) if text else None for text in texts.to_pylist()], pa.int64())


def names(texts: pa.Array, max_length: int) -> pa.Array | None:
    """Which rows of a dictionary have a text that is neither empty nor too long; nothing when all have."""
    if len(texts.dictionary) <= _FEW and all(0 < len(text) <= max_length for text in texts.dictionary.to_pylist()):
        return None
    lengths = pc.utf8_length(texts.dictionary)
    fits = pc.and_(pc.greater(lengths, 0), pc.less_equal(lengths, max_length))
    return None if _all(fits) else pc.take(fits, texts.indices)


def _all(mask: pa.Array) -> bool:
    return bool(pc.all(mask, min_count=0).as_py())


def positions(mask: pa.Array) -> list[int]:
    """Where a mask is true."""
    found: list[int] = pc.indices_nonzero(mask).to_pylist()
    return found


Columns = dict[str, pa.Array]
