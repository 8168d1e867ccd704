"""Claims over the API under faults: kill -9 of the service at each point of a commit, and ten thousand overlaps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from opsplan.deconfliction.service import check_claims
from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OTHER, OWN, enter
from tests.opsplan.web.processes import Process, running_service
from tests.opsplan.web.test_claims import CLAIM, CREATE

COMMIT = CREATE.replace("$input: CreateClaimInput!", "$input: CreateClaimInput!, $key: String").replace(
    "createClaim(input: $input)", "createClaim(input: $input, idempotencyKey: $key)"
)
TOLD = """query ($after: String) {
  changes(after: $after, first: 1000) { endCursor changes { noun kind recordId } }
  notices { nodes { id key } } conflicts { nodes { id } } claims { totalCount } }"""

WITH_REVIEWS = """
import asyncio, os
from opsplan.main import serve
from opsplan.main.capabilities import REVIEWS
from opsplan.settings import Settings
asyncio.run(serve(Settings.from_env(os.environ), capabilities=(REVIEWS,)))
"""


@pytest.fixture
def environment(graph_server: Any) -> dict[str, str]:
    """Say where the graph is."""
    return {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
    }


@asynccontextmanager
async def holding(graph: Graph, node: str) -> AsyncIterator[None]:
    """Hold the lock of a node, as another writer would, until the block ends."""
    held, release = asyncio.Event(), asyncio.Event()

    async def hold(tx: Tx) -> None:
        await tx.run(f"MATCH (n:{node}) SET n.lock = true REMOVE n.lock")
        held.set()
        await release.wait()

    task = asyncio.create_task(graph.write(hold, attempts=1))
    await held.wait()
    try:
        yield
    finally:
        release.set()
        await task


class Desk:
    """An agency's system: what it was told, by the cursor that it keeps over the service's deaths."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.cursor: str | None = None
        self.events: list[tuple[str, str, str]] = []
        self.notices: dict[str, str] = {}

    async def ask(self, process: Process, query: str, **variables: Any) -> Any:
        head = {"authorization": f"Bearer {process.token(self.code, Role.PLANNER)}"}
        async with httpx.AsyncClient(base_url=process.url, timeout=60, headers=head) as client:
            answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def look(self, process: Process) -> Any:
        told = await self.ask(process, TOLD, after=self.cursor)
        self.cursor = told["changes"]["endCursor"]
        self.events += [(each["noun"], each["kind"], each["recordId"]) for each in told["changes"]["changes"]]
        self.notices = {each["id"]: each["key"] for each in told["notices"]["nodes"]}
        return told


@pytest.mark.requirement("D7")
@pytest.mark.requirement("D9")
@pytest.mark.requirement("Q3")
@pytest.mark.timeout(600)
async def test_a_service_killed_at_each_point_of_a_commit_tells_both_sides_or_nobody(
    world: Graph, environment: dict[str, str], tmp_path: Path
) -> None:
    """kill -9 before the sequence, in the commit, after it before the answer: a claim and its notices, or neither."""
    there, mine = Desk(OWN), Desk(OTHER)
    commit: dict[str, Any] = {}
    points = ("waits for the sequence", "commits", "has committed")
    for number, point in enumerate((*points, None)):
        with running_service(tmp_path, environment) as process:
            await process.ready()
            if number == 0:
                made = (await there.ask(process, CREATE, input=CLAIM))["createClaim"]
                await there.look(process)
                await mine.look(process)
            else:
                # Whatever the kill has left, the same request makes it whole, once; and both sides are told.
                answer = (await mine.ask(process, COMMIT, **commit))["createClaim"]
                assert answer["__typename"] == "Claim", answer
                told = await there.look(process)
                assert told["claims"]["totalCount"] == number + 1
                assert len(told["conflicts"]["nodes"]) == len(told["notices"]["nodes"]) == number
                assert set(there.notices.values()) >= {answer["key"]}
                await mine.look(process)
                assert len(mine.notices) == number
            if point is None:
                break
            commit = {"input": {**CLAIM, "kind": "SEARCH", "seen": [made["key"]]}, "key": f"commit-{number:05d}"}
            await _killed(world, process, mine, commit, point, made["id"])
    for desk in (there, mine):
        created = [record for noun, kind, record in desk.events if kind == "CREATED" and noun in ("Conflict", "Notice")]
        assert len(created) == len(set(created)) == 2 * len(points)


