"""Drafts changed by hand: what the steps do, what the checker says at once, what is kept, what is never published."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from opsplan.nouns import LAWS
from opsplan.scheduling.plan.steps import Drop, Move, Pin, Place, Step, SwapStarts, SwapUnits
from opsplan.scheduling.service import ChangesToAccept, Edit, Frames, StalePlan, edit_plan, weigh_plan
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.errors import Forbidden, Invalid, NotFound, StateConflict, VersionConflict
from tests.opsplan.scheduling.theatre import DAY, Theatre


async def edited(theatre: Theatre, plan: str, *steps: Step, actor: Actor | None = None, **given: Any) -> dict[str, Any]:
    """Change a draft, as its coordinator."""
    return await edit_plan(
        theatre.graph,
        actor or theatre.coordinator,
        system_clock,
        laws=LAWS,
        frames=Frames(theatre.graph),
        edit=Edit(plan, steps, **{"reason": "EXERCISE: the prosecutor asks for it", **given}),
        request_id="test",
    )


async def two_raids(theatre: Theatre) -> tuple[str, dict[str, str]]:
    """Plan two raids of two hours with a unit each; give the plan, and ids by name."""
    ids = {name: await theatre.staffed_raid(name) for name in ("Raid 1", "Raid 2")}
    for name in ("Unit 1", "Unit 2", "Unit 3"):
        ids[name] = await theatre.unit(name, cost_per_hour=12)
    return await theatre.planned(), ids


def start(hours: float) -> Any:
    """Give the instant so many hours after the operation's start."""
    return DAY + timedelta(hours=hours)


@pytest.mark.requirement("P3")
async def test_a_move_comes_back_with_verdict_and_goals(theatre: Theatre) -> None:
    """An action is moved; nothing is broken; its lateness grows by what its part says."""
    plan, ids = await two_raids(theatre)
    await theatre.change("Action", ids["Raid 1"], due="2026-12-01T10:00:00.000Z", priority=10)
    before = await theatre.rows(plan)
    told = await edited(theatre, plan, Move(ids["Raid 1"], start(20)))
    assert told["verdict"]["broken_rules"] == []
    goals = {each["goal"]: each for each in told["verdict"]["goals"]}
    assert goals["lateness"]["change"] == 12 * 60 * 10
    assert goals["lateness"]["parts"] == [{"about": "action", "id": ids["Raid 1"], "change": 7200}]
    assert goals["placed_weight"]["change"] == 0
    after = await theatre.rows(plan)
    assert after["Raid 1"]["start"] == "2026-12-01T20:00:00.000Z"
    assert after["Raid 1"]["local_start"] == "2026-12-02T03:00+07:00"
    assert after["Raid 1"]["h_offset_minutes"] == -8 * 60
    assert after["Raid 1"]["id"] == before["Raid 1"]["id"]
    assert after["Raid 2"] == before["Raid 2"]


@pytest.mark.requirement("P3")
async def test_who_and_why_are_kept(theatre: Theatre) -> None:
    """An edit is a record: number, reason, what was moved from where to where, and the plan's version that it made."""
    plan, ids = await two_raids(theatre)
    first = await edited(theatre, plan, Move(ids["Raid 1"], start(20)), reason="the judge is free then")
    second = await edited(theatre, plan, Drop(ids["Raid 2"]))
    kept = await theatre.world.properties(first["edit_id"])
    assert (kept["number"], kept["reason"], kept["plan_version"]) == (1, "the judge is free then", 2)
    assert (kept["created_by"], kept["edited_by"]) == (theatre.coordinator.subject, theatre.coordinator.agency_code)
    (move,) = json.loads(kept["moves"])
    assert move["action_id"] == ids["Raid 1"]
    assert move["after"]["start"] == "2026-12-01T20:00:00.000Z"
    assert (await theatre.world.properties(second["edit_id"]))["number"] == 2
    assert (await theatre.world.properties(plan))["version"] == 3


