"""Schedules and what others claim: what may be known is kept away from, what is hidden changes nothing, and conflicts
get places that end them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from opsplan.nouns import CATALOGUE
from opsplan.operations.service import move_action
from opsplan.operations.states import ActionState
from opsplan.scheduling.plan.steps import Move
from opsplan.scheduling.problem import make_problem
from opsplan.scheduling.problem.means import sparing
from opsplan.scheduling.service import Alternatives, Frames, propose_alternatives, weigh_plan
from opsplan.scheduling.store.snapshot import take_snapshot
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.errors import Forbidden, Invalid, KeysMissing, NotFound
from opsplan.vocabulary.ids import mint
from solver import Budget, problem_to_json, solution_to_json, solve
from tests.opsplan.records.world import checked
from tests.opsplan.scheduling.running import Running
from tests.opsplan.scheduling.theatre import PHNOM_PENH, SIHANOUKVILLE, Theatre, at

WATCH = {"kind": "SURVEILLANCE", "location": PHNOM_PENH, "radius_m": 100.0, "name": "EXERCISE Watch"}


async def claimed(
    theatre: Theatre, start: float, end: float, *, by: str = "B", seen: Iterable[str] = (), **given: Any
) -> str:
    """Have another agency claim the raids' door, in hours after the operation's start; it shows what keys it must."""
    row = checked("Claim", **{**WATCH, "start": at(start), "end": at(end), **given})
    shown = tuple(seen)
    while True:
        try:
            (made,) = await theatre.world.write(
                lambda writing: writing.create(CATALOGUE["Claim"], [row]), actor=theatre.world.actor(by), seen=shown
            )
        except KeysMissing as refusal:
            shown = (*shown, *(each["key"] for each in refusal.facts["missing"]))
        else:
            return str(made)


def hours(text: str | datetime) -> float:
    """Give an instant in hours after the operation's start."""
    instant = instant_from_text(text) if isinstance(text, str) else text
    return (instant - instant_from_text(at(0))) / timedelta(hours=1)


async def start_of(theatre: Theatre, plan: str, name: str = "Raid 1") -> float:
    """Give when a plan has a raid start."""
    return hours((await theatre.rows(plan))[name]["start"])


@pytest.mark.requirement("D1")
async def test_a_schedule_keeps_away_from_open_claims(theatre: Theatre) -> None:
    """A raid that is due at once waits until six hours after a watch; told not to look at claims, it does not, and the
    verdict on that plan names the claim."""
    await theatre.staffed_raid(due=at(2))
    await theatre.unit()
    claim = await claimed(theatre, -2, 3)
    assert await start_of(theatre, await theatre.planned()) == 9
    run = await theatre.request(avoids_claims=False)
    await theatre.conclude(run)
    careless = await theatre.plan_of(run)
    assert await start_of(theatre, careless) == 0
    verdict = await weigh_plan(theatre.graph, theatre.coordinator, frames=Frames(theatre.graph), plan_id=careless)
    assert verdict["broken_rules"] == []
    (met,) = verdict["claims_met"]
    (named,) = met["facts"]["claims"]
    assert (named["claim_id"], named["rule"], named["rule_minutes"]) == (claim, "RAID+SURVEILLANCE", 360)


@pytest.mark.requirement("D1")
async def test_what_is_left_out_for_a_claim_says_so(theatre: Theatre) -> None:
    """A raid whose whole window is claimed has no place, and the reason names the claim."""
    await theatre.staffed_raid(window_end=at(5))
    await theatre.unit()
    claim = await claimed(theatre, 0, 5)
    left_out = (await theatre.left_out(await theatre.planned()))["Raid 1"]
    assert left_out["codes"] == ["CLAIMS_COVER_WINDOW"]
    assert claim in left_out["reasons"]


async def scheduled(theatre: Theatre) -> dict[str, Any]:
    """Schedule, and give all that a reader learns of it but ids, times of day and the seconds that it took."""
    run = await theatre.request()
    await theatre.conclude(run)
    plan = await theatre.plan_of(run)
    snapshot = await take_snapshot(theatre.graph, theatre.operation)
    judged_by, index = make_problem(snapshot)
    problem = sparing(judged_by, index, snapshot)
    found = solve(problem, Budget(seconds=None, work=2_000, workers=1))
    properties = await theatre.world.properties(run)
    passing = {"id", "created_at", "changed_at", "started_at", "finished_at"}
    return {
        "problem": problem_to_json(problem),
        "solution": solution_to_json(found),
        "run": {name: value for name, value in properties.items() if name not in passing},
        "rows": {
            name: {key: row[key] for key in ("start", "end", "staffing", "units", "h_offset_minutes")}
            for name, row in (await theatre.rows(plan)).items()
        },
        "left_out": {name: (row["codes"], row["reasons"]) for name, row in (await theatre.left_out(plan)).items()},
    }


