"""What claims of others take of an action's time equals what deconfliction would call a conflict, start by start."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from opsplan.deconfliction.rules.footprint import Footprint, Hiding
from opsplan.deconfliction.rules.meeting import meetings_of
from opsplan.deconfliction.rules.separation import DEFAULT_TABLE
from opsplan.operations.model import ActionKind
from opsplan.scheduling.plan.clearances import clearance_facts, clearances_met, tolerating
from opsplan.scheduling.plan.reasons import unplaced_actions
from opsplan.scheduling.problem import Snapshot, make_problem
from opsplan.scheduling.problem.clearances import area_claimed, binding, time_to_keep_clear_of
from opsplan.scheduling.problem.snapshot import ReadBlindNotice, ReadClaim, ReadSeparation
from opsplan.vocabulary.area import Circle
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.place import GeoPoint
from opsplan.vocabulary.sensitivity import Sensitivity
from solver import Interval as Slots
from solver import Placement, explain, verify
from tests.opsplan.scheduling import made
from tests.opsplan.scheduling.made import PHNOM_PENH, at
from tests.opsplan.scheduling.made import others_claim as claim
from tests.seeds import many, with_fresh

METRES_OF_A_DEGREE = 111_000.0


def raid(**members: Any) -> Snapshot:
    """Make a snapshot of a raid of agency A's, with claims."""
    return made.snapshot(actions=(made.action(owner_id="agency_a"),), **members)


def claimed(snapshot: Snapshot) -> list[tuple[float, float]]:
    """Give what is taken of the only action's time, in hours."""
    problem, _ = make_problem(snapshot)
    return [(each.start_slot / 12, each.end_slot / 12) for each in problem.actions[0].claimed]


def check(seed: int) -> None:
    """Hold every start of some actions against some claims, both ways."""
    rng = random.Random(f"clearances {seed}")
    kinds = [each.name for each in ActionKind]

    def somewhere(spread_m: float) -> tuple[float, float]:
        east, north = (rng.uniform(-spread_m, spread_m) / METRES_OF_A_DEGREE for _ in range(2))
        return PHNOM_PENH[0] + east, PHNOM_PENH[1] + north

    actions = tuple(
        made.action(number, kind=rng.choice(kinds), point=somewhere(2_500), owner_id=f"agency_{rng.choice('ab')}")
        for number in (1, 2)
    )
    modes = tuple(made.mode(number, number, duration_minutes=rng.randrange(5, 240, 5)) for number in (1, 2))
    claims = []
    for number in range(rng.randint(1, 4)):
        begin = rng.randrange(-12 * 12, 60 * 12) / 12
        outline = None
        if rng.random() < 0.3:
            corners = [somewhere(1_500) for _ in range(3)]
            outline = str([list(corner) for corner in corners])
        claims.append(
            claim(
                begin,
                begin + rng.randrange(1, 20 * 12) / 12,
                id=f"claim_{number}",
                kind=rng.choice(kinds),
                location=somewhere(3_000),
                radius_m=rng.uniform(0, 800),
                outline=outline,
                owner_id=f"agency_{rng.choice('bc')}",
            )
        )
    snapshot = made.snapshot(actions=actions, modes=modes, unit_needs=(), units=(), claims=tuple(claims))
    problem, index = make_problem(snapshot)
    others = [_footprint(each) for each in claims]
    for number, action in enumerate(snapshot.actions):
        for start_slot in range(0, 48 * 12 - problem.actions[number].modes[0].duration_slots, 3):
            start = index.grid.instant(start_slot)
            assert action.point is not None
            mine = Footprint(
                action.id,
                action.owner_id,
                exercise=True,
                kind=ActionKind(action.kind),
                area=Circle(GeoPoint(*action.point), 0.0),
                time=Interval(start, start + timedelta(minutes=modes[number].duration_minutes)),
            )
            met = {
                each.other.claim_id
                for each in meetings_of(mine, others, DEFAULT_TABLE, Hiding())
                if each.severity.name != "ADVISORY"
            }
            place = Placement(number, 0, start_slot, ())
            broken = [each for each in verify(problem, (place,)) if each.rule == "claims"]
            span = problem.actions[number].modes[0].duration_slots
            named = {each.claim.id for each in clearances_met(index, number, [Slots(start_slot, start_slot + span)])}
            assert bool(broken) == bool(met), (seed, number, start_slot)
            assert named == met, (seed, number, start_slot)
    assert {each.id for each in binding(claims, snapshot)} == {
        each.claim.id for those in index.clearances.values() for each in those
    }