@pytest.mark.requirement("P3")
async def test_dropped_and_placed_again(theatre: Theatre) -> None:
    """A dropped action is left out, with who and why; it is placed by hand in another mode's team, and is in again."""
    plan, ids = await two_raids(theatre)
    mode = await theatre.mode_of(ids["Raid 1"])
    ((need,),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:UNIT_NEEDED_IN]-(n) RETURN n.id", {"id": mode}
    )
    told = await edited(theatre, plan, Drop(ids["Raid 1"]), reason="no warrant in sight")
    goals = {each["goal"]: each["change"] for each in told["verdict"]["goals"]}
    assert goals["placed_weight"] < 0
    left_out = (await theatre.left_out(plan))["Raid 1"]
    assert left_out["codes"] == ["DROPPED_BY_HAND"]
    assert "no warrant in sight" in left_out["sentence"]
    assert left_out["sentence"].startswith("Raid 1 was dropped by ")
    properties = await theatre.world.properties(plan)
    assert (properties["placed"], properties["unplaced"]) == (1, 1)
    placed = Place(ids["Raid 1"], start(9), mode, ((str(need), (ids["Unit 3"],)),))
    again = await edited(theatre, plan, placed)
    assert again["verdict"]["broken_rules"] == []
    assert await theatre.left_out(plan) == {}
    assert (await theatre.rows(plan))["Raid 1"]["units"] == ["Unit 3"]
    properties = await theatre.world.properties(plan)
    assert (properties["placed"], properties["unplaced"]) == (2, 0)
    scored = {each["goal"]: each["value"] for each in json.loads(properties["score"])}
    assert scored == {each["goal"]: each["after"] for each in again["verdict"]["goals"]}


@pytest.mark.requirement("P3")
async def test_units_are_swapped(theatre: Theatre) -> None:
    """A unit is replaced by one that is free, and two actions exchange theirs; starts are exchanged too."""
    plan, ids = await two_raids(theatre)
    rows = await theatre.rows(plan)
    mine, other = rows["Raid 1"]["units"][0], rows["Raid 2"]["units"][0]
    if mine == other:
        pytest.fail("the two raids are meant to have a unit each")
    await edited(theatre, plan, SwapUnits(ids["Raid 1"], ids[mine], ids[other], ids["Raid 2"]))
    swapped = await theatre.rows(plan)
    assert (swapped["Raid 1"]["units"], swapped["Raid 2"]["units"]) == ([other], [mine])
    (free,) = {"Unit 1", "Unit 2", "Unit 3"} - {mine, other}
    await edited(theatre, plan, SwapUnits(ids["Raid 1"], ids[other], ids[free]))
    assert (await theatre.rows(plan))["Raid 1"]["units"] == [free]
    await edited(theatre, plan, Move(ids["Raid 1"], start(30)), SwapStarts(ids["Raid 1"], ids["Raid 2"]))
    exchanged = await theatre.rows(plan)
    assert exchanged["Raid 2"]["start"] == "2026-12-02T06:00:00.000Z"
    assert exchanged["Raid 1"]["start"] == swapped["Raid 2"]["start"]


@pytest.mark.requirement("P3")
async def test_what_breaks_a_rule_is_kept_and_named_but_never_published(theatre: Theatre) -> None:
    """One unit for two raids at once: the draft keeps it, the verdict names it, publishing refuses; mended, it goes."""
    plan, ids = await two_raids(theatre)
    rows = await theatre.rows(plan)
    mine, other = (ids[rows[name]["units"][0]] for name in ("Raid 1", "Raid 2"))
    told = await edited(
        theatre, plan, Move(ids["Raid 1"], start(20)), Move(ids["Raid 2"], start(20)),
        SwapUnits(ids["Raid 2"], other, mine),
    )  # fmt: skip
    assert [each["rule"] for each in told["verdict"]["broken_rules"]] == ["one_action_at_a_time"]
    kept = json.loads((await theatre.world.properties(told["edit_id"]))["broken_rules"])
    assert kept == told["verdict"]["broken_rules"]
    with pytest.raises(StalePlan) as refused:
        await theatre.publish(plan)
    assert [each.rule for each in refused.value.facts["broken_rules"]] == ["one_action_at_a_time"]
    mended = await edited(theatre, plan, Move(ids["Raid 2"], start(30)))
    assert mended["verdict"]["broken_rules"] == []
    await theatre.publish(plan)


