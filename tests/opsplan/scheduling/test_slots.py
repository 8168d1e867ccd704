"""Advice on slots: as if the action had been entered and placed by hand, with nothing written and nothing moved."""

from datetime import timedelta
from typing import Any

import pytest

from opsplan.scheduling.plan.advice import Advice
from opsplan.scheduling.plan.steps import Drop, Place
from opsplan.scheduling.problem import CyclicPrecedence
from opsplan.scheduling.service import DescribedAction, DescribedMode, Frames, advise_slots, weigh_plan
from opsplan.vocabulary.errors import Invalid, NotFound
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.scheduling.test_edit import edited, start, two_raids
from tests.opsplan.scheduling.theatre import SIHANOUKVILLE, Theatre, at

RAID = {"kind": "RAID", "location": GeoPoint(*SIHANOUKVILLE)}
NEED = {"unit_kind": "TACTICAL", "unit_type": 2, "count": 1}


def described(**changes: Any) -> DescribedAction:
    """Describe a raid of two hours in Sihanoukville that needs a unit."""
    parts = {name: changes.pop(name) for name in ("warrants", "follows", "precedes") if name in changes}
    modes = changes.pop("modes", [DescribedMode({"duration_minutes": 120, "cost": 5}, [NEED])])
    return DescribedAction({**RAID, **changes}, modes, **parts)


async def advised(theatre: Theatre, plan: str, action: str | DescribedAction, **given: Any) -> Advice:
    """Ask for slots."""
    which = {"action_id": action} if isinstance(action, str) else {"described": action}
    return await advise_slots(theatre.graph, frames=Frames(theatre.graph), plan_id=plan, **which, **given)


async def holds(theatre: Theatre, plan: str, advice: Advice) -> None:
    """Put the action into each slot by hand: the checker finds nothing, and each goal changes as was said."""
    for slot in advice.slots:
        place = slot.place
        step = Place(place.action_id, place.start, place.mode_id, place.staffing)
        verdict = await weigh_plan(
            theatre.graph, theatre.coordinator, frames=Frames(theatre.graph), plan_id=plan, steps=[step]
        )
        assert verdict["broken_rules"] == []
        assert [(each["goal"], each["change"]) for each in verdict["goals"]] == [
            (each.goal, each.change) for each in slot.goals
        ]


def told(advice: Advice) -> list[tuple[Any, ...]]:
    """Give what an advice says without the ids that it made up."""
    return [
        (
            slot.place.start,
            slot.place.end,
            slot.place.local_start,
            slot.mode,
            [units for _, units in slot.place.staffing],
            slot.earliest,
            slot.latest,
            [(each.goal, each.before, each.after) for each in slot.goals],
        )
        for slot in advice.slots
    ]


@pytest.mark.requirement("S9")
async def test_an_action_that_was_left_out_gets_slots(theatre: Theatre) -> None:
    """Each slot is one that the checker accepts, and does to the goals what is said; the list is ranked and spread."""
    plan, ids = await two_raids(theatre)
    await edited(theatre, plan, Drop(ids["Raid 1"]))
    before = await theatre.rows(plan)
    advice = await advised(theatre, plan, ids["Raid 1"])
    await holds(theatre, plan, advice)
    assert advice.slots[0].place.start == start(0)
    assert [slot.place.start for slot in advice.slots] == [start(6 * part) for part in range(8)]
    assert all(slot.latest - slot.earliest <= timedelta(hours=6) for slot in advice.slots)
    assert (advice.total, advice.reasons) == (8, ())
    assert await theatre.rows(plan) == before, "nothing is written"
    few = await advised(theatre, plan, ids["Raid 1"], first=2, longest_minutes=48 * 60)
    assert (len(few.slots), few.total, few.slots[0].latest) == (1, 1, start(46))


@pytest.mark.requirement("S9")
async def test_what_is_described_is_as_if_it_had_been_entered(theatre: Theatre) -> None:
    """A new action in a country of its own, with two modes, a language, beds, a warrant, a tie and a due time: entered,
    it gets the same slots."""
    plan, ids = await two_raids(theatre)
    unit = await theatre.unit("Thai unit", languages=["th"], permitted_countries=["TH"], cost_per_hour=7)
    await theatre.absence(unit, 30, 32)
    await theatre.beds(country="TH")
    bed = {"resource_kind": "BED", "amount": 30, "after_start_minutes": 60, "held_minutes": 600}
    speaking = {**NEED, "languages": ["th"]}
    ways = [
        DescribedMode({"duration_minutes": 120, "cost": 50}, [speaking], [bed]),
        DescribedMode({"duration_minutes": 240, "cost": 5}, [speaking], [bed]),
    ]
    own = {"location": GeoPoint(100.5, 13.75), "due": at(20), "priority": 7, "mandatory": True, "expected_victims": 3}
    asked = described(
        **own,
        modes=ways,
        warrants=[{"start": at(10), "end": at(40)}],
        follows=[{"action": ids["Raid 1"], "min_lag_minutes": 60, "max_lag_minutes": None}],
    )
    proposed = await advised(theatre, plan, asked)
    assert proposed.slots
    whole = {"kind": "RAID", "operation": theatre.operation, "window_start": at(0), "window_end": at(48), "name": "New"}
    action = await theatre.create("Action", **whole, **own)
    for number, way in enumerate(ways):
        mode = await theatre.create("ActionMode", name=f"Mode {number + 1}", action=action, **way.row)
        await theatre.create("UnitNeed", mode=mode, **speaking)
        await theatre.create("ResourceNeed", mode=mode, **bed)
    await theatre.create("Warrant", action=action, reference="one", start=at(10), end=at(40))
    await theatre.create("Precedence", before=ids["Raid 1"], after=action, min_lag_minutes=60)
    entered = await advised(theatre, plan, action)
    assert told(proposed) == told(entered)
    await holds(theatre, plan, entered)


