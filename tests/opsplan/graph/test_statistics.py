"""The server's counts, by which it plans."""

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.repeat import Bounds
from opsplan.graph.statistics import count_anew


async def test_where_it_cannot_count_nothing_fails() -> None:
    """What was entered is there, so a server that is away just now is no failure of it."""
    away = GraphAddress("bolt://127.0.0.1:1", "neo4j", "nobody")
    async with Graph(away, bounds=Bounds(total_s=0.5)) as graph:
        await count_anew(graph)