async def test_rules_of_every_kind_are_named(theatre: Theatre) -> None:
    """Outside its window, with a unit that nobody offers, in a mandatory action dropped: each is said by its rule."""
    plan, ids = await two_raids(theatre)
    stranger = await theatre.unit("Unit 9", offered=False)
    mine = ids[(await theatre.rows(plan))["Raid 1"]["units"][0]]
    frames = Frames(theatre.graph)

    async def rules(*steps: Step) -> set[str]:
        told = await weigh_plan(theatre.graph, theatre.coordinator, frames=frames, plan_id=plan, steps=steps)
        return {each["rule"] for each in told["broken_rules"]}

    assert await rules() == set()
    assert await rules(Move(ids["Raid 1"], start(47))) == {"windows", "calendars"}
    assert await rules(Move(ids["Raid 1"], start(-3))) == {"windows", "calendars"}
    assert await rules(SwapUnits(ids["Raid 1"], mine, stranger)) == {"well_formed"}
    await theatre.change("Action", ids["Raid 1"], mandatory=True)
    assert await rules(Drop(ids["Raid 1"])) == {"mandatory"}
    await theatre.absence(mine, 0, 48)
    assert await rules() == {"calendars"}


async def test_trying_changes_nothing(theatre: Theatre) -> None:
    """A verdict on steps leaves the draft as it is."""
    plan, ids = await two_raids(theatre)
    before = await theatre.rows(plan), await theatre.world.properties(plan)
    frames = Frames(theatre.graph)
    told = await weigh_plan(
        theatre.graph, theatre.coordinator, frames=frames, plan_id=plan, steps=[Drop(ids["Raid 1"])]
    )
    assert {each["goal"] for each in told["goals"] if each["change"]} >= {"placed_weight"}
    assert (await theatre.rows(plan), await theatre.world.properties(plan)) == before


async def test_a_verdict_follows_every_change_of_the_operation(theatre: Theatre) -> None:
    """What is kept at hand is made anew once something that counts was committed; changed facts are told."""
    plan, ids = await two_raids(theatre)
    frames = Frames(theatre.graph)

    async def told() -> dict[str, Any]:
        return await weigh_plan(theatre.graph, theatre.coordinator, frames=frames, plan_id=plan)

    assert (await told())["changes"] == []
    first = await frames.of(theatre.operation)
    assert await frames.of(theatre.operation) is first
    await theatre.world.create("Target", kind="PERSON", name="EXERCISE Somebody")
    assert await frames.of(theatre.operation) is first
    await theatre.change("Action", ids["Raid 1"], expected_victims=30)
    assert [each["id"] for each in (await told())["changes"]] == [ids["Raid 1"]]
    await theatre.absence(ids["Unit 1"], 0, 48)
    assert await frames.of(theatre.operation) is not first


@pytest.mark.requirement("P3")
async def test_a_pin_holds_in_the_next_schedule(theatre: Theatre) -> None:
    """A schedule made from a draft keeps what is pinned there; it stays pinned, until it is unpinned."""
    plan, ids = await two_raids(theatre)
    await edited(theatre, plan, Move(ids["Raid 1"], start(33)), Pin(ids["Raid 1"]))
    pinned = (await theatre.rows(plan))["Raid 1"]
    assert pinned["pinned"] is True
    second = await theatre.planned(from_plan=plan)
    row = (await theatre.rows(second))["Raid 1"]
    assert (row["start"], row["units"], row["pinned"]) == (pinned["start"], pinned["units"], True)
    assert (await theatre.rows(second))["Raid 2"]["pinned"] is False
    await edited(theatre, second, Pin(ids["Raid 1"], pinned=False))
    third = await theatre.planned(from_plan=second)
    assert (await theatre.rows(third))["Raid 1"]["start"] != pinned["start"]
    # Pins are no facts: nobody has to accept that there are none any more.
    await theatre.publish(second)


async def test_a_pin_that_cannot_hold_is_said(theatre: Theatre) -> None:
    """Where a pinned action's unit is no longer offered, the run ends without a plan and says so."""
    plan, ids = await two_raids(theatre)
    await edited(theatre, plan, Pin(ids["Raid 1"]))
    unit = (await theatre.rows(plan))["Raid 1"]["units"][0]
    await theatre.withdraw(ids[unit])
    run = await theatre.request(from_plan=plan)
    await theatre.conclude(run)
    ended = await theatre.run(run)
    assert ended["state"] == "INFEASIBLE"
    assert "pinned" in ended["reason"]
    assert "no longer offered" in ended["reason"]


