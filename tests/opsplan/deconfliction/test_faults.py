# Fixture strategy: as the other tests of this room; the test that kills Neo4j starts one of its own.
"""Claims under faults: odd times and areas, clocks that differ, claims twice, a database that dies under load."""

import asyncio
import itertools
import math
import os
import random
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opsplan.deconfliction.service import check_claims
from opsplan.gazetteer.service import keep_countries
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import start_server
from opsplan.graph.open import open_graph
from opsplan.nouns import LAWS
from opsplan.records.feed import changes_after
from opsplan.records.writing import IdempotencyKey, write
from opsplan.vocabulary.clock import FrozenClock
from opsplan.vocabulary.errors import KeysMissing, OpsplanError, TooManyConflicts
from tests.opsplan.deconfliction.oracle import Plan, conflict
from tests.opsplan.deconfliction.test_worlds import told_of
from tests.opsplan.deconfliction.theatre import CLAIM, DAY, Theatre, row_of
from tests.opsplan.records.world import World, checked
from tests.seeds import FRESH


def plan(name: str, owner: str, start: datetime, end: datetime, **other) -> Plan:
    given = {"kind": "RAID", "longitude": 104.9, "latitude": 11.5, "radius_m": 100.0, **other}
    return Plan(name, owner, start=start, end=end, **given)


def country(longitude: float, latitude: float, reach_deg: float, corners: int) -> tuple[tuple[float, float], ...]:
    """Give a ragged outline of a country by so many corners."""
    chance = random.Random(7)
    found = []
    for each in range(corners):
        reach, turn = reach_deg * chance.uniform(0.8, 1.0), 2 * math.pi * each / corners
        found.append((longitude + reach * math.cos(turn), latitude + reach * math.sin(turn)))
    return tuple(found)


@pytest.mark.requirement("D1")
@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        # The night when clocks go back in Berlin: 02:30 comes twice, and the second is an hour later.
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:15:00+01:00", 0.75),
        ("2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00", 9),
        # The night when they go forward: 02:30 is not there, and the offset alone says what is meant.
        ("2027-03-28T01:30:00+01:00", "2027-03-28T03:15:00+02:00", 0.75),
        # Lord Howe changes by half an hour.
        ("2026-10-04T01:30:00+10:30", "2026-10-04T02:30:00+11:00", 0.5),
    ],
)
async def test_times_over_changes_of_clocks_are_what_their_offsets_say(theatre, start, end, hours):
    """A claim given with offsets over a change of clocks meets what falls into its hours, and not what ends before."""
    kept = checked("Claim", kind="RAID", start=start, end=end, location=(104.9, 11.5))
    first = datetime.fromisoformat(start).astimezone(UTC)
    last = datetime.fromisoformat(end).astimezone(UTC)
    assert last - first == timedelta(hours=hours)
    await theatre.world.create("Claim", actor=theatre.actor("K"), **{**kept, "location": (104.9, 11.5)})
    minute = timedelta(minutes=1)
    two_hours = timedelta(hours=2)
    assert await theatre.commit(plan("before", "L", first - two_hours - minute, first - two_hours)) == []
    assert await theatre.commit(plan("after", "M", last + two_hours, last + two_hours + minute)) == []
    assert len(await theatre.commit(plan("first minute", "N", first, first + minute))) == 1
    assert len(await theatre.commit(plan("last minute", "N", last - minute, last))) == 1


@pytest.mark.requirement("D1")
async def test_a_country_for_years_meets_all_that_falls_into_it(theatre):
    """A country of 500 corners for thirty years meets what is in it then, and nothing else, come it first or last."""
    years = {"start": datetime(2010, 1, 1, tzinfo=UTC), "end": datetime(2040, 1, 1, tzinfo=UTC)}
    kampuchea = plan("country", "K", **years, corners=country(104.9, 12.6, 2.4, 500))
    spots = [(104.9 + dx, 12.6 + dy) for dx, dy in itertools.product((-4.0, -1.2, 0.0, 1.3, 3.1), repeat=2)]
    day = timedelta(days=1)
    others = [
        plan(f"{place} {when.year}", "L", when, when + day, longitude=place[0], latitude=place[1])
        for place in spots
        for when in (
            datetime(2009, 6, 1, tzinfo=UTC),
            datetime(2011, 6, 1, tzinfo=UTC),
            datetime(2039, 12, 31, tzinfo=UTC),
        )
    ]
    inside = {each.name for each in others if abs(each.longitude - 104.9) < 1.5 and abs(each.latitude - 12.6) < 1.5}
    inside -= {each.name for each in others if each.start.year == 2009}
    await theatre.put(*others[::2])
    missing = await theatre.commit(kampuchea)
    names = {record: name for name, record in theatre.ids.items()}
    assert {names[each["claim_id"]] for each in missing} == inside & {each.name for each in others[::2]}
    await theatre.commit(*others[1::2])
    assert await theatre.conflicts() == {frozenset((name, "country")) for name in inside}
    assert await check_claims(theatre.graph) == []


