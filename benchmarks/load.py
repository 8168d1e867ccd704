"""Loading: rows by the thousand in one transaction, rows by the million in journaled batches.

``python -m benchmarks.load --rows 50000 1000000`` writes invented targets and their identifiers to files in a temporary
folder and has `opsplan load` put them into a local Neo4j of their own, once for each number. The loader is a process of
its own, so its memory is told apart from the server's: it must not grow with the rows. One line for each number:
``load: rows=N transactions=one|batches created=N seconds=… rows_per_s=… loader_peak_mb=… neo4j_peak_mb=…``.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import psutil

from benchmarks.memory import pss_mb
from opsplan.exchange.load import ONE_TRANSACTION_ROWS

_AGENCY = {"external_id": "EXERCISE-agency", "code": "EX-BENCH", "name": "EXERCISE Bench", "kind": "POLICE"}
_NAMES = ("Quill Marrow", "Łucja Żak", "金正浩", "Նարե", "สมชาย", "Ómar Ísak")
_CREATED = re.compile(r"([\d,]+) created")


def _targets(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        yield {
            "external_id": f"T-{number}",
            "owner": "EX-BENCH",
            "kind": "PERSON",
            "name": f"EXERCISE {_NAMES[number % len(_NAMES)]} {number}",
            "aliases": [f"EXERCISE Alias {number % 9_973}"],
            "source": "invented for a benchmark",
        }


def _identifiers(count: int) -> Iterator[dict[str, object]]:
    for number in range(count):
        yield {
            "external_id": f"I-{number}",
            "owner": "EX-BENCH",
            "scheme": "PHONE",
            "value": f"+999{number:010}",
            "target": f"/T-{number // 2}",
        }


def _write(folder: Path, rows: int) -> None:
    for name, made in (
        ("agency", iter([_AGENCY])),
        ("target", _targets(rows - rows // 2 - 1)),
        ("identifier", _identifiers(rows // 2)),
    ):
        with (folder / f"{name}.jsonl").open("wb") as file:
            file.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in made)


def run(rows: int) -> bool:
    """Load so many rows into an empty graph and print the figures; False when not every row arrived."""
    with tempfile.TemporaryDirectory(prefix="opsplan-bench-") as name:
        folder = Path(name)
        (folder / "rows").mkdir()
        _write(folder / "rows", rows)
        environment = {**os.environ, "OPSPLAN_DATA_DIR": str(folder / "data")}
        command = [sys.executable, "-m", "opsplan", "load", str(folder / "rows")]
        begun = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        loader, server = _watch(psutil.Process(process.pid))
        output, _ = process.communicate()
        seconds = time.monotonic() - begun
        found = _CREATED.search(output)
        created = int(found.group(1).replace(",", "")) if found else 0
    print(
        f"load: rows={rows} transactions={'one' if rows <= ONE_TRANSACTION_ROWS else 'batches'} created={created} "
        f"seconds={seconds:.1f} rows_per_s={rows / seconds:.0f} "
        f"loader_peak_mb={loader[0]:.0f} neo4j_peak_mb={server[0]:.0f}",
        flush=True,
    )
    return created == rows and process.returncode == 0


def _watch(process: psutil.Process) -> tuple[list[float], list[float]]:
    """Follow the peaks of the loader and of its descendants, the server, until it ends."""
    loader, server = [0.0], [0.0]

    def sample() -> None:
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            loader[0] = max(loader[0], pss_mb(process))
            server[0] = max(server[0], sum(pss_mb(each) for each in process.children(recursive=True)))
            time.sleep(0.5)

    threading.Thread(target=sample, daemon=True).start()
    return loader, server


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Load invented rows from files.")
    parser.add_argument("--rows", type=int, nargs="+", default=[ONE_TRANSACTION_ROWS, 1_000_000])
    sys.exit(0 if all(run(rows) for rows in parser.parse_args().rows) else 1)
