# Fixture strategy: the service and the world of the web's tests, and clients that get their tokens by a registered key.
# Tests of kills and of the guide run services and systems in processes of their own.
"""Fixtures of the typed client's tests: a client whose key is registered."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from opsplan.client import Client, ClientKey, KeyTokens, new_key
from opsplan.graph.driver import Graph
from tests.opsplan.web.conftest import OWN, Running, agency_id, enter, http, service, settled, world

__all__ = ["http", "registered", "service", "settled", "world"]


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


@pytest.fixture
def client_with(service: Running) -> Callable[[str], Awaitable[Client]]:
    """Give a maker of clients that have a token and no key."""

    async def make(token: str) -> Client:
        return Client(service.url, token)

    return make
