"""The service under measurement: one graph, and processes of `opsplan serve` over it."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.processes import await_port, free_port, running
from opsplan.graph.address import GraphAddress
from opsplan.main.commands import make_token
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role

_WITHOUT_LIMIT = str(10**12)


@dataclass(frozen=True, slots=True)
class Api:
    """One process of the service: where it listens, and its process."""

    port: int
    process: psutil.Process

    @property
    def address(self) -> str:
        """Its address for clients."""
        return f"http://127.0.0.1:{self.port}"


@dataclass(frozen=True, slots=True)
class Apis:
    """Processes over one graph that share keys, as those of one service do."""

    each: Sequence[Api]
    environment: Mapping[str, str]

    def token(self, agency_code: str, role: Role = Role.PLANNER) -> str:
        """Make a token that all of them take."""
        return make_token(Settings.from_env(self.environment), agency_code=agency_code, roles=(role,))


@contextmanager
def apis(address: GraphAddress, count: int, folder: Path) -> Iterator[Apis]:
    """Run `count` processes of the service over a graph; their keys and logs go to `folder`.

    Raises
    ------
    RuntimeError
        If one does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "OPSPLAN_NEO4J_URI": address.uri,
        "OPSPLAN_NEO4J_USER": address.user,
        "OPSPLAN_NEO4J_PASSWORD": address.password,
        "OPSPLAN_DATA_DIR": str(folder / "service"),
        # A benchmark asks more in a minute than an agency does, and hands over ten thousand claims in a call.
        "OPSPLAN_COST_PER_MINUTE": _WITHOUT_LIMIT,
        "OPSPLAN_BODY_BYTES": "100000000",
        "OPSPLAN_REQUEST_SECONDS": "600",
        # Nothing is scheduled here and no webhook told.
        "OPSPLAN_SOLVER_RUNS": "0",
    }
    with ExitStack() as stack:
        started: list[tuple[Api, Path]] = []
        for place in range(count):
            port = free_port()
            log = folder / f"api-{place}.log"
            process = stack.enter_context(
                running([sys.executable, "-m", "opsplan", "serve"], {**environment, "OPSPLAN_PORT": str(port)}, log)
            )
            started.append((Api(port, psutil.Process(process.pid)), log))
            # The first makes the keys that the others share.
            await_port(f"API process {place + 1}", port, started[-1][0].process, log)
        yield Apis(tuple(each for each, _ in started), environment)