async def test_where_else_a_placed_action_could_go(theatre: Theatre) -> None:
    """Of an action that the plan places its own place is free again, and is the best where nothing is better."""
    plan, ids = await two_raids(theatre)
    was = (await theatre.rows(plan))["Raid 1"]
    best = (await advised(theatre, plan, ids["Raid 1"])).slots[0]
    assert (best.place.start.isoformat()[:16], best.place.unit_ids) == (was["start"][:16], (ids[was["units"][0]],))
    assert [each.change for each in best.goals] == [0] * len(best.goals)


@pytest.mark.requirement("S9")
async def test_without_a_slot_what_blocks_it_is_said(theatre: Theatre) -> None:
    """Nobody of the kind, nobody free, no place, a partner that is not placed: each is a reason with its numbers."""
    plan, ids = await two_raids(theatre)
    maritime = described(modes=[DescribedMode({"duration_minutes": 60}, [{**NEED, "unit_kind": "MARITIME"}])])
    nowhere = described(location=None)
    many = described(modes=[DescribedMode({"duration_minutes": 60}, [{**NEED, "count": 4}])])
    for asked, code in ((maritime, "NO_UNIT_OF_TYPE"), (nowhere, "NO_LOCATION"), (many, "NO_UNIT_OF_TYPE")):
        advice = await advised(theatre, plan, asked)
        assert (advice.slots, advice.total) == ((), 0)
        assert code in [each.code for each in advice.reasons]
        assert all(each.sentence for each in advice.reasons)
    busy = described(location=GeoPoint(*(104.92, 11.56)), window_start=at(0), window_end=at(2))
    for name in ("Unit 1", "Unit 2", "Unit 3"):
        if name not in {unit for row in (await theatre.rows(plan)).values() for unit in row["units"]}:
            await theatre.absence(ids[name], 0, 48)
    (blocked,) = (await advised(theatre, plan, busy)).reasons
    assert blocked.code == "OUTBID"
    assert "Raid 1" in blocked.sentence or "Raid 2" in blocked.sentence
    group = await theatre.create("SimultaneityGroup", name="together", operation=theatre.operation)
    await theatre.raid("Partner", group=group)
    alone = await advised(theatre, plan, described(group=group))
    assert not alone.slots
    assert alone.reasons


async def test_what_cannot_be_asked_is_refused_by_name(theatre: Theatre) -> None:
    """Each wrong value is told by its place in the description, with what would be accepted."""
    plan, ids = await two_raids(theatre)
    await edited(theatre, plan, Drop(ids["Raid 1"]))
    way = DescribedMode({"duration_minutes": 0}, [{**NEED, "unit_type": 9}])
    wrong: tuple[tuple[DescribedAction, str], ...] = (
        (described(modes=[way]), "action.modes[0].duration"),
        (
            described(modes=[DescribedMode({"duration_minutes": 60}, [{**NEED, "unit_type": 9}])]),
            "action.modes[0].unitNeeds[0].unitType",
        ),
        (described(modes=[]), "action.modes"),
        (described(modes=[DescribedMode({"duration_minutes": 60})] * 101), "action.modes"),
        (described(priority=0), "action.priority"),
        (described(window_start=at(9), window_end=at(3)), "action.windowEnd"),
        (described(group="simultaneity_group_1"), "action.groupId"),
        (described(country="VN"), "action.country"),
        (described(follows=[{"action": theatre.operation}]), "action.follows[0].actionId"),
        (described(warrants=[{"start": at(3), "end": at(2)}]), "action.warrants[0].end"),
    )
    for asked, field in wrong:
        with pytest.raises(Invalid) as refused:
            await advised(theatre, plan, asked)
        assert refused.value.field == field
        assert refused.value.remedy
    tie = {"action": ids["Raid 1"]}
    with pytest.raises(CyclicPrecedence):
        await advised(theatre, plan, described(follows=[tie], precedes=[tie]))
    for given, field, kind in (
        ({"action_id": ids["Unit 1"]}, "actionId", NotFound),
        ({"described": described(compound="compound_1")}, "action.compoundId", NotFound),
        ({}, "actionId", Invalid),
        ({"action_id": ids["Raid 1"], "described": described()}, "actionId", Invalid),
        ({"action_id": ids["Raid 1"], "first": 0}, "first", Invalid),
        ({"action_id": ids["Raid 1"], "first": 101}, "first", Invalid),
        ({"action_id": ids["Raid 1"], "longest_minutes": 4}, "longest", Invalid),
    ):
        with pytest.raises(kind) as refused_too:
            await advise_slots(theatre.graph, frames=Frames(theatre.graph), plan_id=plan, **given)  # type: ignore[arg-type]
        assert refused_too.value.field == field  # type: ignore[attr-defined]
