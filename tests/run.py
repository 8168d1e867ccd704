"""Run every folder of tests, two at a time, each with a Neo4j of its own; what `make test` does.

A folder's tests share one server, and no folder inherits what another left in it or in the process. Two run at once,
because a folder waits as often for its server as it works itself; the slowest begin first. What a folder prints is
shown whole when it is through.

Arguments are handed to pytest; without ``-m`` the large numbers of cases run too, and the folder that has most of them
is run in parts. ``--coverage`` counts the lines that
run, in the tests' own processes and in those that they start. The last lines are ``cases=N failed=N seeds=…``, with the
fresh seed that random tests of this run took (see `tests.seeds`), and ``N passed, N failed``; the status is 0 when
nothing failed.
"""

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import PART
from tests.seeds import FRESH, VARIABLE

ROOT = Path(__file__).parents[1]
AT_ONCE = 2
"""More would not fit into two cores and 4 GB of memory: each has a database and a Python."""
_COUNT = re.compile(r"(\d+) (passed|failed|errors?)\b")
COVERAGE = "--coverage"
_NO_TESTS = 5
_SLOWEST = ("reading", "scheduling", "web", "stories", "graph", "exercise", "records", "exchange")
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


def run_job(job: Job, arguments: list[str]) -> Ran:
    """Run the tests of one job in a process of their own."""
    begun = time.monotonic()
    counted = ["-m", "coverage", "run"] if COVERAGE in arguments else []
    for_pytest = [each for each in arguments if each != COVERAGE]
    command = [sys.executable, *counted, "-m", "pytest", "-q", *for_pytest, job.folder]
    environment = {**os.environ, VARIABLE: str(FRESH), PART: f"{job.part}/{job.parts}"}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Ran(job, run.stdout, run.returncode, time.monotonic() - begun)


def main(arguments: list[str]) -> int:
    """Run all folders and give the exit status."""
    ran: list[Ran] = []
    wanted = jobs(arguments)
    print(f"The fresh seed of this run: {VARIABLE}={FRESH}", flush=True)
    with ThreadPoolExecutor(AT_ONCE) as lanes:
        for done in as_completed([lanes.submit(run_job, job, arguments) for job in wanted]):
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
