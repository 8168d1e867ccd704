"""Fixtures: a small operation in the session's graph, which other tests share."""

import pytest

from opsplan.gazetteer.service import keep_countries
from opsplan.graph.driver import Graph
from tests.opsplan.records.world import World
from tests.opsplan.scheduling.theatre import Theatre


@pytest.fixture
async def theatre(graph: Graph) -> Theatre:
    """Give an empty operation with agencies of its own. No run of an earlier test waits for a worker."""
    if not await graph.read_rows("MATCH (n:Reference {id: 'country_kh'}) RETURN n.id"):
        await keep_countries(graph)
    await graph.run_outside("MATCH (run:ScheduleRun) WHERE run.state IN ['QUEUED', 'RUNNING'] SET run.state = 'FAILED'")
    return await Theatre(await World(graph).open()).open()
