"""Two plans, or two versions of one: what moved, why, and what it cost."""

from collections import Counter
from typing import Any

import pytest

from opsplan.scheduling.plan.compare import DifferenceKind
from opsplan.scheduling.plan.steps import Drop, Move, Pin
from opsplan.scheduling.service import Frames, PlanVersion, compare_plans
from opsplan.scheduling.service.compare import Comparison
from opsplan.vocabulary.errors import Invalid, NotFound
from tests.opsplan.scheduling.test_edit import edited, start, two_raids
from tests.opsplan.scheduling.theatre import Theatre, at


async def compared(theatre: Theatre, first: PlanVersion, second: PlanVersion) -> Comparison:
    """Compare, with nothing at hand before."""
    found = await compare_plans(theatre.graph, Frames(theatre.graph), first, second)
    for goal in found.goals:
        assert sum(part.change for part in goal.parts) == pytest.approx(goal.change)
        shares = [share.change for each in found.differences for share in each.shares if share.goal == goal.goal]
        others = [part.change for part in goal.parts if part.about != "action"]
        assert sum([*shares, *others]) == pytest.approx(goal.change)
    kinds = Counter(each.difference.kind for each in found.differences)
    low, high = found.placed
    assert high - low == kinds[DifferenceKind.ADDED] - kinds[DifferenceKind.DROPPED]
    for unit in found.units:
        assert unit.after - unit.before == len(unit.added) - len(unit.dropped)
    low, high = found.units_used
    assert high - low == sum(not unit.before for unit in found.units) - sum(not unit.after for unit in found.units)
    assert all(each.reasons for each in found.differences)
    return found


def reasons(found: Comparison) -> dict[str, list[str]]:
    """Give the codes of reasons by action."""
    return {each.difference.action_id: [reason.code for reason in each.reasons] for each in found.differences}


async def test_two_plans_are_compared_action_by_action(theatre: Theatre) -> None:
    """A comparison tells which actions moved, were added or dropped, and which changed facts bear upon them."""
    moved = await theatre.staffed_raid("Moved")
    dropped = await theatre.raid("Dropped")
    await theatre.raid("Same")
    unit = await theatre.unit("Unit 1")
    first = await theatre.planned()
    await theatre.change("Action", moved, window_start=at(5))
    absence = await theatre.absence(unit, 6, 7)
    await theatre.state(dropped, "CANCELLED")
    added = await theatre.raid("Added")
    second = await theatre.planned()
    found = await compared(theatre, PlanVersion(first), PlanVersion(second))
    assert {each.difference.action_id: each.difference.kind for each in found.differences} == {
        moved: DifferenceKind.MOVED,
        dropped: DifferenceKind.DROPPED,
        added: DifferenceKind.ADDED,
    }
    by_action = {each.difference.action_id: each for each in found.differences}
    assert by_action[moved].difference.moved_minutes == 7 * 60
    assert reasons(found)[moved][0] == "WINDOW_MOVED"
    known = {reason.facts["id"] for reason in by_action[moved].reasons if reason.code == "FACT_CHANGED"}
    assert known == {moved, absence}
    assert reasons(found)[dropped] == ["WITHDRAWN"]
    assert reasons(found)[added] == ["ADDED"]
    (whose,) = found.units
    assert (whose.unit_id, whose.moved, whose.added, whose.dropped) == (unit, (moved,), (), ())
    assert {each.broken.rule for each in found.rules} == {"well_formed", "windows"}
    assert all(each.in_first and not each.in_second for each in found.rules)
    goals = {each.goal: each for each in found.goals}
    # What was cancelled counts in neither plan any more.
    assert goals["placed_weight"].change > 0
    other = await Theatre(theatre.world).open()
    with pytest.raises(Invalid, match="different operations"):
        await compared(theatre, PlanVersion(first), PlanVersion(await other.planned()))


@pytest.mark.requirement("P3")
async def test_versions_of_a_draft_are_compared(theatre: Theatre) -> None:
    """Each version of an edited draft can be had again: what was moved, by whom, why, and what it cost."""
    plan, ids = await two_raids(theatre)
    mode = await theatre.mode_of(ids["Raid 1"])
    await theatre.change("ActionMode", mode, cost=500)
    await edited(theatre, plan, Move(ids["Raid 1"], start(20)), reason="the judge is free then")
    await edited(theatre, plan, Drop(ids["Raid 1"]), reason="no warrant")
    await edited(theatre, plan, Pin(ids["Raid 2"]))

    async def between(low: int | None, high: int | None) -> Comparison:
        return await compared(theatre, PlanVersion(plan, low), PlanVersion(plan, high))

    first = await between(1, 2)
    (moved,) = first.differences
    assert (moved.difference.kind, moved.difference.action_id) == (DifferenceKind.MOVED, ids["Raid 1"])
    assert [each.code for each in moved.reasons] == ["EDITED_BY_HAND"]
    assert "the judge is free then" in moved.reasons[0].sentence
    assert theatre.coordinator.subject in moved.reasons[0].sentence
    (dropped,) = (await between(2, 3)).differences
    assert dropped.difference.kind is DifferenceKind.DROPPED
    # The mode, and two hours of a unit at twelve.
    assert dropped.cost_change == -(500 + 24)
    whole = await between(1, None)
    assert reasons(whole) == {ids["Raid 1"]: ["EDITED_BY_HAND", "EDITED_BY_HAND"]}
    # What was done and undone is no reason, and a pin moves nothing.
    for at_hour in (5, 7, 9):
        await edited(theatre, plan, Move(ids["Raid 2"], start(at_hour)), reason=f"at {at_hour}")
    await edited(theatre, plan, Move(ids["Raid 2"], start(7)), reason="at 7 again")
    (moved_on,) = (await between(4, None)).differences
    assert [reason.facts["reason"] for reason in moved_on.reasons] == ["at 5", "at 7"]
    assert (await between(3, 4)).differences == ()
    (back,) = (await between(3, 1)).differences
    assert (back.difference.kind, back.cost_change) == (DifferenceKind.ADDED, 524)


