# Fixture strategy: every test begins in an empty graph, with four agencies of its own: all claims there are meet.
"""Fixtures for tests of deconfliction."""

from collections.abc import AsyncIterator

import pytest

from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.records.integrity.properties import known_properties
from tests.opsplan.deconfliction.theatre import Theatre
from tests.opsplan.records.world import World


@pytest.fixture
async def theatre(empty_graph: Graph) -> AsyncIterator[Theatre]:
    """Give four agencies in a graph without claims; what is kept on records in the end is declared."""
    await keep_countries(empty_graph)
    yield await Theatre(await World(empty_graph).open()).open()
    kept = {noun.name: [*known_properties(noun), *noun.kept] for noun in CATALOGUE if noun.owner == "deconfliction"}
    unknown = await empty_graph.read_rows(
        "MATCH (n:Record) UNWIND labels(n) AS noun WITH noun, n WHERE noun IN keys($kept) "
        "UNWIND keys(n) AS key WITH noun, key WHERE NOT key IN $kept[noun] RETURN DISTINCT noun, key",
        {"kept": kept},
    )
    assert unknown == [], "opsplan check-graph would tell of it"
