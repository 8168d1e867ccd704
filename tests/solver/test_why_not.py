"""What blocks one action, what binds another, and what another time or unit would do: against enumeration."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from solver import (
    Budget,
    CapacityStep,
    Feasibility,
    Interval,
    InvalidProblem,
    Lock,
    Mode,
    Outcome,
    Placement,
    Precedence,
    Problem,
    Resolves,
    Resource,
    ResourceNeed,
    Score,
    UnitNeed,
    WhyNot,
    binding,
    blocked,
    changed,
    score,
    solve,
    verify,
    why_not,
)
from tests.seeds import many, with_fresh
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.tiny import a_tiny_problem, best_by_enumeration, possible_by_enumeration

_CASES = 8
_MANY = 200
_BUDGET = Budget(seconds=None, work=10**6, workers=1)


def planned(seed: int) -> tuple[Problem, tuple[Placement, ...]]:
    """Give the first tiny problem from a seed on that has a plan with something in it, and that plan."""
    rng = random.Random(f"planned {seed}")
    while True:
        problem = a_tiny_problem(rng.randrange(1 << 30))
        placements = solve(problem, _BUDGET).placements
        if placements:
            return problem, placements


# -- why not


@pytest.mark.requirement("S5")
@pytest.mark.parametrize("seed", with_fresh(*range(_CASES)))
def test_the_best_plan_with_the_change_is_that_of_enumeration(seed: int) -> None:
    """With another start or another unit asked for, each goal after the change is the best there is by enumeration."""
    ask(seed)


@pytest.mark.long
@pytest.mark.requirement("S5")
def test_two_hundred_questions() -> None:
    """The same for two hundred, all failures told at the end."""
    seeds, failed = many(_MANY), []
    for seed in seeds:
        try:
            ask(seed)
        except AssertionError as failure:
            failed.append((seed, failure))
    print(f"cases={len(seeds)} failed={len(failed)} seeds={seeds[0]}..{seeds[-1]}")
    assert not failed


def ask(seed: int) -> None:
    """Ask one question about a plan, and hold the answer against enumeration."""
    problem, placements = planned(seed)
    rng = random.Random(f"asked {seed}")
    action = rng.randrange(len(problem.actions))
    start_slot = rng.randrange(problem.horizon_slots) if rng.random() < 0.6 else None
    unit = rng.randrange(len(problem.units)) if start_slot is None or rng.random() < 0.3 else None
    answer = why_not(problem, placements, action, unit=unit, start_slot=start_slot, budget=_BUDGET)

    def is_so(plan: tuple[Placement, ...]) -> bool:
        mine = [each for each in plan if each.action == action]
        return (
            bool(mine) and (start_slot in (None, mine[0].start_slot)) and (unit is None or unit in mine[0].all_units())
        )

    best = best_by_enumeration(problem, is_so)
    assert answer.before == score(problem, placements)
    hold(problem, answer, best)
    if answer.placements:
        assert is_so(answer.placements)
        placed = {each.action: each for each in placements}
        now = {each.action: each for each in answer.placements}
        assert list(answer.moved) == [
            number for number in range(3) if number != action and placed.get(number) != now.get(number)
        ]


def hold(problem: Problem, answer: WhyNot, best: Score | None) -> None:
    """Hold an answer against the best score that there is."""
    if best is None:
        assert (answer.outcome, answer.placements, answer.after) == (Outcome.INFEASIBLE, (), None)
    else:
        assert answer.after == best == score(problem, answer.placements)
        assert verify(problem, answer.placements) == ()
        lacks_more = best.missing_mandatory > answer.before.missing_mandatory
        assert (answer.outcome is Outcome.INFEASIBLE) == lacks_more
    if answer.outcome is Outcome.INFEASIBLE:
        assert answer.conflict is not None
        assert answer.conflict.feasibility is Feasibility.IMPOSSIBLE
        assert answer.conflict.minimal
        rules = {cause.rule for cause in answer.conflict.causes}
        assert "asked" in rules or rules == {"locks"}


def test_a_lock_stands_against_the_question() -> None:
    """Where the action is locked elsewhere and could be as asked without that, its lock is the conflict."""
    problem = a_problem(actions=(an_action(lock=Lock(start_slot=3)),))
    answer = why_not(problem, (at(0, 3, (0,)),), 0, start_slot=9, budget=_BUDGET)
    assert answer.outcome is Outcome.INFEASIBLE
    assert answer.conflict is not None
    assert [cause.rule for cause in answer.conflict.causes] == ["locks"]
    assert [each.change.kind for each in answer.conflict.relaxations] == ["LOCK_LIFTED"]


def test_a_lock_stands_against_the_question_where_the_plan_lacks_something_else() -> None:
    """That another mandatory action cannot be placed anyway is no part of the conflict with the lock."""
    impossible = an_action(modes=(Mode(4, (UnitNeed(1, 1, 1),)),), mandatory=True)
    problem = a_problem(actions=(an_action(lock=Lock(start_slot=3), mandatory=True), impossible))
    answer = why_not(problem, (at(0, 3, (0,)),), 0, start_slot=9, budget=_BUDGET)
    assert answer.outcome is Outcome.INFEASIBLE
    assert answer.conflict is not None
    assert [cause.rule for cause in answer.conflict.causes] == ["locks"]


def test_a_unit_that_may_not_act_there_says_so() -> None:
    """Asked for a unit without leave for the host country, that country is named and the unit's leave helps."""
    problem = a_problem(units=(a_unit(), a_unit(name="guest", permitted=())))
    answer = why_not(problem, (at(0, 3, (0,)),), 0, unit=1, budget=_BUDGET)
    assert answer.conflict is not None
    assert {cause.rule for cause in answer.conflict.causes} == {"asked", "unit_needs", "permitted_countries"}
    kinds = {each.change.kind: each for each in answer.conflict.relaxations}
    assert kinds["UNIT_PERMITTED"].change.unit == 1


