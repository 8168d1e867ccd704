"""Signals that ask for an end."""

from __future__ import annotations

import signal
from types import FrameType


class StopFlag:
    """Set by SIGTERM or SIGINT; the solve ends within a second and keeps its best plan."""

    def __init__(self) -> None:
        self._set = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._set = True

    def __call__(self) -> bool:
        return self._set
