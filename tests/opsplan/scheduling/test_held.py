# Fixture strategy: as the other tests of this room; pools of kinds that no other test of it holds anything of.
"""What published plans hold of pools is claimed, as far as their actions are coordinated."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from opsplan.deconfliction.service import check_claims
from opsplan.nouns import CATALOGUE
from opsplan.operations.service import move_action
from opsplan.operations.states import ActionState
from opsplan.vocabulary.errors import KeysMissing
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.records.world import World, checked
from tests.opsplan.scheduling.theatre import SIHANOUKVILLE, Theatre, at

KEPT = {"after_start_minutes": 120, "held_minutes": 1440}
"""What a need of the theatre says of when."""


@pytest.fixture(autouse=True)
async def nothing_there(theatre: Theatre) -> None:
    """Have no resource of an earlier test be there."""
    await theatre.graph.run_outside(
        "MATCH (r:Resource) WHERE r.kind IN ['SCREENER', 'FORENSIC_LAB'] SET r.kind = 'CONSULAR_SLOT'"
    )


async def coordinate(theatre: Theatre, action: str, seen: Iterable[str] = ()) -> None:
    version = (await theatre.world.properties(action))["version"]
    await theatre.world.write(
        lambda writing: move_action(
            writing, action, ActionState.COORDINATED, reason="EXERCISE", expected_version=version
        ),
        seen=seen,
    )


async def claim_of(theatre: Theatre, action: str) -> dict[str, Any]:
    """Give the claim of an action with what it holds."""
    ((claim,),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:CLAIMED_FOR]-(claim:Claim) RETURN properties(claim)", {"id": action}
    )
    return {**claim, "capacities": json.loads(claim.get("capacities") or "[]")}


async def planned(theatre: Theatre, kind: str, amount: int, of: int, **given: Any) -> tuple[str, str]:
    """Make a raid that needs so much of a pool, with as much as there is, and give it with a plan, not published."""
    action = await theatre.staffed_raid(due=at(2), window_end=at(10), **given)
    await theatre.bed_need(action, amount, resource_kind=kind)
    await theatre.beds(of, kind=kind)
    await theatre.unit(home=given.get("location", (104.92, 11.56)))
    return action, await theatre.approved(await theatre.planned())


@pytest.mark.requirement("D4")
async def test_a_claim_holds_what_the_published_mode_needs(theatre: Theatre) -> None:
    """Before a plan is published, nothing; then the needs of its mode, as these are, in the host country."""
    action, plan = await planned(theatre, "SCREENER", 30, 40)
    await coordinate(theatre, action)
    assert (await claim_of(theatre, action))["capacities"] == []
    await theatre.publish(plan)
    held = {"country": "KH", "kind": "SCREENER", "amount": 30, **KEPT}
    claim = await claim_of(theatre, action)
    assert claim["capacities"] == [held]
    ((pool, start, end),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:HOLD_OF]-(hold:ClaimHold) RETURN hold.pool, hold.start, hold.end",
        {"id": claim["id"]},
    )
    assert pool == "LIVE|KH|SCREENER|"
    assert (start, end) == (at(2 + hours_of(claim["start"])), at(26 + hours_of(claim["start"])))
    ((need, mode),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:MODE_OF]-(mode)<-[:RESOURCE_NEEDED_IN]-(need) RETURN need.id, mode.id",
        {"id": action},
    )
    await theatre.change("ResourceNeed", need, amount=25)
    more = await theatre.create(
        "ResourceNeed", mode=mode, resource_kind="INTERPRETER", language="zh", amount=1, held_minutes=60
    )
    spoken = {"country": "KH", "kind": "INTERPRETER", "language": "zh", "amount": 1, "held_minutes": 60}
    now = await claim_of(theatre, action)
    assert now["capacities"] == [{**spoken, "after_start_minutes": 0}, {**held, "amount": 25}]
    assert now["key"] != claim["key"]
    await theatre.world.retire("ResourceNeed", more)
    await theatre.change("Action", action, country="country_th", location=GeoPoint(100.5, 13.75))
    assert (await claim_of(theatre, action))["capacities"] == [{**held, "amount": 25, "country": "TH"}]


def hours_of(start: str) -> int:
    return int(start[11:13]) + 24 * (int(start[8:10]) - 1)


@pytest.mark.requirement("D4")
@pytest.mark.requirement("D9")
async def test_two_published_plans_that_hold_too_much_are_told(theatre: Theatre) -> None:
    """Each plan fits into what it is offered; who publishes the second shows the keys of all that hold with it."""
    action, plan = await planned(theatre, "FORENSIC_LAB", 30, 40)
    await coordinate(theatre, action)
    await theatre.publish(plan)
    second = await Theatre(await World(theatre.graph).open()).open()
    other, its = await planned(second, "FORENSIC_LAB", 30, 40, location=SIHANOUKVILLE)
    await coordinate(second, other)
    row = {"kind": "SEARCH", "location": (20.0, 50.0), "start": at(0), "end": at(48)}
    held = [{"country": "KH", "kind": "FORENSIC_LAB", "amount": 21}]
    bare = await theatre.world.create("Claim", actor=theatre.world.actor("B"), **row, capacities=held)
    with pytest.raises(KeysMissing) as refused:
        await second.publish(its)
    missing = refused.value.facts["missing"]
    first = await claim_of(theatre, action)
    assert {each["claim_id"] for each in missing} == {bare, first["id"]}
    assert {each["kind"] for each in missing} == {"CAPACITY"}
    assert "Of FORENSIC_LAB in KH there are 80; 3 claims hold 81 from" in missing[0]["sentences"][0]
    assert (await second.world.properties(its))["state"] != "PUBLISHED"
    await second.publish(its, seen=frozenset(each["key"] for each in missing))
    told = await theatre.graph.read_rows(
        "MATCH (n:Notice)-[:NOTICE_OF]->(k:Conflict {kind: 'CAPACITY'}) WHERE k.state <> 'GONE' "
        "AND n.owner_id IN $owners RETURN n.owner_id",
        {"owners": [first["owner_id"], (await claim_of(second, other))["owner_id"]]},
    )
    assert len(told) == 3


@pytest.mark.requirement("D4")
async def test_a_done_action_leaves_its_place_and_keeps_what_it_holds(theatre: Theatre) -> None:
    """Whoever came too near in place is free to go on; who wants its screeners within the day is told of it yet."""
    # Entries of other tests' claims are gone, and of those the check at the end would say so.
    await theatre.graph.run_outside("MATCH (c:Claim) DETACH DELETE c")
    action, plan = await planned(theatre, "SCREENER", 30, 40)
    await theatre.publish(plan)
    await coordinate(theatre, action)
    near = {"kind": "RAID", "location": (104.9205, 11.56), "start": at(3), "end": at(9)}

    async def enter(seen: Iterable[str] = (), **given: Any) -> str:
        row = checked("Claim", **{**near, **given})
        (made,) = await theatre.world.write(
            lambda writing: writing.create(CATALOGUE["Claim"], [row]),
            actor=theatre.world.actor("B"),
            seen=frozenset(seen),
        )
        return str(made)

    for state in (ActionState.NOTIFIED, ActionState.ACTIVATED, ActionState.UNDER_WAY):
        await step(theatre, action, state)
    before = await claim_of(theatre, action)
    await enter([before["key"]])
    assert await kinds_of(theatre, before["id"]) == {"SPACE_TIME"}
    await step(theatre, action, ActionState.DONE)
    claim = await claim_of(theatre, action)
    assert (claim["is_over"], claim["key"], claim.get("retired_at")) == (True, before["key"], None)
    assert await kinds_of(theatre, claim["id"]) == set()
    # Its place is free, for a claim and for the next schedule; what it holds is not.
    await enter()
    wants = [{"country": "KH", "kind": "SCREENER", "amount": 11}]
    with pytest.raises(KeysMissing) as refused:
        await enter(capacities=wants, location=SIHANOUKVILLE)
    assert [each["key"] for each in refused.value.facts["missing"]] == [claim["key"]]
    await enter([claim["key"]], capacities=wants, location=SIHANOUKVILLE)
    assert await kinds_of(theatre, claim["id"]) == {"CAPACITY"}
    assert await check_claims(theatre.graph) == []


async def kinds_of(theatre: Theatre, claim: str) -> set[str]:
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:CONFLICT_OF|CONFLICT_WITH]-(k:Conflict) WHERE k.state <> 'GONE' RETURN k.kind",
        {"id": claim},
    )
    return {kind for (kind,) in rows}


async def step(theatre: Theatre, action: str, state: ActionState) -> None:
    version = (await theatre.world.properties(action))["version"]
    await theatre.world.write(
        lambda writing: move_action(writing, action, state, reason="EXERCISE", expected_version=version)
    )