def _footprint(row: ReadClaim) -> Footprint:
    return Footprint(
        row.id,
        row.owner_id,
        exercise=True,
        kind=ActionKind(row.kind),
        area=area_claimed(row),
        time=Interval(row.start, row.end),
    )


@pytest.mark.requirement("D1")
@pytest.mark.parametrize("seed", with_fresh(*range(8)))
def test_starts_are_barred_where_deconfliction_finds_a_conflict(seed: int) -> None:
    """Of random actions and claims, circles and polygons, each start is barred exactly when the two would conflict, by
    the claims that they would conflict with."""
    check(seed)


@pytest.mark.long
@pytest.mark.requirement("D1")
@pytest.mark.parametrize("seed", many(300))
def test_starts_are_barred_for_many_seeds(seed: int) -> None:
    """The same for hundreds of seeds."""
    check(seed)


def test_the_time_to_keep_is_taken_on_both_sides() -> None:
    """A watch from the tenth to the twelfth hour keeps a raid away from the fourth to the eighteenth."""
    assert claimed(raid(claims=(claim(10, 12),))) == [(4, 18)]


def test_what_is_advisory_far_own_or_settled_bars_nothing() -> None:
    """A freeze is for both to know of; 3 km are enough; an agency need not keep away from itself, nor from what it has
    settled."""
    for changes in (
        {"kind": "ASSET_FREEZE"},
        {"location": (PHNOM_PENH[0], PHNOM_PENH[1] + 0.03)},
        {"owner_id": "agency_a"},
        {"settled_with": ("action_1",)},
    ):
        assert claimed(raid(claims=(claim(10, 12, **changes),))) == []


def test_a_rule_in_force_replaces_the_figures() -> None:
    """With a rule of one hour for raids and watches only that is kept; with an advisory one nothing is."""
    for severity, hours in (("CRITICAL", [(9, 13)]), ("ADVISORY", [])):
        rule = ReadSeparation("RAID", "SURVEILLANCE", 4, 500, 60, severity)
        assert claimed(raid(claims=(claim(10, 12),), separations=(rule,))) == hours


def test_what_must_stay_stays_whoever_came_near() -> None:
    """An action that is locked to its place is not kept away: units know of it, and its owner settles the conflict."""
    assert claimed(raid(claims=(claim(10, 12),), locks=(made.lock(11),))) == []


def notice_of(start: float, end: float, *, is_open: bool = False, kind: str = "RAID") -> ReadBlindNotice:
    """Make a blind notice on a claim of agency A's."""
    return ReadBlindNotice(
        "notice_1", 1, "EXERCISE Raid 1", "claim_1", kind, PHNOM_PENH, 0.0, None, at(start), at(end), 5, 6, is_open
    )


@pytest.mark.requirement("D5")
def test_a_blind_notice_bars_the_cell_and_the_hours_in_which_the_same_conflict_would_be_met_again() -> None:
    """Nothing that is hidden goes into it. From 10:30 to 12:30 and six hours round it, that is midnight to midnight in
    whole spells, something may be hidden; six hours round that a raid is kept away, all raids in the cell."""
    notice = notice_of(10.5, 12.5)
    assert claimed(raid(blind_notices=(notice,))) == [(-6, 30)]
    far = made.action(owner_id="agency_a", point=(PHNOM_PENH[0] + 0.5, PHNOM_PENH[1]))
    assert claimed(made.snapshot(actions=(far,), blind_notices=(notice,))) == []