@pytest.mark.requirement("P5")
async def test_what_was_marked_is_the_reason(theatre: Theatre) -> None:
    """A replan after a unit dropped out says so: the published plan had come to break a rule there."""
    plan, ids = await two_raids(theatre)
    await theatre.publish(plan)
    unit = (await theatre.rows(plan))["Raid 1"]["units"][0]
    await theatre.absence(ids[unit], 0, 48)
    second = await theatre.planned()
    found = await compared(theatre, PlanVersion(plan), PlanVersion(second))
    told = reasons(found)[ids["Raid 1"]]
    assert told[:2] == ["MARKED_BROKEN", "UNIT_LOST"]
    assert "FACT_CHANGED" in told


async def why(theatre: Theatre, first: str, second: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Give the first reason of each difference, by the action's name, with its facts."""
    found = await compared(theatre, PlanVersion(first), PlanVersion(second))
    names = dict(await theatre.graph.read_rows("MATCH (action:Action) RETURN action.id, action.name"))
    told = [(each.difference.action_id, each.reasons[0]) for each in found.differences]
    return {names[action]: (reason.code, dict(reason.facts)) for action, reason in told}


@pytest.mark.requirement("S8")
async def test_it_is_said_why_each_action_moved(theatre: Theatre) -> None:
    """A unit lost, a window moved, room made for another and what goes with it, a rule, a better goal, a lock: each by
    its code, with the records concerned."""
    group = await theatre.create("SimultaneityGroup", name="together", operation=theatre.operation)
    ids = {"Raid 1": await theatre.staffed_raid("Raid 1", window_end=at(12), group=group)}
    ids["Partner"] = await theatre.raid("Partner", group=group)
    ids["Alone"] = await theatre.raid("Alone")
    unit = await theatre.unit("Unit 1", cost_per_hour=12)
    first = await theatre.planned()
    await theatre.change("Action", ids["Alone"], window_start=at(5))
    added = await theatre.staffed_raid("Urgent", window_end=at(2), mandatory=True)
    second = await theatre.planned(from_plan=first, fewest_changes=True)
    told = await why(theatre, first, second)
    assert {name: code for name, (code, _) in told.items()} == {
        "Raid 1": "MADE_ROOM",
        "Partner": "TIED_TO",
        "Alone": "WINDOW_MOVED",
        "Urgent": "ADDED",
    }
    assert told["Raid 1"][1]["actions"] == [{"id": added, "name": "Urgent"}]
    assert told["Partner"][1]["actions"] == [{"id": ids["Raid 1"], "name": "Raid 1"}]
    assert told["Alone"][1]["rule"] == "windows"
    cheap = await theatre.unit("Unit 2", cost_per_hour=1)
    third = await theatre.planned()
    told = await why(theatre, second, third)
    better = {name: facts["goal"] for name, (code, facts) in told.items() if code == "BETTER_IN_GOAL"}
    assert set(better.values()) == {"cost"}
    await theatre.absence(cheap, 0, 48)
    fourth = await theatre.planned(from_plan=third, fewest_changes=True)
    told = await why(theatre, third, fourth)
    lost = [facts for code, facts in told.values() if code == "UNIT_LOST"]
    assert lost
    assert all((facts["unit_id"], facts["rule"]) == (cheap, "calendars") for facts in lost)
    await theatre.publish(fourth)
    await theatre.state(ids["Alone"], "NOTIFIED")
    await theatre.change("Action", ids["Alone"], window_start=at(0))
    assert (await why(theatre, first, fourth))["Alone"][0] == "LOCKED"
    assert unit


@pytest.mark.requirement("S8")
async def test_room_that_was_made_is_said(theatre: Theatre) -> None:
    """What the first plan had no room for, and the second has, names who moved away."""
    heavy = await theatre.staffed_raid("Heavy", window_end=at(3), priority=500)
    await theatre.staffed_raid("Light", window_end=at(3))
    await theatre.unit("Unit 1")
    first = await theatre.planned()
    await theatre.change("Action", heavy, window_start=at(20), window_end=at(30))
    second = await theatre.planned(from_plan=first, fewest_changes=True)
    told = await why(theatre, first, second)
    assert {name: code for name, (code, _) in told.items()} == {"Heavy": "WINDOW_MOVED", "Light": "ROOM_WAS_MADE"}
    assert told["Light"][1]["actions"] == [{"id": heavy, "name": "Heavy"}]


async def test_what_cannot_be_compared(theatre: Theatre) -> None:
    """A version that a plan has not had, and a plan that is not there, are refused by their argument."""
    plan, _ = await two_raids(theatre)
    wrong: tuple[tuple[Any, Any, str, type[Exception]], ...] = (
        (PlanVersion(plan, 2), PlanVersion(plan), "first.version", Invalid),
        (PlanVersion(plan), PlanVersion(plan, 0), "second.version", Invalid),
        (PlanVersion(plan), PlanVersion("plan_00000000000000000000000000"), "second.planId", NotFound),
    )
    for first, second, field, kind in wrong:
        with pytest.raises(kind) as refused:
            await compared(theatre, first, second)
        assert refused.value.field == field  # type: ignore[attr-defined]
