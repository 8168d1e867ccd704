# Fixture strategy: `world` shares the session's graph, makes agencies of its own and needs the countries there. A test
# that counts the whole graph takes `empty_world`, whose graph is wiped first.
"""Fixtures for tests of writers: a world with agencies in a graph with countries."""

import pytest

from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from tests.opsplan.records.world import World


@pytest.fixture
async def world(graph: Graph) -> World:
    """Give a world of its own in the shared graph."""
    if not await graph.read_rows("MATCH (n:Reference {id: 'country_kh'}) RETURN n.id"):
        await keep_countries(graph)
    return await World(graph).open()


@pytest.fixture
async def empty_world(empty_graph: Graph) -> World:
    """Give a world in a graph that holds nothing else."""
    await keep_countries(empty_graph)
    return await World(empty_graph).open()
