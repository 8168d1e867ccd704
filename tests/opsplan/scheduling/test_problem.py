"""The translation of snapshots: what each noun means to the solver, and that nothing in a graph makes it fail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsplan.geography.travel import travel_minutes
from opsplan.scheduling.problem import make_problem, ways
from opsplan.scheduling.problem.index import HindranceCode
from opsplan.scheduling.problem.relations import CyclicPrecedence
from opsplan.scheduling.problem.snapshot import ReadCapacity, ReadGroup, ReadResourceClaim, Snapshot
from opsplan.vocabulary.place import GeoPoint
from solver import CapacityStep, Interval, Lock, fingerprint, problem_to_json
from tests.opsplan.scheduling import made
from tests.opsplan.scheduling.made import at

HOUR = 12
"""Slots of an hour."""


def hindrances(snapshot: Snapshot, number: int = 0) -> list[HindranceCode]:
    """Give the codes of what stands against an action."""
    return [each.code for each in make_problem(snapshot)[1].hindrances.get(number, ())]


def test_equal_snapshots_give_equal_bytes() -> None:
    """The same snapshot gives the same bytes, and so the same fingerprint."""
    one, other = make_problem(made.snapshot())[0], make_problem(made.snapshot())[0]
    assert problem_to_json(one) == problem_to_json(other)
    assert fingerprint(one) == fingerprint(other)


def test_an_action_becomes_slots() -> None:
    """Window, duration, due, weight and victims of an action are the solver's, in slots of five minutes."""
    raid = made.action(
        window_start=at(1) + timedelta(minutes=2),
        window_end=at(9) + timedelta(minutes=4),
        due=at(5) + timedelta(minutes=3),
        priority=700,
        mandatory=True,
        expected_victims=35,
    )
    problem, index = make_problem(made.snapshot(actions=(raid,), modes=(made.mode(duration_minutes=62, cost=7),)))
    action = problem.actions[0]
    assert action.windows == (Interval(HOUR + 1, 9 * HOUR),)
    assert action.modes[0].duration_slots == 13
    assert index.mode_minutes == ((62,),)
    assert (action.weight, action.mandatory, action.expected_victims, action.due_slot) == (700, True, 35, 5 * HOUR)
    assert problem.horizon_slots == 48 * HOUR
    assert index.zones == ("Asia/Phnom_Penh",)


def test_quiet_hours_follow_the_zone_of_the_site() -> None:
    """Raids keep the local night of their country free, other kinds do not, and other countries do not care."""
    night = made.snapshot(quiet_hours=(made.quiet_hours(),))
    # 21:00 to 06:00 in Phnom Penh (UTC+7) is 14:00 to 23:00 UTC.
    expected = (Interval(14 * HOUR, 23 * HOUR), Interval(38 * HOUR, 47 * HOUR))
    assert make_problem(night)[0].actions[0].forbidden == expected
    watch = replace(night, actions=(made.action(kind="SURVEILLANCE"),))
    assert make_problem(watch)[0].actions[0].forbidden == ()
    named = replace(watch, quiet_hours=(made.quiet_hours(kinds=("SURVEILLANCE",)),))
    assert make_problem(named)[0].actions[0].forbidden == expected
    abroad = replace(night, actions=(made.action(country="TH", point=made.BANGKOK),))
    assert make_problem(abroad)[0].actions[0].forbidden == ()


@pytest.mark.parametrize(
    ("day", "first", "hours"),
    [
        (datetime(2026, 3, 28, tzinfo=UTC), 20, 8),  # clocks go forward in the night that follows
        (datetime(2026, 10, 24, tzinfo=UTC), 19, 10),  # clocks go back
        (datetime(2026, 6, 1, tzinfo=UTC), 19, 9),
    ],
)
def test_quiet_hours_on_the_days_when_clocks_change(day: datetime, first: int, hours: int) -> None:
    """A night in Berlin from 21:00 to 06:00 lasts 8, 9 or 10 hours, as the date has it."""
    operation = made.operation(start=day, end=day + timedelta(days=1, hours=12))
    raid = made.action(
        country="DE", point=(13.4, 52.5), window_start=day + timedelta(hours=12), window_end=day + timedelta(hours=36)
    )
    snapshot = made.snapshot(operation=operation, actions=(raid,), quiet_hours=(made.quiet_hours(country="DE"),))
    assert make_problem(snapshot)[0].actions[0].forbidden == (Interval(first * HOUR, (first + hours) * HOUR),)