async def _killed(graph: Graph, process: Process, desk: Desk, commit: dict[str, Any], point: str, claim: str) -> None:
    """Send a commit and kill the service when it has come to a point."""

    async def count() -> int:
        (row,) = await graph.read_rows("MATCH (c:Claim) RETURN count(c)")
        return int(row[0])

    node = {"waits for the sequence": "CommitSequence", "commits": f"Record {{id: '{claim}'}}"}.get(point)
    before = await count()
    if node is None:
        asking = asyncio.create_task(desk.ask(process, COMMIT, **commit))
        while await count() == before:  # noqa: ASYNC110 - the graph says when
            await asyncio.sleep(0)
        process.running.kill()
    else:
        async with holding(graph, node):
            asking = asyncio.create_task(desk.ask(process, COMMIT, **commit))
            await asyncio.sleep(1.5)
            assert not asking.done()
            process.running.kill()
            await process.ended()
    try:
        await asking
    except httpx.TransportError:
        return
    # The answer was under way when the kill came; then the commit stands all the more.
    assert node is None


@pytest.mark.requirement("D1")
@pytest.mark.requirement("Q3")
@pytest.mark.timeout(600)
async def test_a_changed_rule_is_carried_through_though_the_service_is_killed(
    world: Graph, environment: dict[str, str], tmp_path: Path
) -> None:
    """kill -9 in the middle of judging 400 pairs of claims anew: the next service ends it, each pair is told once."""
    pairs = 400
    rows = [
        {
            "kind": "RAID",
            "start": CLAIM["start"],
            "end": CLAIM["end"],
            "owner": owner,
            "location": {"longitude": 100 + number % 20 * 0.1, "latitude": 10 + number // 20 * 0.1 + shift},
        }
        for number in range(pairs)
        for owner, shift in ((OWN, 0.0), (OTHER, 0.0135))
    ]
    await enter(world, "Claim", rows)
    count = "MATCH (k:Conflict) RETURN count(k)"
    assert await world.read_rows(count) == [[0]]
    rule = {"first": "RAID", "second": "RAID", "distance_m": 2_000, "buffer_minutes": "PT2H", "severity": "SERIOUS"}
    await enter(world, "SeparationRule", [{**rule, "owner": OWN}])
    with running_service(tmp_path, environment, WITH_REVIEWS) as process:
        for _ in range(3_000):
            if await world.read_rows(count) != [[0]]:
                break
            await asyncio.sleep(0.02)
        process.running.kill()
        await process.ended()
    ((told,),) = await world.read_rows(count)
    assert 0 < told < pairs
    with running_service(tmp_path, environment, WITH_REVIEWS) as process:
        await process.ready()
        for _ in range(1_000):
            if not await world.read_rows("MATCH (review:SeparationReview) RETURN review.pair"):
                break
            await asyncio.sleep(0.1)
    assert await world.read_rows(count) == [[pairs]]
    assert await world.read_rows("MATCH (n:Notice) RETURN count(n)") == [[2 * pairs]]
    assert await check_claims(world) == []


@pytest.mark.requirement("D9")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [500, pytest.param(2_000, marks=pytest.mark.long)])
async def test_whoever_meets_thousands_is_told_all_of_them_and_goes_on(
    api: Any, world: Graph, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """A country's claim over as many others is refused with each key once; shown together, they are enough."""
    items = [
        {
            **CLAIM,
            "externalId": f"c{number}",
            "location": {"longitude": 104 + number % 100 * 0.03, "latitude": 11 + number // 100 * 0.03},
        }
        for number in range(count)
    ]
    upsert = """mutation ($items: [UpsertClaimItem!]!) { upsertClaims(input: {items: $items}) { __typename } }"""
    mine, other = api(), api(OTHER)
    monkeypatch.setattr(mine.client, "timeout", 120)
    for start in range(0, count, 1_000):
        done = await mine.data(upsert, {"items": items[start : start + 1_000]})
        assert done["upsertClaims"]["__typename"] == "ClaimsUpserted"
    country = {**CLAIM, "location": {"longitude": 105.5, "latitude": 12.5}, "radiusM": 300_000.0}
    refused = (await other.data(CREATE, {"input": country}))["createClaim"]
    keys = [each["key"] for each in refused["missing"]]
    assert len(keys) == len(set(keys)) == count
    almost = (await other.data(CREATE, {"input": {**country, "seen": keys[1:]}}))["createClaim"]
    assert [each["key"] for each in almost["missing"]] == keys[:1]
    made = (await other.data(CREATE, {"input": {**country, "seen": keys}}))["createClaim"]
    assert made["__typename"] == "Claim"
    told = await mine.data("{ conflicts { totalCount } notices { totalCount } }")
    assert (told["conflicts"]["totalCount"], told["notices"]["totalCount"]) == (count, count)