@pytest.mark.requirement("D5")
@pytest.mark.parametrize("sensitivity", ["OPEN", "SILENT"])
async def test_hidden_claims_change_nothing(theatre: Theatre, sensitivity: str) -> None:
    """Problem, plan, bounds, reasons and the run's record are the same, byte for byte, whether others have hidden work
    near by or not; whatever the operation's own readers are."""
    await theatre.change("Operation", theatre.operation, sensitivity=sensitivity)
    for number in range(3):
        action = await theatre.staffed_raid(f"Raid {number}", due=at(2), window_end=at(5))
        await theatre.bed_need(action, 10)
    unit = await theatre.unit()
    await theatre.beds(20)
    without = await scheduled(theatre)
    assert without["left_out"]
    await claimed(theatre, -2, 3, sensitivity="POINTER")
    await claimed(theatre, 1, 9, sensitivity="SILENT", location=(104.93, 11.57))
    beds = [{"country": "KH", "kind": "BED", "amount": 20}]
    await claimed(theatre, -2, 9, sensitivity="SILENT", location=SIHANOUKVILLE, capacities=beds)
    await claimed(theatre, -2, 9, sensitivity="POINTER", location=(20.0, 20.0), units=[unit], by="A")
    assert await scheduled(theatre) == without


async def coordinate(theatre: Theatre, action: str) -> None:
    """Register an action for deconfliction."""
    version = (await theatre.world.properties(action))["version"]
    await theatre.world.write(
        lambda writing: move_action(
            writing, action, ActionState.COORDINATED, reason="EXERCISE", expected_version=version
        )
    )


async def committed(theatre: Theatre) -> tuple[str, str]:
    """Publish a plan with a raid that is coordinated, have another agency come near, and give plan and conflict."""
    action = await theatre.staffed_raid(due=at(12), window_start=at(10), window_end=at(40))
    await theatre.unit()
    plan = await theatre.planned()
    await theatre.publish(plan)
    await coordinate(theatre, action)
    await claimed(theatre, 11, 14)
    ((conflict,),) = await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:CLAIMED_FOR]-(:Claim)<-[:CONFLICT_OF|CONFLICT_WITH]-(conflict) "
        "RETURN conflict.id",
        {"id": action},
    )
    return plan, str(conflict)


async def proposed(theatre: Theatre, by: str = "A", **about: Any) -> Alternatives:
    """Ask what would end a conflict."""
    asker = theatre.world.actor(by)
    return await propose_alternatives(theatre.graph, asker, frames=Frames(theatre.graph), **about)


@pytest.mark.requirement("S9")
@pytest.mark.requirement("D1")
async def test_both_sides_get_places_that_end_a_conflict(theatre: Theatre) -> None:
    """The raid's nearest clear start comes first and breaks nothing when it is moved there; the watch, a bare claim,
    gets the nearest times that keep six hours from the raid."""
    plan, conflict = await committed(theatre)
    mine = await proposed(theatre, conflict_id=conflict)
    assert (mine.plan_id, mine.reasons) == (plan, ())
    best = mine.alternatives[0]
    # The raid runs from the tenth to the twelfth hour; six hours after the watch are the twentieth.
    assert (hours(best.start), best.moved_minutes, best.changed_units) == (20, 600, 0)
    assert best.place is not None
    verdict = await weigh_plan(
        theatre.graph,
        theatre.coordinator,
        frames=Frames(theatre.graph),
        plan_id=plan,
        steps=[Move(best.place.action_id, best.start)],
    )
    assert (verdict["broken_rules"], verdict["claims_met"]) == ([], [])
    theirs = await proposed(theatre, "B", conflict_id=conflict)
    assert theirs.action_id is None
    assert [(hours(each.start), each.moved_minutes) for each in theirs.alternatives] == [(18, 420), (1, -600)]


@pytest.mark.requirement("D5")
async def test_nobody_else_is_told_what_would_end_a_conflict(theatre: Theatre) -> None:
    """An agency on neither side is refused; what there is not, is not there; and one thing is asked at a time."""
    _, conflict = await committed(theatre)
    with pytest.raises(Forbidden):
        await proposed(theatre, "X", conflict_id=conflict)
    for wrong, about in (
        (NotFound, {"conflict_id": mint("Conflict")}),
        (Invalid, {}),
        (Invalid, {"conflict_id": conflict, "first": 0}),
    ):
        with pytest.raises(wrong):
            await proposed(theatre, **about)