def test_warrants_that_adjoin_count_as_one() -> None:
    """Adjoining warrants leave no gap even inside a slot; none at all means that none is needed."""
    first, second = made.warrant(1, 2), made.warrant(3, 5)
    joined = replace(first, end=at(3) + timedelta(minutes=2))
    second = replace(second, start=at(3) + timedelta(minutes=2))
    assert make_problem(made.snapshot(warrants=(joined, second)))[0].actions[0].warrants == (Interval(HOUR, 5 * HOUR),)
    assert make_problem(made.snapshot())[0].actions[0].warrants is None
    late = made.snapshot(warrants=(made.warrant(60, 62),))
    assert make_problem(late)[0].actions[0].warrants == (Interval(60 * HOUR, 62 * HOUR),)


@pytest.mark.requirement("R1")
def test_needs_keep_kind_type_and_languages() -> None:
    """A need asks for its kind, its type or better, and its languages; units have theirs."""
    need = made.unit_need(languages=("km", "zh"), count=1, type=2)
    units = (made.unit(1, languages=("km",)), made.unit(2, kind="CYBER", languages=("fr", "km", "zh")))
    problem, _ = make_problem(made.snapshot(unit_needs=(need,), units=units))
    asked = problem.actions[0].modes[0].unit_needs[0]
    assert problem.unit_kinds[asked.kind] == "TACTICAL"
    assert (asked.type, asked.count) == (2, 1)
    assert [problem.skills[skill] for skill in asked.skills] == ["km", "zh"]
    assert [[problem.skills[skill] for skill in unit.skills] for unit in problem.units] == [["km"], ["km", "zh"]]


def test_permitted_countries_default_to_the_unit_s_own() -> None:
    """Without a list a unit may act at home only; an international one without a list nowhere."""
    units = (
        made.unit(1),
        made.unit(2, country="TH", home=made.BANGKOK),
        made.unit(3, country="TH", permitted=("KH", "PH")),
        made.unit(4, country=None),
    )
    problem, _ = make_problem(made.snapshot(units=units))
    names = [[problem.countries[number].name for number in unit.permitted] for unit in problem.units]
    assert names == [["KH"], [], ["KH"], []]


def test_absences_cut_the_calendar_outward() -> None:
    """An absence takes every slot that it touches."""
    away = replace(made.absence(1, 10, 12), start=at(10) + timedelta(minutes=3), end=at(12) + timedelta(minutes=1))
    problem, _ = make_problem(made.snapshot(absences=(away,)))
    assert problem.units[0].availability == (Interval(0, 10 * HOUR), Interval(12 * HOUR + 1, 48 * HOUR))


def test_duty_is_rounded_down_and_rest_up() -> None:
    """Duty and rest are rounded to the safe side."""
    problem, _ = make_problem(made.snapshot(units=(made.unit(max_duty_minutes=723, min_rest_minutes=601),)))
    duty = problem.units[0].duty
    assert duty is not None
    assert (duty.max_duty_slots, duty.min_rest_slots) == (144, 121)


def test_another_operation_s_use_takes_rest_and_ways() -> None:
    """Around a claim a unit is away for its rest, for the longest way there, and for the way home."""
    there = travel_minutes([GeoPoint(*made.PHNOM_PENH)], [GeoPoint(*made.SIHANOUKVILLE)])[0, 0]
    claims = (made.claim(1, 24, 26, point=made.SIHANOUKVILLE),)
    problem, index = make_problem(made.snapshot(unit_claims=claims))
    way, rest = index.grid.up(int(there)), 10 * HOUR
    assert problem.units[0].availability == (
        Interval(0, 24 * HOUR - rest - way),
        Interval(26 * HOUR + rest + way, 48 * HOUR),
    )