async def test_steps_that_say_nothing(theatre: Theatre) -> None:
    """A step about something that is not there is refused by its place, and nothing is changed."""
    plan, ids = await two_raids(theatre)
    raid, nowhere = ids["Raid 1"], "action_00000000000000000000000000"
    own, others = [await theatre.mode_of(ids[name]) for name in ("Raid 1", "Raid 2")]
    units = (await theatre.rows(plan))["Raid 1"]["units"]
    mine = ids[units[0]]
    free = next(ids[each] for each in ("Unit 1", "Unit 2", "Unit 3") if each not in units)
    ((need,),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:UNIT_NEEDED_IN]-(n) RETURN n.id", {"id": own}
    )
    wrong: tuple[tuple[Step, str], ...] = (
        (Move(raid, start(20) + timedelta(minutes=2)), "input.steps[0].move.start"),
        (Move(raid, datetime(9999, 12, 31, 23, 55, tzinfo=UTC)), "input.steps[0].move.start"),
        (Move(raid, datetime(1, 1, 1, tzinfo=UTC)), "input.steps[0].move.start"),
        (Place(raid, start(1), own, ((str(need), (mine, mine)),)), "input.steps[0].place.staffing"),
        (Drop(""), "input.steps[0].drop"),
        (Move(nowhere, start(1)), "input.steps[0].move.actionId"),
        (Place(raid, start(1), others, ()), "input.steps[0].place.modeId"),
        (Place(raid, start(1), own, ()), "input.steps[0].place.staffing"),
        (SwapUnits(raid, free, mine), "input.steps[0].swapUnits.unitId"),
        (SwapUnits(raid, mine, mine), "input.steps[0].swapUnits.otherUnitId"),
        (SwapUnits(raid, mine, ids["Raid 2"]), "input.steps[0].swapUnits.otherUnitId"),
        (Drop(theatre.operation), "input.steps[0].drop"),
        (Pin(raid, pinned=False), "input.steps"),
    )
    before = await theatre.rows(plan), await theatre.world.properties(plan)
    for step, field in wrong:
        with pytest.raises(Invalid) as refused:
            await edited(theatre, plan, step)
        assert refused.value.field == field
    assert (await theatre.rows(plan), await theatre.world.properties(plan)) == before


async def test_who_may_not_and_what_is_no_draft(theatre: Theatre) -> None:
    """Only its coordinators change a draft, only in the version they saw, with a reason; a published plan stands."""
    plan, ids = await two_raids(theatre)
    move = Move(ids["Raid 1"], start(20))
    with pytest.raises(Forbidden):
        await edited(theatre, plan, move, actor=theatre.world.actor("B", Role.COORDINATOR))
    with pytest.raises(Forbidden):
        await edited(theatre, plan, move, actor=theatre.world.actor("A", Role.PLANNER))
    with pytest.raises(VersionConflict):
        await edited(theatre, plan, move, expected_version=7)
    with pytest.raises(NotFound):
        await edited(theatre, "plan_00000000000000000000000000", move)
    for reason in ("  ", "x" * 10_001, "a\u0000b"):
        with pytest.raises(Invalid) as refused:
            await edited(theatre, plan, move, reason=reason)
        assert refused.value.field == "input.reason"
    with pytest.raises(Invalid) as refused:
        await edited(theatre, plan)
    assert refused.value.field == "input.steps"
    await theatre.publish(plan)
    with pytest.raises(StateConflict) as stands:
        await edited(theatre, plan, move)
    assert "PUBLISHED" in stands.value.message


async def test_two_editors_take_turns(theatre: Theatre) -> None:
    """Ten edits at once: each sees what the one before has done, none is lost, the numbers have no gap."""
    plan, ids = await two_raids(theatre)
    names = ("Raid 1", "Raid 2")
    steps = [Move(ids[names[number % 2]], start(4 + number)) for number in range(10)]
    told = await asyncio.gather(*(edited(theatre, plan, each) for each in steps))
    kept = [await theatre.world.properties(each["edit_id"]) for each in told]
    assert sorted(each["number"] for each in kept) == list(range(1, 11))
    by_number = sorted(kept, key=lambda each: each["number"])
    where: dict[str, str] = {}
    for each in by_number:
        (move,) = json.loads(each["moves"])
        assert move["before"]["start"] == where.get(move["action_id"], move["before"]["start"])
        where[move["action_id"]] = move["after"]["start"]
    rows = await theatre.rows(plan)
    assert {ids[name]: rows[name]["start"] for name in names} == where


async def test_changed_facts_must_still_be_accepted(theatre: Theatre) -> None:
    """An edited draft that holds is published as any other: what changed since its run is to be accepted."""
    plan, ids = await two_raids(theatre)
    await edited(theatre, plan, Move(ids["Raid 1"], start(20)))
    await theatre.change("Action", ids["Raid 1"], expected_victims=30)
    with pytest.raises(ChangesToAccept):
        await theatre.publish(plan)
