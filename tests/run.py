"""Run every folder of tests, one after another, each with a Neo4j of its own; what `make test` does.

A folder's tests share one server, and no folder inherits what another left in it or in the process. Arguments are
handed to pytest. The last line is ``N passed, N failed``; the status is 0 when nothing failed.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
_COUNT = re.compile(r"(\d+) (passed|failed|errors?)\b")
_NO_TESTS = 5


def folders() -> list[str]:
    """Give the folders that are run, so that each test file is in exactly one of them."""
    tests = ROOT / "tests"
    found = [*tests.iterdir(), *(tests / "opsplan").iterdir()]
    return sorted(
        str(each.relative_to(ROOT))
        for each in found
        if each.name != "opsplan" and (any(each.rglob("test_*.py")) if each.is_dir() else each.match("test_*.py"))
    )


def main(arguments: list[str]) -> int:
    """Run all folders and give the exit status."""
    passed = failed = 0
    broken = []
    for folder in folders():
        begun = time.monotonic()
        print(f"\n== {folder}", flush=True)
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", *arguments, folder],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert run.stdout is not None
        last = ""
        for line in run.stdout:
            print(line, end="", flush=True)
            last = line if _COUNT.search(line) else last
        status = run.wait()
        counts = {what.rstrip("s"): int(number) for number, what in _COUNT.findall(last)}
        passed += counts.get("passed", 0)
        failed += counts.get("failed", 0) + counts.get("error", 0)
        if status not in (0, _NO_TESTS):
            broken.append(folder)
        print(f"== {folder}: {time.monotonic() - begun:.0f} s", flush=True)
    if broken:
        print(f"\nFolders with failures: {', '.join(broken)}")
    failed = max(failed, len(broken))
    if "long" in arguments:
        print(f"\ncases={passed + failed} failed={failed} (each test prints its seeds)")
    print(f"\n{passed} passed, {failed} failed")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
