"""Every unplaced action has a reason, by code and with facts."""

from typing import Any

import pytest

from solver import (
    CODES,
    CapacityStep,
    Group,
    Interval,
    InvalidProblem,
    Leg,
    Mode,
    Placement,
    Precedence,
    Problem,
    Reason,
    Resource,
    ResourceNeed,
    Travel,
    UnitNeed,
    explain,
)
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.planted import Shape, plant

BEDS = Resource("beds", 0, 0, (CapacityStep(0, 5), CapacityStep(20, 8)))


def why(problem: Problem, *placements: Placement, action: int = 0) -> Reason:
    """The one reason for the action."""
    (found,) = [item for item in explain(problem, placements) if item.action == action]
    assert {reason.code for reason in found.reasons} <= set(CODES)
    assert all(reason.message.endswith(".") for reason in found.reasons)
    return found.reasons[0]


def lone(**changes: Any) -> Problem:
    """A problem of one action."""
    return a_problem(resources=(BEDS,), actions=(an_action(**changes),))


def test_windows_shorter_than_the_action() -> None:
    """Names the longest window beside the duration."""
    reason = why(lone(windows=(Interval(0, 3), Interval(9, 11))))
    assert reason.code == "WINDOW_TOO_SHORT"
    assert reason.facts == {"mode": 0, "duration_slots": 4, "longest_window_slots": 3}


def test_forbidden_hours_in_every_window() -> None:
    """Says that nights leave no room."""
    assert why(lone(windows=(Interval(0, 9),), forbidden=(Interval(3, 6),))).code == "FORBIDDEN_HOURS_COVER_WINDOW"


def test_claims_in_every_window() -> None:
    """What others claim leaves no room for the action."""
    assert why(lone(windows=(Interval(0, 9),), claimed=(Interval(3, 6),))).code == "CLAIMS_COVER_WINDOW"


def test_warrants() -> None:
    """Tells a missing warrant from one that is valid at the wrong time."""
    assert why(lone(warrants=())).code == "WARRANT_MISSING"
    assert why(lone(windows=(Interval(0, 9),), warrants=(Interval(8, 20),))).code == "WARRANT_OUTSIDE_WINDOW"


def test_units() -> None:
    """Tells apart: none of the type, none permitted, none available, none that arrives in time."""
    unit, needs_one = a_unit(), an_action()
    assert why(a_problem(units=(a_unit(type=3),))).code == "NO_UNIT_OF_TYPE"
    reason = why(a_problem(units=(unit, a_unit(permitted=())), actions=(an_action(modes=(MODE_OF_TWO,)),)))
    assert (reason.code, reason.facts["fitting"], reason.facts["permitted"]) == ("NO_PERMITTED_UNIT", 2, 1)
    absent = a_unit(availability=(Interval(0, 3),))
    assert why(a_problem(units=(absent,), actions=(needs_one,))).code == "NO_AVAILABLE_UNIT"
    far = Travel((), (Leg(0, 1, 900),))
    assert why(a_problem(travel=far, actions=(an_action(site=1),))).code == "UNREACHABLE_IN_TIME"
    assert why(a_problem(travel=Travel(), actions=(an_action(site=1),))).code == "UNREACHABLE_IN_TIME"


MODE_OF_TWO = Mode(4, (UnitNeed(0, 2, 2),))


def test_capacity_names_resource_and_slot() -> None:
    """Names the slot that lacks most at the start where most is there."""
    reason = why(lone(modes=(Mode(4, (), (ResourceNeed(0, 9, 0, 4),)),)))
    assert reason.code == "NOT_ENOUGH_CAPACITY"
    assert (reason.facts["resource"], reason.facts["amount"], reason.facts["capacity"]) == (0, 9, 8)
    assert reason.facts["slot"] >= 20


def test_conditions_that_do_not_meet() -> None:
    """A unit that is there early and beds that are there late leave no start."""
    mode = Mode(4, (UnitNeed(0, 2, 1),), (ResourceNeed(0, 8, 0, 4),))
    early = a_unit(availability=(Interval(0, 10),))
    assert why(a_problem(resources=(BEDS,), units=(early,), actions=(an_action(modes=(mode,)),))).code == (
        "CONDITIONS_DO_NOT_MEET"
    )


def test_every_mode_has_its_reason() -> None:
    """Two modes that fail for different causes give two reasons."""
    modes = (Mode(41), Mode(4, (UnitNeed(1, 1, 1),)))
    (found,) = explain(lone(modes=modes), ())
    assert [(reason.code, reason.facts["mode"]) for reason in found.reasons] == [
        ("WINDOW_TOO_SHORT", 0),
        ("NO_UNIT_OF_TYPE", 1),
    ]


