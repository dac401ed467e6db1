"""Fits this process to a sixteenth of a processor and 1 GB."""

from __future__ import annotations

import ctypes

import pyarrow as pa

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
#: The most that glibc takes for either.
_KEPT_BYTES = 32 << 20


def tune_process() -> None:
    """Threads would cost memory and bring nothing; blocks that are freed are wanted again at once."""
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    try:
        # Else each block of some MB is given back to the system, and zeroed by it for the next one. Of glibc only.
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    for option in (_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD):
        mallopt(option, _KEPT_BYTES)