def test_capacities_add_up_and_end() -> None:
    """Entries of all resources of a pool add up, nothing is left outside them, and others' use is taken off."""
    beds = made.beds(40, 0, 24)
    more = ReadCapacity("capacity_2", 1, "resource_1", at(12), at(36), 10)
    used = ReadResourceClaim(
        "planned_action_9", 1, "EXERCISE Anchor", "EXERCISE X", "KH", "BED", None, 45, at(6), at(18)
    )
    snapshot = made.snapshot(
        resources=beds["resources"],
        resource_offers=beds["resource_offers"],
        capacities=(*beds["capacities"], more),
        resource_needs=(made.bed_need(),),
        resource_claims=(used,),
    )
    problem, index = make_problem(snapshot)
    assert [pool.title for pool in index.pools] == ["BED in KH"]
    assert problem.resources[0].steps == (
        CapacityStep(0, 40),
        CapacityStep(6 * HOUR, 0),
        CapacityStep(12 * HOUR, 5),
        CapacityStep(18 * HOUR, 50),
        CapacityStep(24 * HOUR, 10),
        CapacityStep(36 * HOUR, 0),
    )


def test_a_pool_that_nobody_offers_is_empty() -> None:
    """A need of what nobody offers draws on a pool without capacity."""
    problem, _ = make_problem(made.snapshot(resource_needs=(made.bed_need(language="km"),)))
    assert problem.resources[0].name == "BED (km) in KH"
    assert problem.resources[0].steps == ()
    need = problem.actions[0].modes[0].resource_needs[0]
    assert (need.amount, need.offset_slots, need.length_slots) == (30, 2 * HOUR, 24 * HOUR)


def test_precedences_round_lags_to_the_safe_side() -> None:
    """The least lag is rounded up, the longest down and by what the first action's duration is rounded up."""
    members = {
        "actions": (made.action(1), made.action(2)),
        "modes": (made.mode(1, 1, duration_minutes=62), made.mode(2, 2)),
    }
    problem, index = make_problem(made.snapshot(**members, precedences=(made.precedence(1, 2, 61, 123),)))
    relation = problem.precedences[0]
    assert (relation.min_lag_slots, relation.max_lag_slots, relation.required) == (13, 24, True)
    assert index.precedence_ids == ("precedence_1_2",)
    tight = made.snapshot(**members, precedences=(made.precedence(1, 2, 61, 63),))
    assert hindrances(tight, 1) == [HindranceCode.LAG_OFF_THE_GRID]
    assert make_problem(tight)[0].actions[1].windows == ()


def test_a_first_action_out_of_play_rules_the_second_out() -> None:
    """An action that needs one that is cancelled, or part of another operation, has no place and says why."""
    gone = made.snapshot(precedences=(made.precedence(9, 1, before_state="CANCELLED"),))
    assert hindrances(gone) == [HindranceCode.PREDECESSOR_OUT_OF_PLAY]
    assert "EXERCISE Raid 9" in make_problem(gone)[1].hindrances[0][0].sentence


def test_a_circle_of_precedences_is_refused_with_its_path() -> None:
    """Actions before one another in a circle are refused, and the message names them."""
    actions = tuple(made.action(number) for number in (1, 2, 3))
    circle = tuple(made.precedence(*pair) for pair in ((1, 2), (2, 3), (3, 1)))
    with pytest.raises(CyclicPrecedence, match="EXERCISE Raid 1 -> EXERCISE Raid 2 -> EXERCISE Raid 3") as refusal:
        make_problem(made.snapshot(actions=actions, precedences=circle))
    assert refusal.value.remedy
    with pytest.raises(CyclicPrecedence):
        make_problem(made.snapshot(precedences=(made.precedence(1, 1),)))


@pytest.mark.requirement("S2")
def test_groups_keep_their_actions_in_play() -> None:
    """A group ties the actions that are in play, and is none when only one is."""
    actions = (
        made.action(1, group_id="group_1"),
        made.action(2, group_id="group_1"),
        made.action(3, group_id="group_2"),
    )
    groups = (ReadGroup("group_1", 1, "EXERCISE Doors", 14), ReadGroup("group_2", 1, "EXERCISE Alone", 0))
    problem, index = make_problem(made.snapshot(actions=actions, groups=groups))
    assert [(group.actions, group.tolerance_slots, group.name) for group in problem.groups] == [
        ((0, 1), 2, "EXERCISE Doors")
    ]
    assert index.group_ids == ("group_1",)


