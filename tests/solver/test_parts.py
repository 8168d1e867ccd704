"""A score taken apart: the parts of each goal sum to its value, whatever plan it is."""

from dataclasses import asdict

import pytest

from solver import Placement, greedy, parts, score
from tests.solver.planted import Shape, plant


@pytest.mark.requirement("S8")
@pytest.mark.parametrize("seed", range(6))
def test_parts_sum_to_the_score(seed: int) -> None:
    """Of planted plans, greedy ones, halves of both and plans that break rules."""
    planted = plant(Shape(), seed)
    problem = planted.problem
    by_greed = greedy(problem)
    wild = tuple(Placement(each.action, each.mode, 3 + each.start_slot // 2, each.units) for each in planted.plan)
    for plan in (planted.plan, by_greed, planted.plan[::2], by_greed[1::2], wild, ()):
        told = asdict(parts(problem, plan))
        assert {goal: sum(told[goal].values()) for goal in told} == asdict(score(problem, plan))
