"""Tumbling windows of plain events, in bounded mode: nothing is late, each window is written once, at the end."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from hashlib import blake2b

from .csv_row import EventRow, WindowRow
from .decimals import ecmascript_number
from .instants import format_instant
from .rejected_line import RejectedLine
from .series_table import Series
from .window_settings import WindowSettings

_MIN, _MAX, _SUM, _COMPENSATION, _COUNT = range(5)


class EventWindows:
    """Counts events into windows: min, max, count, and a compensated sum.

    Memory: about 400 bytes per window, and 100 more per event id. Both are bounded by the input.
    """

    def __init__(self, settings: WindowSettings, now_ms: int) -> None:
        self._size_ms = settings.window_size_seconds * 1000
        self._latest_ms = now_ms + settings.max_future_skew_seconds * 1000
        self._windows: dict[int, dict[Series, list[float]]] = {}
        self._ids: set[bytes] = set()
        self.duplicate = 0

    def is_future(self, event: EventRow) -> bool:
        """Whether an event is too far ahead of the clock to be counted."""
        return event.timestamp_ms > self._latest_ms

    def add(self, event: EventRow) -> None:
        """Counts an event, unless its id was counted in its window."""
        start = event.timestamp_ms // self._size_ms * self._size_ms
        series = (event.component_name, event.metric_name, event.unit)
        if event.event_id is not None:
            text = json.dumps([start, series, event.event_id])
            digest = blake2b(text.encode("utf-8"), digest_size=16).digest()
            if digest in self._ids:
                self.duplicate += 1
                return
            self._ids.add(digest)
        window = self._windows.setdefault(start, {})
        # −0 and 0 are one value: which of the two came first must not show.
        value = event.value + 0.0
        stats = window.get(series)
        if stats is None:
            window[series] = [value, value, value, 0.0, 1]
            return
        if value < stats[_MIN]:
            stats[_MIN] = value
        if value > stats[_MAX]:
            stats[_MAX] = value
        # Kahan–Neumaier: the sum agrees to the last bit with every engine that adds in the same order.
        total = stats[_SUM]
        following = total + value
        stats[_COMPENSATION] += (total - following + value) if abs(total) >= abs(value) else (value - following + total)
        stats[_SUM] = following
        stats[_COUNT] += 1

    def rows(self) -> Iterator[WindowRow]:
        """The windows by start, then component, metric and unit."""
        for start in sorted(self._windows):
            for series, stats in sorted(self._windows[start].items(), key=lambda item: _utf16(item[0])):
                total = stats[_SUM] + stats[_COMPENSATION]
                yield WindowRow(
                    *series,
                    stats[_MIN],
                    stats[_MAX],
                    total if math.isfinite(total) else None,
                    int(stats[_COUNT]),
                    start,
                    start + self._size_ms,
                )


def _utf16(series: Series) -> tuple[bytes, ...]:
    return tuple(text.encode("utf-16-be") for text in series)


def future_event(event: EventRow, line: int) -> RejectedLine:
    """The rejected record of an event that is ahead of the clock: its known fields as JSON, as every engine writes them."""
    fields = [
        ("componentName", _json(event.component_name)),
        ("metricName", _json(event.metric_name)),
        ("unit", _json(event.unit)),
        ("value", ecmascript_number(event.value)),
        ("publicationTimestamp", _json(format_instant(event.timestamp_ms))),
    ]
    if event.event_id is not None:
        fields.append(("eventId", _json(event.event_id)))
    raw = "{" + ",".join(f'"{name}":{text}' for name, text in fields) + "}"
    return RejectedLine("future", "The event is too far ahead of the clock.", line, raw=raw)


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
