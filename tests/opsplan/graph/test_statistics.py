"""The server's counts, by which it plans."""

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.repeat import Bounds
from opsplan.graph.statistics import count_anew

FIND = "UNWIND range(1, 2000) AS n MATCH (m:Mark {number: n}) RETURN m.number"


async def test_what_was_just_entered_is_planned_for(empty_graph: Graph) -> None:
    """After a load, counting anew lets a look-up by an index be planned as one, with the rows that are there."""
    await empty_graph.run_outside("CREATE CONSTRAINT mark_number IF NOT EXISTS FOR (m:Mark) REQUIRE m.number IS UNIQUE")
    try:
        await empty_graph.run_outside("CALL db.awaitIndexes(60)")
        await empty_graph.read_rows(FIND)
        await empty_graph.run_outside("UNWIND range(1, 20000) AS n CREATE (:Mark {number: n})")
        await count_anew(empty_graph)
        plan = await empty_graph.explain(FIND)
        steps = [plan]
        for step in steps:
            steps += step.children
        assert any(step.operator.startswith("NodeUniqueIndexSeek") for step in steps)
    finally:
        await empty_graph.run_outside("DROP CONSTRAINT mark_number IF EXISTS")


async def test_where_it_cannot_count_nothing_fails() -> None:
    """What was entered is there, so a server that is away just now is no failure of it."""
    away = GraphAddress("bolt://127.0.0.1:1", "neo4j", "nobody")
    async with Graph(away, bounds=Bounds(total_s=0.5)) as graph:
        await count_anew(graph)
