"""The lines that a child process writes."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any, TextIO

from solver.cli.exits import EXIT_NO

_HEARTBEAT_SECONDS = 1.0


class Lines:
    """JSON lines on a stream, one writer at a time, each whole."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, event: str, **content: Any) -> None:
        """Write an event of the protocol."""
        line = json.dumps({"event": event, **content}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        left = memoryview(f"{line}\n".encode())
        with self._lock:
            # Not through the stream's buffers: a signal that comes while nobody reads would tear the line.
            while left:
                left = left[os.write(self._stream.fileno(), left) :]


def beat_on(lines: Lines, ended: threading.Event, state: Callable[[], dict[str, Any]]) -> None:
    """Write an `alive` line every second from now on, until the event is set."""
    began = time.monotonic()

    def beat() -> None:
        while not ended.wait(_HEARTBEAT_SECONDS):
            try:
                lines.write("alive", **(state() | {"elapsed_seconds": round(time.monotonic() - began, 3)}))
            except OSError:
                # Nobody reads any more: whoever started this process is gone, and with it the use of its answer.
                os._exit(EXIT_NO)

    threading.Thread(target=beat, daemon=True).start()
