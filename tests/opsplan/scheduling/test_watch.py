"""A published plan stays watched: what breaks it is marked in the transaction of the change, and cleared if mended."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from opsplan.graph.driver import Graph
from opsplan.operations.service import move_operation
from opsplan.operations.states import OperationState, ParticipantState
from opsplan.records.writing import Writing
from opsplan.scheduling.plan.judge import broken_now
from opsplan.scheduling.problem.frame import Frame
from opsplan.scheduling.store.plans import read_placed
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.vocabulary.place import GeoPoint
from tests.opsplan.scheduling.test_publish import Ids, less_beds, narrower_need, prepared
from tests.opsplan.scheduling.theatre import SIHANOUKVILLE, Theatre, at
from tests.seeds import with_fresh

Step = Callable[[Theatre, Ids], Awaitable[Any]]


async def breaches(theatre: Theatre, plan: str, state: str = "OPEN") -> list[dict[str, Any]]:
    """Read what is marked of a plan, with the names of the actions concerned."""
    rows = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:BREACH_OF]-(b:PlanBreach {state: $state}) "
        "RETURN properties(b), [(b)-[:BREAKS]->(a) | a.name] ORDER BY b.mark",
        {"id": plan, "state": state},
    )
    return [{**properties, "actions": sorted(names)} for properties, names in rows]


async def published(theatre: Theatre) -> Ids:
    """Make, schedule and publish the small operation of the tests of publishing."""
    ids = await prepared(theatre)
    await theatre.publish(ids["plan"])
    return ids


async def another_unit(theatre: Theatre, ids: Ids) -> None:
    """Put another unit into the offer of the unit in use."""
    unit = await theatre.unit("Unit 3", offered=False)
    await theatre.change("Offer", theatre.offers[ids["unit"]], units=[unit])


BREAKING: dict[str, tuple[Step, str, str]] = {
    "an absence": (lambda t, ids: t.absence(ids["unit"], 0, 6), "calendars", "UnitAbsence"),
    "a moved window": (lambda t, ids: t.change("Action", ids["raid"], window_start=at(12)), "windows", "Action"),
    "a withdrawn offer": (lambda t, ids: t.withdraw(ids["unit"]), "well_formed", "Offer"),
    "an offer cut short": (
        lambda t, ids: t.change("Offer", t.offers[ids["unit"]], start=at(30)),
        "calendars",
        "Offer",
    ),
    "another unit in an offer": (another_unit, "well_formed", "Offer"),
    "fewer beds offered": (lambda t, ids: t.change("Offer", t.offers[ids["beds"]], amount=10), "capacity", "Offer"),
    "beds withdrawn": (lambda t, ids: t.withdraw(ids["beds"]), "capacity", "Offer"),
    "a lost permission": (
        lambda t, ids: t.change("Unit", ids["unit"], permitted_countries=["TH"]),
        "permitted_countries",
        "Unit",
    ),
    "a lower type": (lambda t, ids: t.change("Unit", ids["unit"], type=3), "unit_needs", "Unit"),
    "a farther home": (lambda t, ids: t.change("Unit", ids["unit"], home=GeoPoint(*SIHANOUKVILLE)), "travel", "Unit"),
    "a retired unit": (lambda t, ids: t.world.retire("Unit", ids["unit"]), "well_formed", "Unit"),
    "fewer beds": (less_beds, "capacity", "Capacity"),
    "a warrant": (
        lambda t, ids: t.create("Warrant", reference="W 1", start=at(20), end=at(30), action=ids["raid"]),
        "warrants",
        "Warrant",
    ),
    "a longer mode": (
        lambda t, ids: t.change("ActionMode", ids["mode"], duration_minutes=2900),
        "calendars",
        "ActionMode",
    ),
    "another language": (narrower_need, "unit_needs", "UnitNeed"),
    "an order": (
        lambda t, ids: t.create("Precedence", before=ids["other"], after=ids["raid"]),
        "precedence",
        "Precedence",
    ),
}


@pytest.mark.requirement("P5")
@pytest.mark.parametrize("what", BREAKING)
async def test_what_breaks_the_plan_is_marked_at_once(theatre: Theatre, what: str) -> None:
    """With the change stands the mark: rule, action, cause; the plan keeps its force."""
    step, rule, cause = BREAKING[what]
    ids = await published(theatre)
    await step(theatre, ids)
    found = await breaches(theatre, ids["plan"])
    assert rule in {each["rule"] for each in found}, found
    marked = next(each for each in found if each["rule"] == rule)
    assert "Raid 1" in marked["actions"] or "Raid 2" in marked["actions"]
    assert marked["cause_noun"] == cause
    assert (await theatre.world.properties(ids["plan"]))["state"] == "PUBLISHED"
    (same,) = await theatre.graph.read_rows(
        "MATCH (c:Change {record_id: $mark}) "
        "MATCH (o:Change {record_id: $cause, commit_id: c.commit_id}) RETURN count(o)",
        {"mark": marked["id"], "cause": marked["cause_id"]},
    )
    assert same[0] == 1


@pytest.mark.requirement("P1")
async def test_a_withdrawal_marks_all_that_it_breaks(theatre: Theatre) -> None:
    """When an agency withdraws, every action that uses its units is marked in that transaction."""
    for number in (1, 2, 3):
        await theatre.staffed_raid(f"Raid {number}", window_start=at(2 * number), window_end=at(2 * number + 2))
    guest = await theatre.guest()
    await theatre.offer(await theatre.unit_of_guest("Guest 1"), participant=guest, by=theatre.world.actor("B"))
    await theatre.reply(guest, ParticipantState.ACCEPTED)
    plan = await theatre.planned()
    placed = sorted(await theatre.rows(plan))
    assert placed
    await theatre.publish(plan)
    await theatre.reply(guest, ParticipantState.WITHDRAWN)
    found = await breaches(theatre, plan)
    assert sorted(name for each in found for name in each["actions"]) == placed
    assert {each["cause_noun"] for each in found} == {"Participant"}
    assert {each["rule"] for each in found} == {"well_formed"}


@pytest.mark.requirement("P5")
async def test_a_pool_is_looked_at_whole(theatre: Theatre) -> None:
    """Two actions that draw on beds which are gone: when the first to be short is cancelled, the other is marked."""
    for name, start in (("Raid 1", 6), ("Raid 2", 9)):
        action = await theatre.raid(name, window_start=at(start), window_end=at(start + 2))
        await theatre.bed_need(action, 5, after_start_minutes=0, held_minutes=360)
    beds = await theatre.beds(20)
    plan = await theatre.planned()
    await theatre.publish(plan)
    await less_beds(theatre, {"beds": beds}, amount=0)
    assert [each["actions"] for each in await breaches(theatre, plan)] == [["Raid 1"]]
    await theatre.cancel_action("Raid 1")
    found = {each["rule"]: each["actions"] for each in await breaches(theatre, plan)}
    assert found["capacity"] == ["Raid 2"]


@pytest.mark.requirement("P5")
async def test_a_resource_of_another_kind_leaves_its_pool_short(theatre: Theatre) -> None:
    """When the beds become aircraft, who counted on beds is marked."""
    ids = await published(theatre)
    await theatre.change("Resource", ids["beds"], kind="AIRCRAFT")
    assert {each["rule"] for each in await breaches(theatre, ids["plan"])} == {"capacity"}


@pytest.mark.requirement("P5")
async def test_another_operation_s_changes_are_marked_here(theatre: Theatre) -> None:
    """Of two published plans on the same beds, a larger need in the one marks the other; cancelling it clears it."""
    ids = await prepared(theatre)
    beds = ids["beds"]
    await theatre.publish(ids["plan"])
    other = await Theatre(theatre.world).open(code_name="Anchor")
    raid = await other.raid("Elsewhere")
    need = await other.bed_need(raid, 10)
    await other.offer(beds)
    second = await other.planned()
    await other.publish(second)
    assert await breaches(theatre, ids["plan"]) == []
    await other.change("ResourceNeed", need, amount=30)
    for place, plan in ((theatre, ids["plan"]), (other, second)):
        assert {each["rule"] for each in await breaches(place, plan)} == {"capacity"}
    await other.cancel_action("Elsewhere")
    assert await breaches(theatre, ids["plan"]) == []


@pytest.mark.requirement("P5")
async def test_a_lost_place_silences_nothing_around_it(theatre: Theatre) -> None:
    """With one action lost, an order between two others is judged; and what stood of the lost one stays marked."""
    for number in (1, 2, 3):
        await theatre.staffed_raid(f"Raid {number}", window_start=at(3 * number), window_end=at(3 * number + 3))
    lost = await theatre.unit("Unit 1")
    plan = await theatre.planned()
    rows = await theatre.rows(plan)
    await theatre.publish(plan)
    actions = {name: await theatre.action_named(name) for name in rows}
    await theatre.change("Action", actions["Raid 3"], window_start=at(20), window_end=at(30))
    await theatre.withdraw(lost)
    found = sorted((each["rule"], *each["actions"]) for each in await breaches(theatre, plan))
    assert ("windows", "Raid 3") in found
    assert [each for each in found if each[0] == "well_formed"] == [("well_formed", f"Raid {n}") for n in (1, 2, 3)]
    await theatre.offer(lost)
    assert [(each["rule"], each["actions"]) for each in await breaches(theatre, plan)] == [("windows", ["Raid 3"])]
    await theatre.cancel_action("Raid 3")
    await theatre.create("Precedence", before=actions["Raid 1"], after=actions["Raid 2"], min_lag_minutes=1200)
    rules = {each["rule"] for each in await breaches(theatre, plan)}
    assert "precedence" in rules


@pytest.mark.requirement("P5")
async def test_who_comes_after_what_is_cancelled_is_marked(theatre: Theatre) -> None:
    """An action that is to come after one that is cancelled has no place any more."""
    first, second = await theatre.raid("Raid 1", window_end=at(4)), await theatre.raid("Raid 2", window_start=at(4))
    await theatre.create("Precedence", before=first, after=second)
    plan = await theatre.planned()
    await theatre.publish(plan)
    await theatre.cancel_action("Raid 1")
    found = {(each["rule"], *each["actions"]) for each in await breaches(theatre, plan)}
    assert found == {("well_formed", "Raid 1"), ("windows", "Raid 2")}


@pytest.mark.requirement("P5")
async def test_a_lock_frees_its_unit_for_nothing_else(theatre: Theatre) -> None:
    """When its agency withdraws, a unit that an activated action binds is lost to all others, in old plan and new."""
    for number, start in ((1, 2), (2, 26)):
        await theatre.staffed_raid(f"Raid {number}", window_start=at(start), window_end=at(start + 4))
    guest = await theatre.guest()
    await theatre.offer(await theatre.unit_of_guest("Guest 1"), participant=guest, by=theatre.world.actor("B"))
    await theatre.reply(guest, ParticipantState.ACCEPTED)
    plan = await theatre.planned()
    await theatre.publish(plan)
    await theatre.state(await theatre.action_named("Raid 1"), "ACTIVATED")
    await theatre.reply(guest, ParticipantState.WITHDRAWN)
    found = await breaches(theatre, plan)
    assert {name for each in found for name in each["actions"]} == {"Raid 2"}
    assert "is no longer offered" in found[0]["sentence"]
    second = await theatre.planned()
    assert sorted(await theatre.rows(second)) == ["Raid 1"]


async def test_an_operation_that_is_over_has_no_open_breaches(theatre: Theatre) -> None:
    """When the operation is cancelled, nothing of its plan stands open."""
    ids = await published(theatre)
    await theatre.absence(ids["unit"], 0, 6)
    await theatre.world.write(
        lambda writing: move_operation(
            writing, theatre.operation, OperationState.CANCELLED, reason="EXERCISE", expected_version=1
        )
    )
    assert await breaches(theatre, ids["plan"]) == []


@pytest.mark.requirement("P5")
async def test_what_is_mended_is_cleared(theatre: Theatre) -> None:
    """An absence that is retired clears its marks and no others; the same again marks anew."""
    ids = await published(theatre)
    absence = await theatre.absence(ids["unit"], 0, 6)
    await less_beds(theatre, ids)
    assert {each["rule"] for each in await breaches(theatre, ids["plan"])} == {"calendars", "capacity"}
    await theatre.world.retire("UnitAbsence", absence)
    assert {each["rule"] for each in await breaches(theatre, ids["plan"])} == {"capacity"}
    (cleared,) = await breaches(theatre, ids["plan"], "CLEARED")
    assert (cleared["rule"], cleared["version"]) == ("calendars", 2)
    await theatre.absence(ids["unit"], 0, 6)
    assert len(await breaches(theatre, ids["plan"])) == 2


@pytest.mark.requirement("P5")
async def test_a_new_plan_leaves_the_old_one_s_breaches_behind(theatre: Theatre) -> None:
    """Until a new plan is published the broken one keeps its force; then nothing of it stands open."""
    ids = await published(theatre)
    await theatre.absence(ids["unit"], 0, 6)
    second = await theatre.planned()
    assert (await theatre.world.properties(ids["plan"]))["state"] == "PUBLISHED"
    await theatre.publish(second)
    assert await breaches(theatre, ids["plan"]) == await breaches(theatre, second) == []


async def test_what_changes_no_fact_marks_nothing(theatre: Theatre) -> None:
    """Renames, sources and steps towards activation mark nothing; nor does a change of another operation."""
    ids = await published(theatre)
    await theatre.change("Unit", ids["unit"], name="Unit One")
    await theatre.change("Action", ids["raid"], source="a letter")
    other = await Theatre(theatre.world).open(code_name="Anchor")
    await other.staffed_raid("Elsewhere")
    await other.offer(ids["unit"])
    assert await breaches(theatre, ids["plan"]) == []


async def test_a_refused_change_marks_nothing(theatre: Theatre) -> None:
    """Marks go with the change: when its transaction fails, none is left."""
    ids = await published(theatre)

    async def work(writing: Writing) -> None:
        await writing.retire(theatre.world.laws.catalogue["Offer"], [(theatre.offers[ids["unit"]], None)])
        raise RuntimeError("EXERCISE")

    with pytest.raises(RuntimeError):
        await theatre.world.write(work)
    assert await breaches(theatre, ids["plan"]) == []


@pytest.mark.requirement("P5")
async def test_publishing_and_withdrawing_at_once_never_pass_each_other(theatre: Theatre) -> None:
    """Whichever commits first, no published plan stands broken without a mark."""
    for _ in range(6):
        ids = await prepared(theatre)
        await asyncio.gather(theatre.publish(ids["plan"]), theatre.absence(ids["unit"], 0, 6), return_exceptions=True)
        state = (await theatre.world.properties(ids["plan"]))["state"]
        marked = {each["rule"] for each in await breaches(theatre, ids["plan"])}
        assert (state == "PUBLISHED") == ("calendars" in marked)
        theatre = await Theatre(theatre.world).open()


async def test_many_changes_at_once_are_all_marked(theatre: Theatre) -> None:
    """Writers that concern one plan at once wait for each other, and each marks what it breaks."""
    ids = await published(theatre)
    await asyncio.gather(
        theatre.absence(ids["unit"], 0, 6),
        less_beds(theatre, ids),
        theatre.change("Action", ids["other"], window_start=at(40)),
        *(theatre.absence(ids["spare"], hour, hour + 1) for hour in range(6)),
    )
    assert {"calendars", "capacity", "windows"} <= {each["rule"] for each in await breaches(theatre, ids["plan"])}


@pytest.mark.requirement("P5")
@pytest.mark.parametrize("seed", with_fresh(1))
async def test_marks_are_what_judging_the_whole_plan_finds(theatre: Theatre, graph: Graph, seed: int) -> None:
    """After each of many random changes the open marks are those that a judgement of the whole plan gives."""
    chance = random.Random(seed)
    await theatre.hard(raids=14, units=4)
    plan = await theatre.planned()
    await theatre.publish(plan)
    actions = await _ids(graph, theatre, "(n:Action)-[:PART_OF]->(o)")
    units = await _ids(graph, theatre, "(o)<-[:PARTICIPATES_IN]-()<-[:OFFERED_BY]-()-[:OFFERS]->(n)")
    absences: list[str] = []
    for _ in range(10):
        match chance.randrange(5):
            case 0:
                absences.append(await theatre.absence(chance.choice(units), *_hours(chance)))
            case 1 if absences:
                await theatre.world.retire("UnitAbsence", absences.pop(chance.randrange(len(absences))))
            case 2:
                await theatre.change("Action", chance.choice(actions), window_start=at(chance.randrange(0, 30)))
            case 3:
                permitted = chance.choice([["KH"], ["TH"], ["KH", "TH"]])
                await theatre.change("Unit", chance.choice(units), permitted_countries=permitted)
            case _:
                unit = chance.choice(units)
                await theatre.change("Offer", theatre.offers[unit], end=chance.choice([None, at(20), at(40)]))
        marks = {each["mark"] for each in await breaches(theatre, plan)}
        rows = await graph.read(lambda tx: read_placed(tx, plan))
        whole = broken_now(rows, Frame.over(await take_snapshot(graph, theatre.operation)), {}).rules
        assert marks == {each.mark for each in whole}


def _hours(chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(0, 40)
    return start, start + chance.randrange(1, 8)


async def _ids(graph: Graph, theatre: Theatre, pattern: str) -> list[str]:
    text = f"MATCH (o:Record {{id: $id}}) MATCH {pattern} RETURN DISTINCT n.id ORDER BY n.id"
    return [row[0] for row in await graph.read_rows(text, {"id": theatre.operation})]
