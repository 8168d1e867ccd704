"""Peak memory of a family of processes, as the kernel shares it out."""

import threading
from pathlib import Path

import psutil


def pss_mb(process: psutil.Process) -> float:
    """Give a process's proportional set size in megabytes: shared pages count by share. 0 when it has ended."""
    try:
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return 0.0
    return 0.0


class Peak:
    """Samples the sum over this process and all its descendants until it is stopped.

    Neo4j's Java, its guard and the solver's children are descendants of the service.
    """

    def __init__(self, every_s: float = 0.5) -> None:
        self.mb = 0.0
        self._every_s = every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _sample(self) -> None:
        own = psutil.Process()
        while not self._stopped.wait(self._every_s):
            family = [own, *own.children(recursive=True)]
            self.mb = max(self.mb, sum(pss_mb(process) for process in family))
