# Fixture strategy: this test kills its server, so it starts one of its own on a folder of its own.
"""Tests of writes under a server that dies: nothing acknowledged is lost, nothing is half-written, nothing doubled."""

import asyncio
import itertools
import os
import signal
from pathlib import Path

import pytest

from opsplan.gazetteer.service import keep_countries
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.graph.open import open_graph
from opsplan.records.feed import changes_after
from opsplan.records.writing import IdempotencyKey, Writing
from opsplan.vocabulary.errors import OpsplanError
from tests.opsplan.records.world import World, checked, noun

WRITERS, ENOUGH = 4, 12


async def _write_both(world: World, key: str) -> list[str]:
    """Create a compound with an estimate in one write, under an idempotency key."""

    async def work(w: Writing) -> list[str]:
        site = await w.create(noun("Compound"), [checked("Compound", name=key, location=(104.92, 11.56))])
        estimate = checked(
            "VictimEstimate",
            compound=site[0],
            nationality="VN",
            low=1,
            likely=2,
            high=3,
            as_of="2026-11-01T00:00:00Z",
        )
        return site + await w.create(noun("VictimEstimate"), [estimate])

    return await world.write(work, idempotency=IdempotencyKey(key, key))


@pytest.mark.timeout(600)
async def test_a_killed_server_loses_nothing_and_keeps_nothing_by_halves(tmp_path: Path) -> None:
    """kill -9 of Neo4j under four writers; after its return every request, sent again, has had exactly one effect."""
    options = LocalServerOptions(data_dir=tmp_path, heap_mb=384, short_lived=True)
    answers: dict[str, list[str]] = {}
    asked: list[str] = []
    with start_server(options) as server:
        async with open_graph(server.address) as graph:
            await keep_countries(graph)
            world = await World(graph).open()
            enough, killed = asyncio.Event(), asyncio.Event()

            async def writer(number: int) -> None:
                # A request under way at the kill fails, or outlasts the absence: the guard starts the server again.
                for turn in itertools.takewhile(lambda _: not killed.is_set(), itertools.count()):
                    key = f"{number}-{turn}"
                    asked.append(key)
                    try:
                        answers[key] = await _write_both(world, key)
                    except OpsplanError:
                        return
                    if len(answers) >= ENOUGH:
                        enough.set()

            writers = [asyncio.create_task(writer(number)) for number in range(WRITERS)]
            await enough.wait()
            java = server.java_pid
            assert java is not None
            before = len(answers)
            os.kill(java, signal.SIGKILL)
            killed.set()
            await asyncio.gather(*writers)
    assert len(asked) > before
    with start_server(options) as server:
        async with open_graph(server.address) as graph:
            world.graph = graph
            halves = "MATCH (n:Compound) WHERE NOT (n)<-[:ESTIMATED_AT]-() OR NOT (n)-[:LIES_IN]->() RETURN count(n)"
            assert await graph.read_rows(halves) == [[0]]
            again = {key: await _write_both(world, key) for key in asked}
            assert {key: again[key] for key in answers} == answers
            rows = await graph.read_rows(
                "MATCH (n:Compound)<-[:ESTIMATED_AT]-(e:VictimEstimate) RETURN n.name, n.id, e.id"
            )
            assert sorted(rows) == sorted([key, *ids] for key, ids in again.items())
            told = await changes_after(graph, 0, 10_000)
            assert [commit.number for commit in told] == list(range(1, len(asked) + 2))
            assert all(len(commit.changes) == 2 for commit in told[1:])
