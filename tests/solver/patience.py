"""Time limits that hold on a busy machine: a second of an undisturbed one."""

from __future__ import annotations

import time

_SPIN_SECONDS = 0.03


def stretched(seconds: float) -> float:
    """Return how long `seconds` of undisturbed work may take here and now.

    Measured by how long a little arithmetic takes beside the processor time that it gets; never less than `seconds`.
    """
    wall, processor = time.perf_counter(), time.process_time()
    while time.process_time() - processor < _SPIN_SECONDS:
        sum(range(500))
    disturbed = (time.perf_counter() - wall) / _SPIN_SECONDS
    return seconds * max(1.0, disturbed)