def test_locks_stand_as_published() -> None:
    """An action that is activated keeps start, mode and units."""
    locked = made.snapshot(actions=(made.action(state="ACTIVATED"),), locks=(made.lock(8),))
    assert make_problem(locked)[0].actions[0].lock == Lock(8 * HOUR, 0, ((0,),))


def test_locks_that_fit_no_more_say_so() -> None:
    """A lock whose mode or needs have changed leaves the action without a place, and says why."""
    raid = made.action(state="ACTIVATED")
    for changed in (
        made.snapshot(actions=(raid,), locks=(made.lock(8, mode_id="action_mode_9"),)),
        made.snapshot(actions=(raid,), locks=(made.lock(8),), unit_needs=(made.unit_need(count=2),)),
        made.snapshot(actions=(raid,), locks=(made.lock(100),)),
    ):
        assert hindrances(changed) == [HindranceCode.LOCK_DOES_NOT_FIT]
        action = make_problem(changed)[0].actions[0]
        assert action.lock is not None
        assert action.windows == ()


def test_what_is_missing_is_said_and_nothing_fails() -> None:
    """An action without place, country or mode, or outside the operation, is in the problem without windows."""
    cases = (
        ({"actions": (made.action(point=None),)}, HindranceCode.NO_LOCATION),
        ({"actions": (made.action(country=None),)}, HindranceCode.NO_HOST_COUNTRY),
        ({"modes": ()}, HindranceCode.NO_MODE),
        ({"actions": (made.action(window_start=at(60), window_end=at(70)),)}, HindranceCode.OUTSIDE_OPERATION),
        ({"operation": made.operation(end=at(0) + timedelta(minutes=4))}, HindranceCode.OUTSIDE_OPERATION),
    )
    for members, code in cases:
        snapshot = made.snapshot(**members)
        assert code in hindrances(snapshot)
        assert make_problem(snapshot)[0].actions[0].windows == ()


def test_an_empty_operation_is_a_problem_too() -> None:
    """An operation without actions, units and all else gives an empty problem."""
    problem, index = make_problem(Snapshot(1, made.operation()))
    assert (problem.actions, problem.units, index.action_ids) == ((), (), ())


def test_travel_is_exact_for_few_points() -> None:
    """Between up to a thousand points the solver travels exactly as the geography room says."""
    points = [made.PHNOM_PENH, made.SIHANOUKVILLE, made.BANGKOK, made.MANILA]
    actions = tuple(made.action(number, point=point) for number, point in enumerate(points))
    problem, _ = make_problem(made.snapshot(actions=actions, units=()))
    located = [GeoPoint(*point) for point in points]
    expected = travel_minutes(located, located)
    for one, origin in enumerate(problem.actions):
        for other, destination in enumerate(problem.actions):
            assert problem.travel.minutes(problem.sites, origin.site, destination.site) == expected[one, other]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(95, 125), st.floats(0, 25)), min_size=2, max_size=12, unique=True))
def test_travel_by_the_table_of_airports_is_never_too_quick(points: list[tuple[float, float]]) -> None:
    """With many points journeys are never shorter than the geography room says, and on near roads not longer."""
    actions = tuple(made.action(number, point=point) for number, point in enumerate(points))
    snapshot = made.snapshot(actions=actions, units=())
    limit, ways.MOST_EXACT_POINTS = ways.MOST_EXACT_POINTS, 1
    try:
        problem, _ = make_problem(snapshot)
    finally:
        ways.MOST_EXACT_POINTS = limit
    located = [GeoPoint(*point) for point in points]
    exact = travel_minutes(located, located)
    for one, origin in enumerate(problem.actions):
        for other, destination in enumerate(problem.actions):
            minutes = problem.travel.minutes(problem.sites, origin.site, destination.site)
            assert minutes is not None
            assert minutes >= exact[one, other]
            assert minutes == exact[one, other] or exact[one, other] > 200
