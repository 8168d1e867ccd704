"""Transactions on the real server."""

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx

ADD_THING = Query("tests.add_thing", Mode.WRITE, "CREATE (t:Thing {id: $id}) RETURN t.id AS id")
THINGS = Query("tests.things", Mode.READ, "MATCH (t:Thing) RETURN t.id AS id, t.id + 1 ORDER BY id")


async def test_what_is_written_is_read(empty_graph: Graph) -> None:
    """A committed write is seen by the next read, as mappings, as lists, and one by one."""

    async def add(tx: Tx) -> int:
        for number in range(3):
            await tx.run(ADD_THING, id=number)
        row = await tx.single(ADD_THING, id=3)
        assert row is not None
        return int(row["id"])

    assert await empty_graph.write(add) == 3
    assert [r["id"] for r in await empty_graph.read(lambda tx: tx.run(THINGS))] == [0, 1, 2, 3]
    assert await empty_graph.read(lambda tx: tx.rows(THINGS)) == [[0, 1], [1, 2], [2, 3], [3, 4]]
    assert await empty_graph.read_rows(THINGS) == [[0, 1], [1, 2], [2, 3], [3, 4]]

    async def stream(tx: Tx) -> list[int]:
        return [row["id"] async for row in tx.stream(THINGS)]

    assert await empty_graph.read(stream) == [0, 1, 2, 3]
