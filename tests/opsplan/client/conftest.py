# Fixture strategy: the world of the web's tests, a service over it for the session, and clients that get their tokens
# by a registered key. Tests of kills and of the guide run services and systems in processes of their own.
"""Fixtures of the typed client's tests: a client whose key is registered."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from opsplan.client import Client, ClientKey, KeyTokens, new_key
from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.main import CAPABILITIES
from tests.opsplan.web.conftest import OWN, Running, agency_id, enter, serving, settings_for, world

__all__ = ["client", "registered", "service", "world"]


@pytest.fixture(scope="session")
def service(graph_server: GraphAddress, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run the service as it is served, with all that it can, on a free port."""
    with serving(settings_for(graph_server, tmp_path_factory.mktemp("service")), CAPABILITIES) as running:
        yield running


async def registered(graph: Graph, path: Path, code: str = OWN, name: str = "Case system") -> ClientKey:
    """Make a key, and have it registered for an agency."""
    key = new_key(path)
    row = {"name": name, "use": "CLIENT", "roles": ["PLANNER"], "jwk": key.bare, "owner": code}
    await enter(graph, "AgencyKey", [{**row, "agency": agency_id(code)}])
    return key


@pytest.fixture
async def client(service: Running, world: Graph, tmp_path: Path) -> AsyncIterator[Client]:
    """Give a client of the own agency."""
    key = await registered(world, tmp_path / "key.jwk")
    async with Client(service.url, KeyTokens(key, service.url, OWN)) as client:
        yield client