@pytest.mark.requirement("D9")
async def test_clocks_that_differ_change_nothing_but_stamps(theatre):
    """Writers whose clocks are days apart refuse and tell as others do; order is that of commits, not of clocks."""
    clocks = {"K": DAY - timedelta(days=3), "L": DAY + timedelta(days=9), "M": DAY - timedelta(days=400)}
    plans = [plan(owner, owner, DAY, DAY + timedelta(hours=3)) for owner in "KLM"]
    keys: set[str] = set()
    for number, each in enumerate(plans):
        theatre.world.clock = FrozenClock(clocks[each.owner])
        missing = await theatre.commit(each)
        assert len(missing) == number
        assert {one["key"] for one in missing} == keys
        keys |= {(await theatre.world.properties(theatre.ids[each.name]))["key"]}
    assert await theatre.notices() == told_of(plans)
    rows = await theatre.graph.read_rows("MATCH (m:Commit) RETURN m.number, m.at ORDER BY m.number")
    assert [row[1] for row in rows][-3:] == [f"{clocks[each].strftime('%Y-%m-%dT%H:%M:%S')}.000Z" for each in "KLM"]


@pytest.mark.requirement("D9")
@pytest.mark.requirement("G3")
async def test_the_same_claim_twice_is_one(theatre):
    """Sent again under its key, or by two at once under one external id, a claim is one, told once."""
    await theatre.put(plan("there", "K", DAY, DAY + timedelta(hours=3)))
    key = (await theatre.world.properties(theatre.ids["there"]))["key"]
    new = plan("new", "L", DAY, DAY + timedelta(hours=3))

    async def create(writing):
        return await writing.create(CLAIM, [row_of(new)])

    for seen in ((), (key,), (key,), ()):
        repeated = IdempotencyKey("claim-0001", "hash")
        asked = theatre.world.write(create, actor=theatre.actor("L"), seen=seen, idempotency=repeated)
        if seen == () and "new" not in theatre.ids:
            with pytest.raises(KeysMissing):
                await asked
            continue
        (made,) = await asked
        assert theatre.ids.setdefault("new", made) == made
    await asyncio.gather(
        *(theatre.put(plan("at once", "M", DAY, DAY + timedelta(hours=1), longitude=9.0)) for _ in "123")
    )
    assert await theatre.graph.read_rows("MATCH (c:Claim) RETURN count(c)") == [[3]]
    assert await theatre.conflicts() == {frozenset(("there", "new"))}
    assert len(await theatre.notices()) == 2
    version = (await theatre.world.properties(theatre.ids["new"]))["version"]
    await theatre.put(new)
    assert (await theatre.world.properties(theatre.ids["new"]))["version"] == version


