"""A schedule made from an earlier plan changes as few of its orders as the first goals allow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from solver import Budget, InvalidProblem, Kept, Outcome, Placement, Problem, score, solve, verify
from tests.seeds import with_fresh
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.planted import Shape, plant

WORK = Budget(seconds=None, work=10**6, workers=1)
MIDDLE = Shape(countries=12, hosts=8, actions=60, units=240, days=4, group_share=0.3, precedence_share=0.2)


def keeping(problem: Problem, plan: Iterable[Placement]) -> Problem:
    """The problem, with the plan as the earlier one."""
    actions = list(problem.actions)
    for each in plan:
        actions[each.action] = replace(actions[each.action], kept=Kept(each.start_slot, each.mode, each.units))
    return replace(problem, actions=tuple(actions))


def without(problem: Problem, unit: int) -> Problem:
    """The problem in which a unit is never there."""
    units = list(problem.units)
    units[unit] = replace(units[unit], availability=())
    return replace(problem, units=tuple(units))


def orders_changed(before: Iterable[Placement], after: Iterable[Placement]) -> int:
    """Count, by the definition of the page and not as the solver does: actions and units that are told otherwise."""
    now = {each.action: each for each in after}
    changed = 0
    for was in before:
        orders = {(was.start_slot, was.mode, need, unit) for need, some in enumerate(was.units) for unit in some}
        found = now.get(was.action)
        if found is None:
            changed += len(orders) + 1
            continue
        told = {(found.start_slot, found.mode, need, unit) for need, some in enumerate(found.units) for unit in some}
        changed += len(orders - told) + (found != was)
    return changed


def busiest(plan: Iterable[Placement]) -> int:
    """The unit with the most actions."""
    served: dict[int, int] = {}
    for placement in plan:
        for unit in placement.all_units():
            served[unit] = served.get(unit, 0) + 1
    return max(served, key=lambda unit: (served[unit], unit))


@pytest.mark.parametrize("seed", with_fresh(3, 4))
def test_where_nothing_has_changed_nothing_changes(seed: int) -> None:
    """A plan that places everything is given again as it was, however late and dear it is."""
    planted = plant(MIDDLE, seed)
    again = solve(keeping(planted.problem, planted.plan), Budget(seconds=None, work=2_000, workers=1))
    assert again.placements == planted.plan
    assert again.score.changes == 0


@pytest.mark.parametrize("seed", with_fresh(5, 6))
def test_a_unit_that_drops_out_changes_little(seed: int) -> None:
    """Far fewer are told otherwise than by a schedule of its own, and no less is placed for that."""
    planted = plant(MIDDLE, seed)
    unit = busiest(planted.plan)
    now = without(planted.problem, unit)
    budget = Budget(seconds=None, work=5_000, workers=1)
    anew, kept = solve(now, budget), solve(keeping(now, planted.plan), budget)
    assert verify(now, kept.placements) == ()
    assert kept.score.placed_weight >= anew.score.placed_weight
    changed = orders_changed(planted.plan, kept.placements)
    assert kept.score == score(keeping(now, planted.plan), kept.placements)
    assert kept.score.changes == changed
    of_unit = [each for each in planted.plan if unit in each.all_units()]
    # Each of its actions loses an order at least, and is therefore another one.
    assert 2 * len(of_unit) <= changed
    assert changed * 3 < orders_changed(planted.plan, anew.placements)


def test_changes_go_behind_victims_and_before_lateness() -> None:
    """More victims are worth a change, and less lateness is not."""
    late = an_action(due_slot=4, kept=Kept(20, 0, ((0,),)))
    assert solve(a_problem(actions=(late,)), WORK).placements == (at(0, 20, (0,)),)
    earlier = an_action(windows=late.windows[:1], kept=Kept(0, 0, ((0,),)))
    narrow = replace(late.windows[0], end_slot=4)
    rivals = (replace(earlier, windows=(narrow,)), an_action(windows=(narrow,), expected_victims=1))
    found = solve(a_problem(actions=rivals), WORK)
    assert [each.action for each in found.placements] == [1]
    assert found.score.changes == 2


def test_who_takes_the_place_of_a_unit_that_is_no_more_is_no_change() -> None:
    """Of a need for two units one is left; with any other beside it the action is exactly as it was."""
    need = replace(an_action().modes[0].unit_needs[0], count=2)
    mode = replace(an_action().modes[0], unit_needs=(need,))
    action = an_action(modes=(mode,), kept=Kept(7, 0, ((1,),)))
    found = solve(a_problem(units=(a_unit(), a_unit(), a_unit()), actions=(action,)), WORK)
    assert found.outcome is Outcome.OPTIMAL
    assert found.score.changes == 0
    assert found.placements[0].start_slot == 7
    assert 1 in found.placements[0].all_units()


@pytest.mark.parametrize(
    ("kept", "path"),
    [
        (Kept(0, 1), "kept.mode"),
        (Kept(0, 0), "kept.units"),
        (Kept(0, 0, ((0, 0),)), "kept.units[0]"),
        (Kept(0, 0, ((0, 1),)), "kept.units[0]"),
    ],
)
def test_an_earlier_place_that_cannot_have_been_is_refused(kept: Kept, path: str) -> None:
    """A mode that is not there, lists that do not fit its needs, a unit twice, and more units than are needed."""
    with pytest.raises(InvalidProblem) as refused:
        an_action(kept=kept)
    assert refused.value.path.startswith(path)


def test_an_earlier_unit_that_is_nobody_is_refused() -> None:
    """An index beyond the units is named with its path."""
    with pytest.raises(InvalidProblem) as refused:
        a_problem(actions=(an_action(kept=Kept(0, 0, ((9,),))),))
    assert refused.value.path == "actions[0].kept.units"