@pytest.mark.requirement("D5")
async def test_a_blind_notice_is_planned_by_once_it_is_given(theatre: Theatre) -> None:
    """Of an operation that is not OPEN, the hours of the notified claim are left free, and no more is made of what is
    hidden: two that meet the same cell give one problem. What the notice asks for is proposed, too."""
    await theatre.change("Operation", theatre.operation, sensitivity="SILENT")
    action = await theatre.staffed_raid(due=at(12), window_start=at(10), window_end=at(40))
    await theatre.unit()
    plan = await theatre.planned()
    await theatre.publish(plan)
    await coordinate(theatre, action)
    problems = []
    for given in ({"start": 11, "end": 14}, {"start": 10, "end": 17, "location": (104.95, 11.58), "kind": "RAID"}):
        claim = await claimed(theatre, **{**given, "sensitivity": "POINTER"})  # type: ignore[arg-type]
        problem, index = make_problem(await take_snapshot(theatre.graph, theatre.operation))
        ((notice,),) = await theatre.graph.read_rows(
            "MATCH (n:Notice) WHERE n.owner_id = $owner AND n.is_blind AND n.state <> 'GONE' RETURN n.id",
            {"owner": theatre.world.agencies["A"]},
        )
        spells = [
            tuple(hours(index.grid.instant(slot)) for slot in (each.start_slot, each.end_slot))
            for each in problem.actions[0].claimed
        ]
        # The raid is from ten to twelve: what is hidden may be from midnight to eighteen, six hours from all of which
        # are midnight again, in whole spells.
        assert spells == [(-6, 24)]
        problems.append(problem_to_json(problem))
        found = await proposed(theatre, notice_id=str(notice))
        assert hours(found.alternatives[0].start) == 24
        await theatre.world.retire("Claim", claim, actor=theatre.world.actor("B"))
    assert problems[0] == problems[1]


@pytest.mark.requirement("D5")
@pytest.mark.parametrize("kind", ["RAID", "SURVEILLANCE", "INFORMANT_MEETING"])
@pytest.mark.parametrize("sensitivity", ["OPEN", "POINTER"])
async def test_what_is_proposed_to_a_blind_notice_is_not_refused_for_the_same_key(
    theatre: Theatre, kind: str, sensitivity: str
) -> None:
    """Whoever was told of something hidden near his claim moves it to any time that is proposed without showing a key:
    within the widest hours of its kind, what lasts no longer than the spells round it is not there."""
    await claimed(theatre, 37, 41, by="A", kind="RAID", sensitivity="POINTER")
    own = {"kind": kind, "sensitivity": sensitivity}
    claim = await claimed(theatre, 38, 40, **own)
    ((notice,),) = await theatre.graph.read_rows(
        "MATCH (:Claim {id: $id})<-[:NOTICE_ON]-(n:Notice) WHERE n.is_blind AND n.state <> 'GONE' RETURN n.id",
        {"id": claim},
    )
    found = await proposed(theatre, "B", notice_id=str(notice))
    assert {each.start < instant_from_text(at(38)) for each in found.alternatives} == {True, False}
    await theatre.world.retire("Claim", claim, actor=theatre.world.actor("B"))
    for each in found.alternatives:
        row = checked("Claim", **{**WATCH, **own, "start": instant_text(each.start), "end": instant_text(each.end)})
        (made,) = await theatre.world.write(
            lambda writing, row=row: writing.create(CATALOGUE["Claim"], [row]), actor=theatre.world.actor("B")
        )
        await theatre.world.retire("Claim", str(made), actor=theatre.world.actor("B"))


ASK = """query ($id: ID!) { conflictAlternatives(conflictId: $id, first: 2) {
  planId total blockers { code }
  alternatives { start movedMinutes changedUnits staffing { unitIds } goals { goal } } } }"""
REQUEST = """mutation ($input: RequestScheduleInput!) { requestSchedule(input: $input) {
  ... on ScheduleRun { id avoidsClaims } } }"""


@pytest.mark.requirement("S9")
async def test_over_the_api(theatre: Theatre, service: Running) -> None:
    """The sides of a conflict ask for what would end it, and a run says whether it looks at claims."""
    plan, conflict = await committed(theatre)
    async with service.client(theatre, "A", *Role) as client:
        told = (await client.ask(ASK, id=conflict))["conflictAlternatives"]
        assert (told["planId"], told["alternatives"][0]["movedMinutes"]) == (plan, 600)
        for avoids in (True, False):
            wanted = {"operationId": theatre.operation, "budgetSeconds": 1, "avoidClaims": avoids}
            run = (await client.ask(REQUEST, input=wanted))["requestSchedule"]
            assert run["avoidsClaims"] is avoids
