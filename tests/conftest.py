# Fixture strategy: ONE real local Neo4j per test session, on a fresh temporary data folder but with this user's shared
# jar cache (so the first run on a machine fetches it, later ones start it in seconds). A test that asks for `graph`
# shares its contents with all others and must not count on them; one that asks for `empty_graph` gets it wiped before
# it begins (migrations stay). Tests of starting, killing and stopping servers make servers of their own.
"""Fixtures that every room's tests share: the server, the graph, the empty graph."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.local.handle import LocalServer
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.graph.open import open_graph

PART = "TEST_PART"
"""``2/8``: of all tests that are found, each eighth from the second on is run."""

WIPE = (
    "MATCH (n) WHERE NOT n:Migration AND NOT n:MigrationLock CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the other parts of a folder's tests to other processes."""
    part, parts = (int(each) for each in os.environ.get(PART, "1/1").split("/"))
    items[:] = items[part - 1 :: parts]


@pytest.fixture(scope="session")
def short_lived() -> bool:
    """Say whether the session's server is up soon rather than fast later; a folder that works it hard says no."""
    return True


@pytest.fixture(scope="session")
def local_server(tmp_path_factory: pytest.TempPathFactory, short_lived: bool) -> Iterator[LocalServer]:
    """Give the session's one server."""
    folder = tmp_path_factory.mktemp("opsplan-data")
    options = LocalServerOptions(data_dir=folder, heap_mb=768, short_lived=short_lived)
    with start_server(options) as server:
        yield server


@pytest.fixture(scope="session")
def graph_server(local_server: LocalServer) -> GraphAddress:
    """Give the address, user and password of the session's one server."""
    return local_server.address


@pytest.fixture(scope="session")
async def graph(graph_server: GraphAddress) -> AsyncIterator[Graph]:
    """Give the graph of the session's server; what other tests left is in it."""
    async with open_graph(graph_server) as graph:
        yield graph


@pytest.fixture
async def empty_graph(graph: Graph) -> Graph:
    """Give the graph of the session's server with nothing in it but its migrations."""
    await graph.run_outside(WIPE)
    return graph
