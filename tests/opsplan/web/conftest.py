# Fixture strategy: ONE real service per test session, in a thread with its own event loop, on a free port of loopback,
# over the session's Neo4j. Tests speak to it by real sockets only. `world` wipes the graph and enters three invented
# agencies with ids that never change (the service remembers an agency's id for a moment). Tests of stopping and of
# logs start services of their own in other processes.
"""Fixtures of the web tests: the service, its world, tokens, and a client."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from opsplan.access.issuer import LocalIssuer
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.main import Capability, open_service
from opsplan.main.commands import make_token
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.records.check import check_row
from opsplan.records.feed import last_number
from opsplan.records.writing import Writing, write
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import FrozenClock, system_clock
from tests.conftest import WIPE

OWN, OTHER, ABROAD = "KH-NCB", "TH-NCB", "INT-NGO"
ADMINISTRATOR = Actor("machine:test", roles=frozenset({Role.ADMINISTRATOR}))


def agency_id(code: str) -> str:
    """Give the id of an agency of the world, the same in every world."""
    return "agency_" + code.lower().replace("-", "0").ljust(26, "0")


@dataclass
class Running:
    """A service that runs in a thread."""

    url: str
    settings: Settings
    issuer: LocalIssuer

    def token(self, code: str = OWN, *roles: Role, hours: float = 1.0, subject: str = "anna") -> str:
        """Make a token for an agency and roles."""
        return make_token(
            self.settings, agency_code=code, roles=roles or (Role.COORDINATOR,), hours=hours, subject=subject
        )


def settings_for(address: GraphAddress, data_dir: Path, **more: str) -> Settings:
    """Give settings of a service over the session's Neo4j."""
    return Settings.from_env(
        {
            "OPSPLAN_NEO4J_URI": address.uri,
            "OPSPLAN_NEO4J_USER": address.user,
            "OPSPLAN_NEO4J_PASSWORD": address.password,
            "OPSPLAN_DATA_DIR": str(data_dir),
            "OPSPLAN_PORT": "0",
            **more,
        }
    )


@contextmanager
def serving(settings: Settings, capabilities: Sequence[Capability] = ()) -> Iterator[Running]:
    """Run a service with these settings in a thread, on a free port, until the block ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    ready: Future[tuple[uvicorn.Server, LocalIssuer]] = Future()

    async def run() -> None:
        async with open_service(settings, capabilities=capabilities) as opened:
            config = uvicorn.Config(
                opened.app,
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                ws_max_size=settings.body_bytes,
            )
            server = uvicorn.Server(config)
            assert opened.issuer is not None
            ready.set_result((server, opened.issuer))
            await server.serve(sockets=[listening])

    def body() -> None:
        try:
            asyncio.run(run())
        except BaseException as failure:
            if not ready.done():
                ready.set_exception(failure)
            raise

    thread = threading.Thread(target=body, name="service")
    thread.start()
    server, issuer = ready.result(60)
    try:
        yield Running(f"http://127.0.0.1:{listening.getsockname()[1]}", settings, issuer)
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def service(graph_server: GraphAddress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run the service on a free port."""
    with serving(settings_for(graph_server, tmp_path_factory.mktemp("service"))) as running:
        yield running


@pytest.fixture(scope="session")
async def http(service: Running) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the service, without any token."""
    async with httpx.AsyncClient(base_url=service.url, timeout=30) as client:
        yield client


@dataclass
class Api:
    """Asks the service as one caller."""

    client: httpx.AsyncClient
    token: str

    async def post(self, query: str, variables: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send an operation."""
        return await self.client.post(
            "/graphql",
            json={"query": query, **({"variables": variables} if variables else {})},
            headers={"authorization": f"Bearer {self.token}", **more.get("headers", {})},
        )

    async def data(self, query: str, variables: dict[str, Any] | None = None) -> Any:
        """Send an operation and give its data; errors fail the test."""
        response = await self.post(query, variables)
        content = response.json()
        assert "errors" not in content, content["errors"]
        return content["data"]

    async def errors(self, query: str, variables: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Send an operation and give its errors; their absence fails the test."""
        content = (await self.post(query, variables)).json()
        assert content.get("errors"), content
        return content["errors"]


@pytest.fixture
def api(http: httpx.AsyncClient, service: Running) -> Callable[..., Api]:
    """Give a maker of callers: by default a coordinator of the own agency."""
    return lambda code=OWN, *roles: Api(http, service.token(code, *roles))


async def enter(graph: Graph, noun: str, rows: list[dict[str, Any]]) -> list[str]:
    """Enter records, given as a file would have them, as the machine's administrator."""
    checked = [check_row(CATALOGUE[noun], row) for row in rows]
    assert not [problem for _, problems in checked for problem in problems]

    async def work(writing: Writing) -> list[str]:
        return await writing.create(CATALOGUE[noun], [row for row, _ in checked])

    return await write(graph, ADMINISTRATOR, system_clock, work, laws=LAWS, request_id="test-world")


@pytest.fixture
async def world(graph: Graph) -> Graph:
    """Give a graph with four countries and three invented agencies, and nothing else."""
    return await _make_world(graph)


@pytest.fixture(scope="module")
async def settled(graph: Graph) -> Graph:
    """Give the same for a whole module: for tests that change nothing."""
    return await _make_world(graph)


async def _make_world(empty_graph: Graph) -> Graph:
    number = await last_number(empty_graph)
    await empty_graph.run_outside(WIPE)
    if number:
        # The service follows the commits: for it the world goes on where the last one ended.
        await empty_graph.run_outside("CREATE (:CommitSequence {id: 1, number: $number})", {"number": number})
    else:
        # Another test wiped the graph. The service notices that within a second, as after a restored backup.
        await asyncio.sleep(1.2)
    await empty_graph.run_outside(
        "UNWIND $codes AS code CREATE (:Reference:Country {id: 'country_' + toLower(code), code: code, name: code, "
        "alpha3: code + 'X', numeric: '000', time_zones: ['UTC'], borders_known: true})",
        {"codes": ["DE", "KH", "TH", "VN"]},
    )
    await enter(
        empty_graph,
        "Agency",
        [
            {
                "id": agency_id(code),
                "code": code,
                "name": f"EXERCISE {code}",
                "kind": "NCB",
                "territorial": code != ABROAD,
                "country": f"country_{code[:2].lower()}" if code != ABROAD else None,
            }
            for code in (OWN, OTHER, ABROAD)
        ],
    )
    return empty_graph


@pytest.fixture
def frozen() -> FrozenClock:
    """Give a clock that stands still."""
    return FrozenClock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