@pytest.mark.requirement("D5")
@pytest.mark.parametrize("seed", with_fresh(range(40)))
def test_what_keeps_clear_of_a_notice_is_not_refused_for_it_again_and_no_more_is_kept(seed: int) -> None:
    """For every spell in which the hidden may be: no time outside meets it; each end of what is kept is met by one."""
    rng = random.Random(f"notices {seed}")
    kind = rng.choice(["RAID", "SURVEILLANCE", "ARREST"])
    hiding = Hiding(5, rng.choice([1, 6, 24]))
    start = rng.randrange(-200, 200) * timedelta(minutes=15)
    lasting = rng.randrange(1, 60) * timedelta(minutes=15)
    notice = replace(notice_of(0, 1, is_open=rng.random() < 0.5, kind=kind), hours=hiding.hours)
    notice = replace(notice, start=at(0) + start, end=at(0) + start + lasting)
    low, high = time_to_keep_clear_of(notice, ActionKind(kind), DEFAULT_TABLE)

    def met(begin: datetime, hidden: Footprint) -> bool:
        seen = Sensitivity.OPEN if notice.is_open else Sensitivity.POINTER
        mine = footprint("claim_1", "agency_a", kind, begin, begin + lasting, seen)
        return bool(meetings_of(mine, [hidden], DEFAULT_TABLE, hiding))

    spell = timedelta(hours=hiding.hours)
    first = at(0) - timedelta(days=30)
    hidden = [
        footprint(f"hidden_{number}", "agency_b", "RAID", first + number * spell, first + (number + 1) * spell)
        for number in range(60 * 24 // hiding.hours)
    ]
    possible = [each for each in hidden if met(notice.start, each)]
    assert possible
    for off in (timedelta(0), timedelta(minutes=1), spell, 3 * spell):
        assert not any(met(begin, each) for begin in (low - lasting - off, high + off) for each in possible)
    for begin in (low - lasting + timedelta(minutes=1), high - timedelta(minutes=1)):
        assert any(met(begin, each) for each in possible)


def footprint(
    claim_id: str, owner: str, kind: str, start: datetime, end: datetime, seen: Sensitivity = Sensitivity.POINTER
) -> Footprint:
    """Make what a claim at the raid's place takes."""
    area = Circle(GeoPoint(*PHNOM_PENH), 0.0)
    return Footprint(
        claim_id, owner, exercise=True, kind=ActionKind(kind), area=area, time=Interval(start, end), sensitivity=seen
    )


def test_reasons_and_facts_name_the_claims() -> None:
    """An action whose window others claim is left out for that reason, with claim, rule and figures."""
    snapshot = raid(claims=(claim(-10, 60),))
    problem, index = make_problem(snapshot)
    (found,) = explain(problem, ())
    assert [each.code for each in found.reasons] == ["CLAIMS_COVER_WINDOW"]

    (told,) = unplaced_actions((found,), problem, index)
    (reason,) = told.reasons
    assert reason.facts["claims"] == clearance_facts(index.clearances[0])["claims"]
    assert reason.facts["claims"][0] | {"distance_m": None} == {
        "claim_id": "claim_-10_60",
        "owner_id": "agency_b",
        "rule": "RAID+SURVEILLANCE",
        "rule_version": 0,
        "severity": "CRITICAL",
        "distance_m": None,
        "rule_distance_m": 2_000,
        "rule_minutes": 360,
        "start": "2026-11-30 14:00 UTC",
        "end": "2026-12-03 12:00 UTC",
    }
    assert "EXERCISE Watch is claimed from" in reason.sentence


def test_a_plan_that_meets_a_claim_is_still_explained() -> None:
    """What else may be said of it is said as if its places were clear; the action asked about keeps away."""
    problem, _ = make_problem(raid(claims=(claim(10, 12),)))
    place = Placement(0, 0, 11 * 12, ((0,),))
    assert {each.rule for each in verify(problem, (place,))} == {"claims"}
    assert verify(tolerating(problem, (place,)), (place,)) == ()
    assert verify(tolerating(problem, (place,), but=0), (place,)) != ()
