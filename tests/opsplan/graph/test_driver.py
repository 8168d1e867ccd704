"""Transactions on the real server."""

import asyncio
import time

import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.failures import QueryFailed
from opsplan.graph.query import Mode, Query
from opsplan.graph.repeat import Bounds
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.errors import Conflict, SetupError, Unavailable

ADD_THING = Query("tests.add_thing", Mode.WRITE, "CREATE (t:Thing {id: $id}) RETURN t.id AS id")
THINGS = Query("tests.things", Mode.READ, "MATCH (t:Thing) RETURN t.id AS id, t.id + 1 ORDER BY id", why_scan="test")
COUNT = "MATCH (t:Thing) RETURN count(t) AS things"


async def count_things(graph: Graph) -> int:
    return int((await graph.read_rows(COUNT))[0][0])


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


async def test_single_gives_one_row_or_none(empty_graph: Graph) -> None:
    """No row is None, one is given, and several are a fault of the statement."""
    assert await empty_graph.read(lambda tx: tx.single(THINGS)) is None
    await empty_graph.write(lambda tx: tx.run(ADD_THING, id=1))
    assert await empty_graph.read(lambda tx: tx.single("MATCH (t:Thing) RETURN t.id AS id")) == {"id": 1}
    await empty_graph.write(lambda tx: tx.run(ADD_THING, id=2))
    with pytest.raises(LookupError, match=r"tests\.things gave 2 rows"):
        await empty_graph.read(lambda tx: tx.single(THINGS))


async def test_what_work_raises_undoes_the_write(empty_graph: Graph) -> None:
    """An error of the work itself passes through, and nothing of its transaction stays."""

    async def fail(tx: Tx) -> None:
        await tx.run(ADD_THING, id=1)
        raise ZeroDivisionError("in the work")

    with pytest.raises(ZeroDivisionError, match="in the work"):
        await empty_graph.write(fail)
    assert await count_things(empty_graph) == 0


async def test_a_reading_transaction_cannot_write(empty_graph: Graph) -> None:
    """A WRITE query is refused before it is sent; a loose text that writes is refused by the server."""
    with pytest.raises(TypeError, match=r"tests\.add_thing writes; run it in graph\.write"):
        await empty_graph.read(lambda tx: tx.run(ADD_THING, id=1))
    with pytest.raises(QueryFailed, match="AccessMode"):
        await empty_graph.read(lambda tx: tx.run("CREATE (:Thing)"))
    for way in (empty_graph.read_rows, empty_graph.read_plain):
        with pytest.raises(QueryFailed, match="AccessMode"):
            await way("CREATE (:Thing)")
    assert await count_things(empty_graph) == 0


@pytest.mark.parametrize("given", [{}, {"id": 1, "extra": 2}, {"idd": 1}])
async def test_parameters_must_fit_the_query(graph: Graph, given: dict[str, int]) -> None:
    """A missing or unknown parameter of a named query is refused with its name."""
    with pytest.raises(TypeError, match=r"tests\.add_thing: parameters do not fit"):
        await graph.write(lambda tx: tx.run(ADD_THING, **given))


async def test_a_broken_uniqueness_rule_is_a_conflict(empty_graph: Graph) -> None:
    """Our error names label and properties, and never the value."""
    await empty_graph.run_outside("CREATE CONSTRAINT t_u IF NOT EXISTS FOR (u:Unique) REQUIRE (u.a, u.b) IS UNIQUE")
    create = "CREATE (:Unique {a: 'secret value', b: 1})"
    await empty_graph.write(lambda tx: tx.run(create))
    with pytest.raises(Conflict) as refused:
        await empty_graph.write(lambda tx: tx.run(create))
    assert refused.value.facts == {"label": "Unique", "properties": ("a", "b")}
    assert "secret" not in str(refused.value)
    await empty_graph.run_outside("DROP CONSTRAINT t_u")


async def test_a_wrong_statement_is_a_fault_of_ours(graph: Graph) -> None:
    """A statement that the server refuses is no refusal to the caller, and its text is not shown."""
    with pytest.raises(QueryFailed, match=r"Neo4j refused a statement \(Neo\.ClientError\.Statement\.SyntaxError\)"):
        await graph.read_rows("RETRUN 'secret'")


async def test_statements_with_transactions_of_their_own(empty_graph: Graph) -> None:
    """CALL IN TRANSACTIONS runs outside a managed transaction."""
    await empty_graph.run_outside(
        "UNWIND range(1, $n) AS i CALL (i) { CREATE (:Thing {id: i}) } IN TRANSACTIONS", {"n": 9}
    )
    assert await count_things(empty_graph) == 9


async def test_operators_of_a_plan(graph: Graph) -> None:
    """EXPLAIN tells a scan from an index seek."""
    assert "NodeByLabelScan" in await graph.operators(THINGS)
    seek = await graph.operators("MATCH (m:Migration {number: 1}) RETURN m")
    assert any(name.startswith("NodeUniqueIndexSeek") for name in seek)


async def test_a_server_that_is_not_there(graph_server: GraphAddress) -> None:
    """It is tried for the time allowed, then the error says so; a health check answers no at once."""
    address = GraphAddress("bolt://127.0.0.1:9", graph_server.user, graph_server.password)
    async with Graph(address, Bounds(total_s=0.7)) as graph:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="did not answer") as refused:
            await graph.read_rows("RETURN 1")
        assert 0.5 < time.monotonic() - began < 5
        assert refused.value.retryable
        assert not await graph.answers()
    async with Graph(address, Bounds(total_s=60, attempts=2)) as graph:
        with pytest.raises(Unavailable):
            await graph.write(lambda tx: tx.run("RETURN 1"))


async def test_a_refused_login_says_which_setting(graph_server: GraphAddress) -> None:
    """A wrong password is an error of the set-up, told at once and without the password."""
    wrong = GraphAddress(graph_server.uri, graph_server.user, "not-the-password")
    async with Graph(wrong) as graph:
        with pytest.raises(SetupError, match="refused the login") as refused:
            await graph.read_rows("RETURN 1")
    assert "OPSPLAN_NEO4J_PASSWORD" in str(refused.value.field)
    assert "not-the-password" not in f"{refused.value}{wrong!r}"


async def test_an_unknown_database_says_which_setting(graph_server: GraphAddress) -> None:
    """A database that is not there is an error of the set-up."""
    address = GraphAddress(graph_server.uri, graph_server.user, graph_server.password, database="elsewhere")
    async with Graph(address) as graph:
        with pytest.raises(SetupError, match="no database of that name"):
            await graph.read_rows("RETURN 1")


@pytest.mark.parametrize("uri", ["", "localhost", "http://127.0.0.1:7474", "bolt://127.0.0.1:port"])
def test_an_address_of_another_form_says_which_setting(uri: str) -> None:
    """What is no address of a Neo4j server is refused when the graph is made."""
    with pytest.raises(SetupError, match="no address of a Neo4j server") as refused:
        Graph(GraphAddress(uri, "neo4j", "x"))
    assert refused.value.field == "OPSPLAN_NEO4J_URI"


async def test_the_server_answers(graph: Graph) -> None:
    """A health check answers yes, and leaves no transaction behind."""
    assert await graph.answers()
    running = await graph.read_rows("SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery = 'RETURN 1' RETURN 1")
    assert running == []


async def test_many_reads_at_once(graph: Graph) -> None:
    """More tasks than connections are served, each with its own answer."""
    rows = await asyncio.gather(*(graph.read_rows("RETURN $n AS n", {"n": n}) for n in range(300)))
    assert [row[0][0] for row in rows] == list(range(300))
