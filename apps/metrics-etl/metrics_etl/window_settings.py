"""The settings of event-time windows: the same names and defaults in every engine. All in whole seconds."""

from __future__ import annotations

from dataclasses import dataclass

#: Least, most and default of each.
WINDOW_SETTINGS: dict[str, tuple[int, int, int]] = {
    "windowSizeSeconds": (1, 86_400, 300),
    "outOfOrdernessSeconds": (0, 86_400, 30),
    "idleTimeoutSeconds": (1, 86_400, 60),
    "allowedLatenessSeconds": (0, 604_800, 600),
    "maxFutureSkewSeconds": (0, 86_400, 300),
}


@dataclass(frozen=True)
class WindowSettings:
    """What a file needs of them: it is bounded, so that nothing in it is late."""

    window_size_seconds: int = 300
    max_future_skew_seconds: int = 300