def test_questions_that_make_no_sense() -> None:
    """Nothing asked, a unit where none is needed, and indices that point nowhere are refused by field."""
    problem = a_problem(actions=(an_action(modes=(Mode(4),)),))
    for field, given in (
        ("unit", {}),
        ("unit", {"unit": 0}),
        ("unit", {"unit": 7}),
        ("start_slot", {"start_slot": 40}),
    ):
        with pytest.raises(InvalidProblem) as refused:
            why_not(problem, (), 0, budget=_BUDGET, **given)
        assert refused.value.path == field
    with pytest.raises(InvalidProblem, match="action"):
        why_not(problem, (), 3, start_slot=1, budget=_BUDGET)


# -- blocked


@pytest.mark.requirement("S5")
@pytest.mark.parametrize("seed", with_fresh(*range(_CASES)))
def test_changes_that_would_place_an_action(seed: int) -> None:
    """Each change that is said to place an action does so, by enumeration, with all that is placed kept placed."""
    rng = random.Random(f"blocked {seed}")
    while True:
        problem, placements = planned(rng.randrange(1 << 30))
        left_out = [number for number in range(3) if number not in {each.action for each in placements}]
        if left_out:
            break
    found = blocked(problem, placements, left_out[0], _BUDGET)
    assert found.feasibility is Feasibility.IMPOSSIBLE
    assert found.minimal
    assert "asked" in {cause.rule for cause in found.causes}
    for relaxation in found.relaxations:
        if relaxation.resolves is Resolves.REQUEST:
            fixed = held(problem, placements, left_out[0])
            assert possible_by_enumeration(changed(fixed, relaxation.change)), relaxation
            assert not possible_by_enumeration(fixed)


def held(problem: Problem, placements: tuple[Placement, ...], wanted: int) -> Problem:
    """The problem in which what is placed stays where it is and one action more is mandatory."""
    place = {each.action: each for each in placements}
    actions = []
    for number, action in enumerate(problem.actions):
        lock = None
        if number in place:
            lock = Lock(place[number].start_slot, place[number].mode, place[number].units)
        actions.append(replace(action, mandatory=number == wanted or number in place, lock=lock))
    return replace(problem, actions=tuple(actions))