def test_groups() -> None:
    """Names the member that cannot, or says that the members' times do not meet."""
    free = an_action(modes=(Mode(4),))
    never = an_action(modes=(Mode(4),), windows=())
    reason = why(a_problem(actions=(free, never), groups=(Group((0, 1)),)))
    assert (reason.code, reason.facts["actions"]) == ("GROUP_MEMBER_CANNOT", (1,))
    early = an_action(modes=(Mode(4),), windows=(Interval(0, 9),))
    late = an_action(modes=(Mode(4),), windows=(Interval(20, 29),))
    assert why(a_problem(actions=(early, late), groups=(Group((0, 1), 3),))).code == "GROUP_TIMES_DO_NOT_MEET"


def test_predecessors() -> None:
    """Tells a predecessor that cannot be placed, also at two removes, from one that is merely not placed."""
    free = an_action(modes=(Mode(4),))
    never = an_action(modes=(Mode(4),), windows=())
    chain = (Precedence(0, 1), Precedence(1, 2))
    reason = why(a_problem(actions=(never, free, free), precedences=chain), action=2)
    assert (reason.code, reason.facts["actions"]) == ("PREDECESSOR_CANNOT", (1,))
    pair = a_problem(actions=(free, free), precedences=(Precedence(0, 1),))
    assert why(pair, action=1).code == "PREDECESSOR_NOT_PLACED"


def test_a_lag_that_cannot_be_kept() -> None:
    """Names the placed action towards which no possible start keeps the lag."""
    free = an_action(modes=(Mode(4),))
    soon = an_action(modes=(Mode(4),), windows=(Interval(0, 12),))
    pair = a_problem(actions=(free, soon), precedences=(Precedence(0, 1, 0, 2),))
    reason = why(pair, at(0, 20), action=1)
    assert (reason.code, reason.facts["actions"]) == ("LAG_CANNOT_BE_KEPT", (0,))


def test_competitors_are_named() -> None:
    """An action that another keeps from its only unit is outbid by that one, not by a bystander."""
    wanted = an_action(windows=(Interval(10, 14),), name="late comer")
    bystander = an_action(name="bystander")
    holder = an_action(name="holder", weight=7)
    problem = a_problem(actions=(wanted, bystander, holder))
    reason = why(problem, at(1, 0, (0,)), at(2, 11, (0,)))
    assert (reason.code, reason.facts) == ("OUTBID", {"actions": (2,), "weight": 7})
    assert "holder" in reason.message


def test_what_fits_is_not_called_impossible() -> None:
    """An action that fits in the plan as it is gets no invented obstacle."""
    assert why(a_problem()).code == "NOT_FOUND_IN_TIME"


def test_a_stopped_explanation_still_gives_reasons() -> None:
    """Once stopped, competitors are not sought, and every action still has a reason."""
    problem = a_problem(actions=(an_action(windows=(Interval(10, 14),)), an_action(), an_action(windows=())))
    found = explain(problem, (at(1, 11, (0,)),), lambda: True)
    assert [item.reasons[0].code for item in found] == ["NOT_FOUND_IN_TIME", "WINDOW_TOO_SHORT"]


def test_an_invalid_plan_is_refused() -> None:
    """Reasons are given for valid plans only."""
    with pytest.raises(InvalidProblem, match="calendars"):
        explain(a_problem(units=(a_unit(availability=()),)), (at(0, 0, (0,)),))


PLANTED_CODES = {
    "windows": {"WINDOW_TOO_SHORT", "FORBIDDEN_HOURS_COVER_WINDOW"},
    "warrants": {"WARRANT_MISSING"},
    "unit_needs": {"NO_UNIT_OF_TYPE"},
    "capacity": {"NOT_ENOUGH_CAPACITY"},
    "forbidden_hours": {"FORBIDDEN_HOURS_COVER_WINDOW"},
    "claims": {"CLAIMS_COVER_WINDOW"},
}


def test_planted_reasons_are_found() -> None:
    """In a full-size problem each action that was made impossible is explained by what was done to it."""
    planted = plant(Shape(), 4)
    found = {item.action: {reason.code for reason in item.reasons} for item in explain(planted.problem, planted.plan)}
    assert set(found) == set(planted.unplaceable)
    for action, cause in planted.unplaceable.items():
        assert found[action] & PLANTED_CODES[cause], (action, cause, found[action])
