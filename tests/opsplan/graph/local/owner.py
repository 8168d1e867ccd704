"""A process that owns a local server, to be killed: ``python -m tests.opsplan.graph.local.owner DATA_DIR [WORD...]``.

It prints one line of JSON about the server and then sleeps. Words: ``fork`` leaves a forked child that holds every
descriptor of the owner; ``stay`` leaves the server running and ends; ``limit=BYTES`` allows no larger file.
"""

import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

import opsplan
from opsplan.graph.address import GraphAddress
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.vocabulary.errors import SetupError

ROOT = Path(opsplan.__file__).parents[1]


def main(data_dir: str, *words: str) -> None:
    for word in words:
        if word.startswith("limit="):
            limit_bytes = int(word.removeprefix("limit="))
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    try:
        server = start_server(
            LocalServerOptions(data_dir=Path(data_dir), heap_mb=384, short_lived=True), stays="stay" in words
        )
    except SetupError as refusal:
        print(json.dumps({"error": type(refusal).__name__, "message": refusal.message, **refusal.facts}), flush=True)
        return
    child = None
    if "fork" in words:
        child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
        child.start()
    address = server.address
    print(
        json.dumps(
            {
                "pid": os.getpid(),
                "guard": server.guard_pid,
                "java": server.java_pid,
                "uri": address.uri,
                "password": address.password,
                "child": child.pid if child else None,
            }
        ),
        flush=True,
    )
    if "stay" in words:
        server.leave()
    else:
        time.sleep(600)


def await_end(*pids: int, within_s: float = 30.0) -> None:
    """Wait until none of the processes runs."""
    until = time.monotonic() + within_s
    for pid in pids:
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < until, f"process {pid} still runs"
            time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner that runs, and what it told."""

    process: "subprocess.Popen[str]"
    pid: int
    guard: int
    java: int
    address: GraphAddress
    child: int | None


def told_by_owner(data_dir: Path, *words: str) -> dict[str, object]:
    """Run an owner that ends by itself, and give what it told."""
    with _started(data_dir, *words) as process:
        said = json.loads(process.communicate(timeout=120)[0])
        assert isinstance(said, dict)
        return said


@contextmanager
def owner(data_dir: Path, *words: str) -> Iterator[Owner]:
    """Give an owner that runs; it is killed with SIGKILL at the end of the block, if not before."""
    with _started(data_dir, *words) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert "error" not in said, said
        address = GraphAddress(said["uri"], "neo4j", said["password"])
        yield Owner(process, said["pid"], said["guard"], said["java"], address, said["child"])


@contextmanager
def _started(data_dir: Path, *words: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-m", __name__ if __name__ != "__main__" else __spec__.name, str(data_dir), *words],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        # A locale without letters beyond ASCII, as in many containers and services.
        env={"LC_ALL": "C", "PYTHONUTF8": "1", "HOME": str(Path.home())},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
