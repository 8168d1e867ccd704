"""Run every folder of tests, two at a time, each in a process of its own; what `make test` does.

Two run at once, because a folder waits as often for its Neo4j as it works itself; the slowest begin first. Each of the
two lanes keeps one Neo4j running, which folder after folder finds empty: to start one and have Java compile it anew for
each of them would take a third of all the processor's time. What a folder prints is shown whole when it is through.

Arguments are handed to pytest; without ``-m`` the large numbers of cases run too, and the folder that has most of them
is run in parts. ``--coverage`` counts the lines that
run, in the tests' own processes and in those that they start. The last lines are ``cases=N failed=N seeds=…``, with the
fresh seed that random tests of this run took (see `tests.seeds`), and ``N passed, N failed``; the status is 0 when
nothing failed.
"""

import os
import queue
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from opsplan.graph.local.server import start_server
from tests.conftest import DATA_DIR, PART, session_server
from tests.seeds import FRESH, VARIABLE

ROOT = Path(__file__).parents[1]
AT_ONCE = 2
"""More would not fit into two cores and 4 GB of memory: each has a database and a Python."""
_COUNT = re.compile(r"(\d+) (passed|failed|errors?)\b")
COVERAGE = "--coverage"
_NO_TESTS = 5
_SLOWEST = (
    "scheduling",
    "web",
    "reading",
    "solver",
    "stories",
    "graph",
    "deconfliction",
    "client",
    "records",
    "exchange",
    "benchmarks",
    "exercise",
)
_PARTS_OF_LONG = {"tests/opsplan/reading": 8}
"""In how many parts a folder is run together with its large numbers of cases: in one, it alone takes two hours."""


@dataclass(frozen=True, slots=True)
class Job:
    """The tests of one folder, or each so-manieth of them."""

    folder: str
    part: int = 1
    parts: int = 1

    def __str__(self) -> str:
        return self.folder if self.parts == 1 else f"{self.folder} part {self.part} of {self.parts}"


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a job's tests."""

    job: Job
    output: str
    status: int
    seconds: float

    def count(self, what: str) -> int:
        """Give how many tests passed, failed or met an error, by pytest's own last words."""
        lines = [line for line in self.output.splitlines() if _COUNT.search(line)]
        return sum(int(number) for number, word in _COUNT.findall(lines[-1]) if word == what) if lines else 0

    @property
    def is_broken(self) -> bool:
        """Say whether something failed."""
        return self.status not in (0, _NO_TESTS)


def folders() -> list[str]:
    """Give the folders that are run, so that each test file is in exactly one of them; the slowest first."""
    tests = ROOT / "tests"
    found = [*tests.iterdir(), *(tests / "opsplan").iterdir()]
    names = (
        each.relative_to(ROOT)
        for each in found
        if each.name != "opsplan" and (any(each.rglob("test_*.py")) if each.is_dir() else each.match("test_*.py"))
    )
    order = {name: place for place, name in enumerate(_SLOWEST)}
    return [str(each) for each in sorted(names, key=lambda each: (order.get(each.name, len(order)), each))]


def jobs(arguments: list[str]) -> list[Job]:
    """Give what is run, the slowest first."""
    found = []
    for folder in folders():
        parts = 1 if "-m" in arguments else _PARTS_OF_LONG.get(folder, 1)
        found += [Job(folder, part, parts) for part in range(1, parts + 1)]
    return found


class Lanes:
    """The servers of the lanes, by their data folders; each is lent to one job at a time."""

    def __init__(self) -> None:
        self._free: queue.SimpleQueue[Path] = queue.SimpleQueue()
        self._servers = ExitStack()

    def __enter__(self) -> "Lanes":
        for _ in range(AT_ONCE):
            folder = Path(self._servers.enter_context(tempfile.TemporaryDirectory(prefix="opsplan-tests-")))
            self._servers.enter_context(start_server(session_server(folder), stays=True))
            self._free.put(folder)
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.close()

    @contextmanager
    def server(self) -> Iterator[Path]:
        """Lend the data folder of a server that nobody else uses meanwhile."""
        folder = self._free.get()
        try:
            yield folder
        finally:
            self._free.put(folder)


def run_job(job: Job, arguments: list[str], lanes: Lanes) -> Ran:
    """Run the tests of one job in a process of their own."""
    with lanes.server() as folder:
        return _run(job, arguments, folder)


def _run(job: Job, arguments: list[str], folder: Path) -> Ran:
    begun = time.monotonic()
    counted = ["-m", "coverage", "run"] if COVERAGE in arguments else []
    for_pytest = [each for each in arguments if each != COVERAGE]
    command = [sys.executable, *counted, "-m", "pytest", "-q", *for_pytest, job.folder]
    environment = {**os.environ, VARIABLE: str(FRESH), PART: f"{job.part}/{job.parts}", DATA_DIR: str(folder)}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Ran(job, run.stdout, run.returncode, time.monotonic() - begun)


def main(arguments: list[str]) -> int:
    """Run all folders and give the exit status."""
    ran: list[Ran] = []
    wanted = jobs(arguments)
    print(f"The fresh seed of this run: {VARIABLE}={FRESH}", flush=True)
    with Lanes() as lanes, ThreadPoolExecutor(AT_ONCE) as threads:
        for done in as_completed([threads.submit(run_job, job, arguments, lanes) for job in wanted]):
            ran.append(done.result())
            each = ran[-1]
            print(f"\n== {each.job} ({len(ran)} of {len(wanted)})", each.output.rstrip(), sep="\n")
            print(f"== {each.job}: {each.seconds:.0f} s", flush=True)
    broken = [str(each.job) for each in ran if each.is_broken]
    if broken:
        print(f"\nFolders with failures: {', '.join(sorted(broken))}")
    passed = sum(each.count("passed") for each in ran)
    failed = max(sum(each.count(word) for each in ran for word in ("failed", "error", "errors")), len(broken))
    print(f"\ncases={passed + failed} failed={failed} seeds={FRESH}")
    print(f"{passed} passed, {failed} failed")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
