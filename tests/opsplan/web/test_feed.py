"""The feed as a query: each change once and in order, from a cursor on; old cursors are refused, never misread."""

import asyncio
import random
from typing import Any

import pytest

from opsplan.vocabulary.actor import Role
from opsplan.web import feed
from tests.opsplan.web.conftest import OTHER, OWN, Api, enter
from tests.opsplan.web.test_socket import connected
from tests.seeds import with_fresh

SITE = {"name": "EXERCISE Heron Court", "location": {"longitude": 104.9, "latitude": 11.6}, "owner": OWN}
CHANGES = """query ($after: String, $first: Int, $nouns: [RecordNoun!]) {
  changes(after: $after, first: $first, nouns: $nouns) {
    endCursor hasMore changes { cursor at kind noun recordId fields by agencyId reason }
  }
}"""
SITES = """query ($after: String) {
  compounds(first: 7, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } }
}"""


@pytest.fixture
def caller(api: Any) -> Api:
    """Ask as a coordinator of an agency of the world."""
    asks: Api = api()
    return asks


async def page(api: Api, after: str | None = None, first: int | None = None, nouns: list[str] | None = None) -> Any:
    """Ask for a page of the feed."""
    return (await api.data(CHANGES, {"after": after, "first": first, "nouns": nouns}))["changes"]


async def follow(api: Api, after: str, first: int = 100, nouns: list[str] | None = None) -> tuple[list[Any], str]:
    """Read the feed to its end; give the changes and the cursor behind them."""
    found: list[Any] = []
    while True:
        one = await page(api, after, first, nouns)
        found += one["changes"]
        after = one["endCursor"]
        if not one["hasMore"]:
            return found, after


async def test_the_feed_begins_now_and_goes_on_in_pages(caller, world):
    """Without a cursor there are no changes but the place; behind it each change comes once, whatever the page size."""
    start = await page(caller)
    assert (start["changes"], start["hasMore"]) == ([], False)
    made = await enter(world, "Compound", [SITE] * 5)
    made += await enter(world, "Compound", [SITE] * 3)
    for first in (1, 2, 3, 8, 9, 1_000):
        found, end = await follow(caller, start["endCursor"], first)
        assert [each["recordId"] for each in found] == made, first
        assert {each["kind"] for each in found} == {"CREATED"}
        assert "location" in found[0]["fields"]
        assert (await page(caller, end))["changes"] == []
    behind = (await page(caller, start["endCursor"], 3))["changes"][1]["cursor"]
    assert [each["recordId"] for each in (await follow(caller, behind))[0]] == made[2:]


async def test_only_the_kinds_that_are_asked_for(caller, world):
    """Others are passed over, and the cursor moves on behind them."""
    start = (await page(caller))["endCursor"]
    await enter(world, "Compound", [SITE] * 30)
    links = [{"name": "EXERCISE network", "kind": "NETWORK", "owner": OWN}]
    (made,) = await enter(world, "Target", links)
    found, end = await follow(caller, start, 5, ["Target"])
    assert [each["recordId"] for each in found] == [made]
    assert (await page(caller, end))["changes"] == []


async def test_cursors_of_query_and_subscription_are_one(caller, service, world):
    """A system that loses its socket goes on by query, and the other way round."""
    start = (await page(caller))["endCursor"]
    made = await enter(world, "Compound", [SITE] * 4)
    first = (await page(caller, start, 2))["changes"][1]["cursor"]
    async with connected(service, service.token()) as socket:
        await socket.subscribe(after=first, nouns=["Compound"])
        (third, fourth) = await socket.changes(2)
    assert [third["recordId"], fourth["recordId"]] == made[2:]
    assert [each["recordId"] for each in (await follow(caller, third["cursor"]))[0]] == made[3:]


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "Zm9yZ2Vk" * 20, "é"])
async def test_a_forged_cursor_is_refused(caller, world, cursor):
    """What is no cursor is an error at its field."""
    (error,) = await caller.errors(CHANGES, {"after": cursor})
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("INVALID", "after")