def test_a_unit_that_is_busy_blocks() -> None:
    """Of two raids with one unit, the one that is placed blocks the other by staying where it is; it could move."""
    wanted = an_action(windows=(Interval(10, 14),), name="late comer")
    problem = a_problem(actions=(wanted, an_action(name="holder")))
    found = blocked(problem, (at(1, 11, (0,)),), 0, _BUDGET)
    assert {(cause.rule, cause.action) for cause in found.causes} == {
        ("asked", 0),
        ("stays", 1),
        ("unit_needs", 0),
        ("unit_needs", 1),
        ("windows", 0),
    }
    first = {each.change.kind: each for each in found.relaxations if each.resolves is Resolves.REQUEST}
    assert {"WINDOW_LATER", "WINDOW_EARLIER", "ACTION_MOVED", "UNITS_ADDED"} == set(first)
    assert first["WINDOW_LATER"].change.amount == 5
    assert blocked(problem, (at(1, 20, (0,)),), 0, _BUDGET).feasibility is Feasibility.POSSIBLE


def test_what_cannot_be_blocked() -> None:
    """An action that is placed, or is none, and a plan that breaks a rule are refused."""
    problem = a_problem()
    for action, plan in ((0, (at(0, 3, (0,)),)), (4, ()), (0, (at(0, 39, (0,)),))):
        with pytest.raises(InvalidProblem):
            blocked(problem, plan, action, _BUDGET)


# -- binding


@pytest.mark.requirement("S5")
@pytest.mark.parametrize("seed", with_fresh(*range(30)))
def test_slack_and_alternatives_are_what_the_checker_allows(seed: int) -> None:
    """Moved inside its slack an action breaks nothing, one slot beyond it does; so it is with each other unit."""
    problem, placements = planned(seed)
    for placement in placements:
        others = tuple(each for each in placements if each != placement)
        found = binding(problem, placements, placement.action)
        assert found.earliest_slot <= placement.start_slot <= found.latest_slot
        for slot in range(found.earliest_slot - 1, found.latest_slot + 2):
            moved = verify(problem, (*others, replace(placement, start_slot=slot)))
            assert bool(moved) == (not found.earliest_slot <= slot <= found.latest_slot)
        assert found.earlier
        assert found.later
        for each in found.alternatives:
            staff = tuple(sorted((*placement.units[each.need][1:], each.unit)))
            units = tuple(staff if need == each.need else some for need, some in enumerate(placement.units))
            assert bool(each.breaches) == bool(verify(problem, (*others, replace(placement, units=units))))


def test_what_binds_is_named_with_numbers() -> None:
    """Between a predecessor's lag and a resource that ends, each bound names its rule and facts."""
    beds = Resource("beds", 0, 0, (CapacityStep(0, 5), CapacityStep(20, 0)))
    raid = an_action(modes=(Mode(4, (UnitNeed(0, 2, 1),), (ResourceNeed(0, 2, 0, 4),)),), name="raid")
    problem = a_problem(
        resources=(beds,),
        units=(a_unit(), a_unit(name="other"), a_unit(name="guest", permitted=())),
        actions=(an_action(name="watch"), raid),
        precedences=(Precedence(0, 1, 2),),
    )
    found = binding(problem, (at(0, 3, (0,)), at(1, 12, (0,))), 1)
    assert (found.earliest_slot, found.latest_slot, found.slack_slots) == (9, 16, 7)
    assert [breach.rule for breach in found.earlier] == ["precedence"]
    assert [(breach.rule, breach.facts["slot"]) for breach in found.later] == [("capacity", 20)]
    assert [(each.unit, [breach.rule for breach in each.breaches]) for each in found.alternatives] == [
        (1, []),
        (2, ["permitted_countries"]),
    ]
    with pytest.raises(InvalidProblem):
        binding(problem, (at(0, 3, (0,)),), 1)