@pytest.mark.long
@pytest.mark.requirement("D9")
@pytest.mark.requirement("D7")
@pytest.mark.timeout(600)
async def test_ten_thousand_overlaps_at_once_are_shown_and_told_and_one_more_is_refused(tmp_path: Path):
    """A country's claim over 10,000 others is refused with each key once, also with all but one; with all it is in,
    and all are told, within the memory that the server has unless said otherwise. Over 10,001 none is."""
    with start_server(LocalServerOptions(data_dir=tmp_path)) as server:
        async with open_graph(server.address) as graph:
            await keep_countries(graph)
            theatre = await Theatre(await World(graph).open()).open()
            hours = {"start": DAY, "end": DAY + timedelta(hours=4)}
            there = [
                plan(f"there {n}", "K", **hours, longitude=104 + n % 100 * 0.03, latitude=11 + n // 100 * 0.03)
                for n in range(10_000)
            ]
            for first in range(0, len(there), 1_000):
                await theatre.put(*there[first : first + 1_000])
            wide = plan("wide", "L", **hours, longitude=105.5, latitude=12.5, radius_m=300_000.0)
            with pytest.raises(KeysMissing) as refusal:
                await theatre.put(wide)
            keys = [each["key"] for each in refusal.value.facts["missing"]]
            assert len(keys) == len(set(keys)) == 10_000
            with pytest.raises(KeysMissing) as almost:
                await theatre.put(wide, seen=tuple(keys[1:]))
            assert [each["key"] for each in almost.value.facts["missing"]] == keys[:1]
            await theatre.put(wide, seen=tuple(keys))
            count = "MATCH (n:Conflict) WITH count(n) AS conflicts MATCH (n:Notice) RETURN conflicts, count(n)"
            assert await graph.read_rows(count) == [[10_000, 20_000]]
            assert await check_claims(graph) == []
            with pytest.raises(TooManyConflicts):
                await theatre.put(replace(wide, name="wider", owner="M"))


@pytest.mark.requirement("D9")
@pytest.mark.requirement("D7")
@pytest.mark.requirement("Q3")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kills", [1, pytest.param(5, marks=pytest.mark.long)])
async def test_a_database_that_dies_under_load_loses_and_doubles_nothing(tmp_path: Path, kills: int):
    """Eight writers commit into one place while Neo4j is killed: what was accepted is there once, and both are told."""
    options = LocalServerOptions(data_dir=tmp_path, heap_mb=384, short_lived=True)
    chance = random.Random(FRESH)
    plans: dict[str, Plan] = {}
    accepted: dict[str, str] = {}
    failures: list[OpsplanError] = []
    with start_server(options) as server:
        async with open_graph(server.address) as graph:
            await keep_countries(graph)
            theatre = await Theatre(await World(graph).open()).open()
            done = asyncio.Event()

            async def writer(number: int) -> None:
                for turn in itertools.count():
                    if done.is_set():
                        return
                    start = DAY + timedelta(minutes=chance.randrange(600))
                    each = plan(f"{number}-{turn}", "KLMN"[number % 4], start, start + timedelta(minutes=30))
                    plans[each.name] = each
                    accepted[each.name] = await stubbornly(theatre, each, failures)

            writers = [asyncio.create_task(writer(number)) for number in range(8)]
            for _ in range(kills):
                await more_than(accepted, len(accepted) + 11)
                java = server.java_pid
                assert java is not None
                os.kill(java, signal.SIGKILL)
                # The guard starts it again; those who wrote went on asking.
                await more_than(accepted, len(accepted) + 11)
            done.set()
            await asyncio.gather(*writers)
            assert all(each.retryable for each in failures), {each.code for each in failures}
            rows = await graph.read_rows("MATCH (c:Claim) RETURN c.external_id, c.id")
            assert sorted(rows) == sorted([name, made] for name, made in accepted.items())
            stood = [plans[name] for name in accepted]
            pairs = {frozenset((a.name, b.name)) for a, b in itertools.combinations(stood, 2) if conflict(a, b)}
            assert await theatre.conflicts() == pairs
            assert await theatre.notices() == told_of(stood)
            assert await check_claims(graph) == []
            numbers = [commit.number for commit in await changes_after(graph, 0, 100_000)]
            assert numbers == list(range(1, len(numbers) + 1))


async def more_than(accepted: dict[str, str], count: int) -> None:
    """Wait until more than so many have been accepted."""
    for _ in itertools.count():
        if len(accepted) > count:
            return
        await asyncio.sleep(0.02)


async def stubbornly(theatre: Theatre, each: Plan, failures: list[OpsplanError]) -> str:
    """Commit a plan as a client does that knows nothing: under one idempotency key, with the keys that it lacked."""
    seen: set[str] = set()
    key = IdempotencyKey(f"commit-{each.name}", "hash")
    while True:
        try:
            (made,) = await write(
                theatre.graph,
                theatre.actor(each.owner),
                theatre.world.clock,
                lambda writing: writing.create(CLAIM, [row_of(each)]),
                laws=LAWS,
                request_id=each.name,
                seen=seen,
                idempotency=key,
            )
        except KeysMissing as refusal:
            seen |= {one["key"] for one in refusal.facts["missing"]}
        except OpsplanError as failure:
            failures.append(failure)
            await asyncio.sleep(0.2)
        else:
            return made
