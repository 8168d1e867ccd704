# Fixture strategy: ONE real local Neo4j per test session, with this user's shared jar cache (so the first run on a
# machine fetches it, later ones start it in seconds). Alone, a folder of tests starts it on a temporary data folder;
# `tests.run` keeps one running for all folders of a lane, as a server that is warm needs a fraction of the processor's
# time, and each session empties it before it begins. The schema stays where it is the product's: to make it anew takes
# ten seconds, and the server forgets with it how it carries statements out. A test that asks for `graph` shares its
# contents with all others and must not count on them; one that asks for `empty_graph` gets it wiped before it begins
# (migrations stay). Tests of starting, killing and stopping servers make servers of their own.
"""Fixtures that every room's tests share: the server, the graph, the empty graph."""

import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import neo4j
import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.local.handle import LocalServer
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import open_server
from opsplan.graph.migrations import Migration, product_migrations
from opsplan.graph.open import open_graph

PART = "TEST_PART"
"""``2/8``: of all tests that are found, each eighth from the second on is run."""

DATA_DIR = "TEST_DATA_DIR"
"""The data folder of a server that other sessions have used before and will use after this one."""

WIPE = (
    "MATCH (n) WHERE NOT n:Migration AND NOT n:MigrationLock CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
)

_RULE = re.compile(r"^\s*CREATE\s+(?:\w+\s+)*?(?P<kind>CONSTRAINT|INDEX)\s+(?P<name>\w+)\s+IF NOT EXISTS", re.MULTILINE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the other parts of a folder's tests to other processes."""
    part, parts = (int(each) for each in os.environ.get(PART, "1/1").split("/"))
    items[:] = items[part - 1 :: parts]


@pytest.fixture(scope="session")
def local_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """Give the session's one server, empty: the one that runs on the folder in `DATA_DIR` already, or a new one."""
    given = os.environ.get(DATA_DIR)
    options = session_server(Path(given) if given else tmp_path_factory.mktemp("opsplan-data"))
    with open_server(options) as server:
        if not server.is_owned:
            _empty(server.address)
        yield server


def session_server(folder: Path) -> LocalServerOptions:
    """Give how the server of a session is run."""
    return LocalServerOptions(data_dir=folder, heap_mb=768, busy=True)


def _empty(address: GraphAddress) -> None:
    """Take out all that an earlier session left: records, and constraints and indexes unless they are the product's."""
    access = (address.user, address.password)
    with (
        neo4j.GraphDatabase.driver(address.uri, auth=access, notifications_min_severity="OFF") as driver,
        driver.session() as session,
    ):
        if _is_migrated(session, product_migrations()):
            session.run(WIPE).consume()
            return
        for kind, name in _rules(session):
            session.run(f"DROP {kind} `{name}` IF EXISTS").consume()
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()


def _is_migrated(session: neo4j.Session, migrations: Sequence[Migration]) -> bool:
    """Say whether a graph has just these migrations, and no constraint or index but what they make, each ready."""
    applied = session.run("MATCH (m:Migration) RETURN m.number, m.name, m.checksum ORDER BY m.number").values()
    if applied != [[each.number, each.name, each.checksum] for each in migrations]:
        return False
    made = [_RULE.search(statement) for each in migrations for statement in each.statements]
    if _rules(session) != {(rule["kind"], rule["name"]) for rule in made if rule}:
        return False
    return not session.run("SHOW INDEXES YIELD state WHERE state <> 'ONLINE' RETURN state").values()


def _rules(session: neo4j.Session) -> set[tuple[str, str]]:
    """Give kind and name of each constraint and index, without the indexes that stand behind constraints."""
    constraints = session.run("SHOW CONSTRAINTS YIELD name RETURN 'CONSTRAINT', name")
    indexes = session.run(
        "SHOW INDEXES YIELD name, type, owningConstraint WHERE type <> 'LOOKUP' AND owningConstraint IS NULL "
        "RETURN 'INDEX', name"
    )
    return {(kind, name) for rows in (constraints.values(), indexes.values()) for kind, name in rows}


@pytest.fixture(scope="session")
def graph_server(local_server: LocalServer) -> GraphAddress:
    """Give the address, user and password of the session's one server."""
    return local_server.address


@pytest.fixture(scope="session")
async def graph(graph_server: GraphAddress) -> AsyncIterator[Graph]:
    """Give the graph of the session's server; what other tests left is in it."""
    async with open_graph(graph_server) as graph:
        yield graph


@pytest.fixture
async def empty_graph(graph: Graph) -> Graph:
    """Give the graph of the session's server with nothing in it but its migrations."""
    await graph.run_outside(WIPE)
    return graph
