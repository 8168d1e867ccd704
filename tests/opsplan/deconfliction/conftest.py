# Fixture strategy: every test begins in an empty graph, with four agencies of its own: all claims there are meet.
"""Fixtures for tests of deconfliction."""

import pytest

from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from tests.opsplan.deconfliction.theatre import Theatre
from tests.opsplan.records.world import World


@pytest.fixture
async def theatre(empty_graph: Graph) -> Theatre:
    """Give four agencies in a graph without claims."""
    await keep_countries(empty_graph)
    return await Theatre(await World(empty_graph).open()).open()