async def test_cursors_are_the_caller_s_own_and_of_the_feed(caller, service, http, world):
    """Another agency's, another person's, and a list's cursor do not go on the feed."""
    start = (await page(caller))["endCursor"]
    await enter(world, "Compound", [SITE] * 8)
    others = [Api(http, service.token(OTHER, Role.READER)), Api(http, service.token(OWN, subject="bert"))]
    listed = (await caller.data(SITES))["compounds"]["pageInfo"]["endCursor"]
    for asks, cursor in ((others[0], start), (others[1], start), (caller, listed)):
        (error,) = await asks.errors(CHANGES, {"after": cursor})
        assert error["extensions"]["code"] == "INVALID"


@pytest.mark.parametrize("first", [0, -1, 1_001])
async def test_pages_have_bounds(caller, world, first):
    """Refused with the bounds, not cut."""
    (error,) = await caller.errors(CHANGES, {"first": first})
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("INVALID", "first")


async def test_an_old_cursor_and_one_from_the_future_ask_for_a_resync(caller, service, world, monkeypatch):
    """Refused with RESYNC_REQUIRED and what to do: after its days, and when the graph was set back behind it."""
    start = (await page(caller))["endCursor"]
    await enter(world, "Compound", [SITE])
    monkeypatch.setattr(feed, "CURSOR_DAYS", -1)
    (error,) = await caller.errors(CHANGES, {"after": start})
    assert error["extensions"]["code"] == "RESYNC_REQUIRED"
    assert "everything anew" in error["extensions"]["remedy"]
    monkeypatch.undo()
    ahead = (await page(caller))["endCursor"]
    await world.run_outside("MATCH (s:CommitSequence) SET s.number = s.number - 1")
    (error,) = await caller.errors(CHANGES, {"after": ahead})
    assert error["extensions"]["code"] == "RESYNC_REQUIRED"
    await world.run_outside("MATCH (s:CommitSequence) SET s.number = s.number + 1")
    assert (await page(caller, ahead))["changes"] == []


@pytest.mark.requirement("P7")
@pytest.mark.parametrize("seed", with_fresh(5, 6))
async def test_a_full_read_and_the_feed_end_equal_to_the_graph(caller, world, seed):
    """While writers enter and change, a client takes a cursor, reads all pages, then follows: nothing is missed.

    Each change comes once and in order; the client's copy is the graph's own at the end.
    """
    chance = random.Random(seed)
    made = await enter(world, "Compound", [{**SITE, "name": f"EXERCISE {number}"} for number in range(30)])
    cursor = (await page(caller))["endCursor"]
    start = cursor

    async def write() -> None:
        for number in range(12):
            await asyncio.sleep(chance.random() / 50)
            if chance.random() < 0.4:
                made.extend(await enter(world, "Compound", [{**SITE, "name": f"EXERCISE new {number}"}]))
            else:
                one = chance.choice(made)
                rename = "mutation ($input: ChangeCompoundInput!) { changeCompound(input: $input) { __typename } }"
                version = await world.read_rows("MATCH (c:Record {id: $id}) RETURN c.version", {"id": one})
                given = {"id": one, "expectedVersion": version[0][0], "name": f"EXERCISE {seed} {number}"}
                await caller.data(rename, {"input": given})

    writing = asyncio.gather(write(), write())
    copy: dict[str, str] = {}
    after: str | None = None
    while True:
        part = (await caller.data(SITES, {"after": after}))["compounds"]
        copy |= {each["id"]: each["name"] for each in part["nodes"]}
        await asyncio.sleep(0.01)
        if not part["pageInfo"]["hasNextPage"]:
            break
        after = part["pageInfo"]["endCursor"]
    places: list[str] = []
    while True:
        done = writing.done()
        one = await page(caller, cursor, 3)
        cursor = one["endCursor"]
        ids = [each["recordId"] for each in one["changes"]]
        places += [each["cursor"] for each in one["changes"]]
        if ids:
            nodes = await caller.data(
                "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Compound { name } } }", {"ids": ids}
            )
            copy |= {each["id"]: each["name"] for each in nodes["nodes"]}
        if done and not one["hasMore"]:
            break
    await writing
    rows = await world.read_rows("MATCH (c:Compound) RETURN c.id, c.name")
    assert copy == dict(rows)
    changes = await world.read_rows("MATCH (c:Change {noun: 'Compound'}) RETURN count(c)")
    whole, _ = await follow(caller, start)
    assert len(whole) == len(places) == changes[0][0] - 30
