"""Why an action is no longer where it was: each answer is tried with the checker, on whole plans."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from solver import (
    Breach,
    Contraster,
    Group,
    Interval,
    InvalidProblem,
    Placement,
    Problem,
    Resource,
    ResourceNeed,
    is_tie,
    parts,
    score,
    verify,
)
from solver.problem import CapacityStep, Mode, UnitNeed
from tests.seeds import with_fresh
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.test_replan_brute_force import a_plan
from tests.solver.tiny import a_tiny_problem


def broken(problem: Problem, plan: list[Placement]) -> list[Breach]:
    """What a plan breaks, locks aside: they bind whether an action is looked at or not."""
    return [breach for breach in verify(problem, tuple(plan)) if breach.rule != "locks"]


@pytest.mark.requirement("S8")
@pytest.mark.parametrize("seed", with_fresh(*range(80)))
def test_what_speaks_against_an_earlier_place_is_true(seed: int) -> None:
    """On random pairs of valid plans: a place that is said to hold does, with the score given; one in whose way others
    stand holds without these, and not when any of them comes back."""
    rng = random.Random(f"contrast {seed}")
    tiny = a_tiny_problem(seed)
    problem = replace(tiny, actions=tuple(replace(action, lock=None) for action in tiny.actions))
    earlier, later = a_plan(problem, rng), a_plan(problem, rng)
    before, after = ({each.action: each for each in plan} for plan in (earlier, later))
    contraster = Contraster(problem, earlier, later)
    for action, place in before.items():
        found = contraster.of(action)
        rest = [each for each in later if each.action != action]
        assert not found.alone, "nothing of the world has changed"
        if found.score is not None:
            whole = [*rest, place]
            assert not broken(problem, whole)
            assert found.score == score(problem, whole)
            assert not found.breaches
            continue
        assert broken(problem, [*rest, place])
        assert found.breaches
        assert all(before.get(other) != after[other] for other in found.others)

        # What it is tied to would come along, unless nothing but ties speaks against it.
        differing = {each.action for each in later if before.get(each.action) != each}
        aside = set() if all(map(is_tie, found.breaches)) else differing
        assert not speaks(problem, _without(rest, set(found.others)), place, aside)
        for other in found.others:
            assert speaks(problem, _without(rest, set(found.others) - {other}), place, aside)


def _without(plan: list[Placement], out: set[int]) -> list[Placement]:
    return [each for each in plan if each.action not in out]


def speaks(problem: Problem, rest: list[Placement], place: Placement, aside: set[int]) -> bool:
    """Whether a place breaks anything beside a plan; ties to what is absent, and to what is `aside`, do not count."""
    absent = set(range(len(problem.actions))) - {each.action for each in rest} - {place.action}
    old = {(each.rule, str(each.facts)) for each in broken(problem, rest)}
    return any(
        (each.rule, str(each.facts)) not in old and not (is_tie(each) and _ends(problem, each) & (absent | aside))
        for each in broken(problem, [*rest, place])
    )


def _ends(problem: Problem, breach: Breach) -> set[int]:
    if breach.rule == "simultaneity":
        return set(problem.groups[int(breach.facts["group"])].actions)
    return {int(breach.facts["before"]), int(breach.facts["action"])}


def test_a_unit_lost_and_a_window_moved_speak_by_themselves() -> None:
    """The rule that the place now breaks is named, whatever else has moved."""
    lost = a_problem(units=(a_unit(availability=(Interval(9, 40),)), a_unit()))
    (calendars,) = Contraster(lost, (at(0, 3, (0,)),), (at(0, 3, (1,)),)).of(0).alone
    assert (calendars.rule, calendars.facts["unit"]) == ("calendars", 0)
    moved = a_problem(actions=(an_action(windows=(Interval(9, 40),)),))
    (windows,) = Contraster(moved, (at(0, 3, (0,)),), (at(0, 12, (0,)),)).of(0).alone
    assert windows.rule == "windows"


def test_who_it_made_room_for_is_named() -> None:
    """Of three that took its unit, its beds, or nothing of it, those are named without which it could have stayed."""
    beds = Resource("beds", 0, 0, (CapacityStep(0, 2),))
    sleeping = Mode(4, (UnitNeed(0, 2, 1),), (ResourceNeed(0, 1, 0, 4),))
    action = an_action(modes=(sleeping,))
    problem = a_problem(units=(a_unit(), a_unit(), a_unit()), resources=(beds,), actions=(action, action, action))
    earlier = (at(0, 0, (0,)), at(1, 20, (1,)), at(2, 30, (2,)))
    # Two more come to where it was: one takes its unit, and both together all beds.
    later = (at(0, 8, (0,)), at(1, 0, (0,)), at(2, 0, (2,)))
    found = Contraster(problem, earlier, later).of(0)
    assert found.others == (1,)
    assert {each.rule for each in found.breaches} == {"one_action_at_a_time", "capacity"}
    both = (at(0, 8, (0,)), at(1, 0, (1,)), at(2, 0, (2,)))
    assert Contraster(problem, earlier, both).of(0).others == (2,), "one of both is enough"


def test_a_tie_to_what_is_no_longer_placed() -> None:
    """Where its partner was dropped, the tie is what speaks against it, and nobody else."""
    problem = a_problem(units=(a_unit(), a_unit()), actions=(an_action(), an_action()), groups=(Group((0, 1)),))
    found = Contraster(problem, (at(0, 3, (0,)), at(1, 3, (1,))), ()).of(0)
    assert (found.alone, found.others, found.score) == ((), (), None)
    assert [is_tie(each) for each in found.breaches] == [True]


def test_a_plan_of_what_is_not_there_is_refused() -> None:
    """Nothing can be said of a plan that names an action that does not exist."""
    with pytest.raises(InvalidProblem):
        Contraster(a_problem(), (at(7, 0),), ())


@pytest.mark.requirement("S8")
@pytest.mark.parametrize("seed", with_fresh(*range(40)))
def test_the_parts_of_two_plans_sum_to_the_difference(seed: int) -> None:
    """Of random pairs of plans: for every goal there is, what each part adds more or less sums to the difference."""
    rng = random.Random(f"parts {seed}")
    problem = a_tiny_problem(seed)
    free = replace(problem, actions=tuple(replace(action, lock=None) for action in problem.actions))
    first, second = (a_plan(free, rng)[: rng.randint(1, 3)] for _ in range(2))
    before, after = parts(problem, first), parts(problem, second)
    for goal in before.__dataclass_fields__:
        old, new = getattr(before, goal), getattr(after, goal)
        by_part = {part: new.get(part, 0) - old.get(part, 0) for part in {*old, *new}}
        difference = getattr(score(problem, second), goal) - getattr(score(problem, first), goal)
        assert sum(by_part.values()) == difference, goal
        # What an action adds rests on its own place alone: whoever stays where it was adds nothing.
        same = {each.action for each in first} & {each.action for each in second if each in first}
        assert not any(by_part.get(("action", action)) for action in same)
