"""The feed under kill -9: a client that keeps its cursor misses nothing and gets nothing twice."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from opsplan.graph.driver import Graph
from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OWN, enter
from tests.opsplan.web.processes import Process, running_service
from tests.seeds import FRESH

pytestmark = pytest.mark.requirement("P7")

SITE = {"location": {"longitude": 104.9, "latitude": 11.6}, "owner": OWN}
PAGE = """query ($after: String, $first: Int) { changes(after: $after, first: $first) {
  endCursor hasMore changes { kind recordId cursor } } }"""
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Compound { name version } } }"
UPSERT = """mutation ($items: [UpsertCompoundItem!]!, $key: String) {
  upsertCompounds(input: {items: $items, mode: PARTIAL}, idempotencyKey: $key) { __typename } }"""


class CaseSystem:
    """A foreign case system: what it has stored, and the cursor that it stored with it."""

    def __init__(self) -> None:
        self.cursor: str | None = None
        self.versions: dict[str, int] = {}
        self.seen: list[tuple[str, str, str]] = []

    async def take_page(self, client: httpx.AsyncClient, first: int) -> bool:
        """Take a page and what it names, and store both with the cursor; say whether there is more."""
        page = (await _ask(client, PAGE, after=self.cursor, first=first))["changes"]
        ids = sorted({each["recordId"] for each in page["changes"]})
        nodes = (await _ask(client, NODES, ids=ids))["nodes"] if ids else []
        # As a case system would, in one transaction of its own: nothing of this stands unless all of it does.
        self.versions |= {each["id"]: each["version"] for each in nodes if "version" in each}
        self.seen += [(each["kind"], each["recordId"], each["cursor"]) for each in page["changes"]]
        self.cursor = page["endCursor"]
        return bool(page["hasMore"])


async def _ask(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


async def _through_kills(
    folder: Path, environment: dict[str, str], kills: int, work: Callable[[httpx.AsyncClient, Process], Awaitable[bool]]
) -> None:
    """Serve and do `work` again and again, killing the service `kills` times; then until it says that it is done."""
    chance = random.Random(FRESH)
    for life in range(kills + 1):
        with running_service(folder, environment) as process:
            await process.ready()
            headers = {"authorization": f"Bearer {process.token(OWN, Role.PLANNER)}"}
            async with httpx.AsyncClient(base_url=process.url, timeout=60, headers=headers) as client:
                if life < kills:
                    asyncio.get_running_loop().call_later(chance.uniform(0.05, 1.5), process.running.kill)
                try:
                    is_done = False
                    while not is_done or life < kills:
                        is_done = await work(client, process)
                except httpx.TransportError:
                    assert life < kills, process.text()[-2_000:]


async def _begun(system: CaseSystem, client: httpx.AsyncClient) -> bool:
    """Take the cursor from which all follows; the graph is empty then, so that there is nothing to read first."""
    await system.take_page(client, 1)
    return True


@pytest.fixture
def environment(graph_server: Any) -> dict[str, str]:
    """Say where the graph is."""
    return {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
    }


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
async def test_a_client_stays_in_step_through_kills(
    world: Graph, environment: dict[str, str], tmp_path: Path, kills: int
) -> None:
    """Writers write by the service and beside it; each of their changes comes once, in the order of the commits."""
    system, done = CaseSystem(), asyncio.Event()
    numbers = iter(range(1_000_000))
    sent: dict[str, list[dict[str, Any]]] = {}

    async def beside() -> None:
        while not done.is_set():
            await enter(world, "Compound", [{**SITE, "name": f"EXERCISE beside {next(numbers)}"} for _ in range(3)])
            await asyncio.sleep(0.2)

    async def work(client: httpx.AsyncClient, _: Process) -> bool:
        number = next(numbers)
        place = {"location": SITE["location"]}
        key = f"case-load-{number:06d}"
        sent[key] = [{**place, "externalId": f"case-{number % 40}", "name": f"EXERCISE {number}"}]
        await _ask(client, UPSERT, items=sent[key], key=key)
        await system.take_page(client, 4)
        return True

    await _through_kills(tmp_path, environment, 0, lambda client, _: _begun(system, client))
    writing = asyncio.create_task(beside())
    try:
        await _through_kills(tmp_path, environment, kills, work)
    finally:
        done.set()
        await writing

    async def rest(client: httpx.AsyncClient, _: Process) -> bool:
        return not await system.take_page(client, 50)

    await _through_kills(tmp_path, environment, 0, rest)
    await _is_in_step(world, system)
    # What was answered is there, once: each upsert changes one record by one version.
    assert len(sent) > kills


@pytest.mark.long
@pytest.mark.timeout(1_800)
async def test_a_hundred_thousand_changes_are_read_through_kills(
    world: Graph, environment: dict[str, str], tmp_path: Path
) -> None:
    """A feed of 10^5 changes in large commits, read by pages of a thousand while the service is killed between them."""
    system = CaseSystem()

    await _through_kills(tmp_path, environment, 0, lambda client, _: _begun(system, client))
    for batch in range(50):
        await enter(world, "Compound", [{**SITE, "name": f"EXERCISE {batch} {each}"} for each in range(2_000)])

    async def read(client: httpx.AsyncClient, _: Process) -> bool:
        return not await system.take_page(client, 1_000)

    await _through_kills(tmp_path, environment, 10, read)
    assert len(system.seen) == 100_000
    await _is_in_step(world, system)


async def _is_in_step(world: Graph, system: CaseSystem) -> None:
    """Hold what the system has against the graph: each change once and in order, each record in its last version."""
    changes = await world.read_rows(
        "MATCH (m:Commit) MATCH (c:Change {commit_id: m.id}) WHERE c.noun = 'Compound' "
        "RETURN c.kind, c.record_id ORDER BY m.number, c.ordinal"
    )
    assert [[kind, record] for kind, record, _ in system.seen] == changes
    assert len({cursor for _, _, cursor in system.seen}) == len(system.seen)
    rows = await world.read_rows("MATCH (c:Compound) RETURN c.id, c.version")
    assert system.versions == dict(rows)
