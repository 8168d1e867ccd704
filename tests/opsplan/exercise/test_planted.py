"""The planted plan is valid, the impossible is impossible for the planted reason, and both are there to be found."""

from datetime import datetime

import pytest

from opsplan.exercise import START, Size
from opsplan.exercise.planted import planted_solution
from solver import verify
from solver.explain import CODES, explain
from tests.opsplan.exercise.made import BEFORE_SUMMER_TIME, BEFORE_WINTER_TIME, exercise, problem_of
from tests.seeds import many, with_fresh

CASES = [
    *((Size.SMALL, seed, START) for seed in with_fresh(*range(1, 13))),
    *((Size.SMALL, seed, BEFORE_WINTER_TIME) for seed in range(20, 26)),
    *((Size.SMALL, seed, BEFORE_SUMMER_TIME) for seed in range(30, 36)),
    (Size.FULL, 1, START),
    (Size.FULL, 1, BEFORE_WINTER_TIME),
]
LONG_CASES = [
    *((Size.SMALL, seed, START) for seed in many(200)),
    *((Size.FULL, seed, BEFORE_SUMMER_TIME) for seed in many(10)),
    (Size.HUGE, 1, START),
]


def check(size: Size, seed: int, start: datetime) -> None:
    """Check one exercise."""
    made = exercise(size, seed, start)
    problem, index = problem_of(size, seed, start)
    planted = planted_solution(made, problem, index)
    assert index.hindrances == {}
    assert verify(problem, planted.placements) == ()
    assert len(planted.placements) == made.figures.planted
    assert planted.score.missing_mandatory == 0
    assert planted.score.lateness == 0
    wanted = {each.action: each.obstacle.code for each in made.unplaceable}
    reported = {
        index.action_ids[each.action]: {reason.code for reason in each.reasons}
        for each in explain(problem, planted.placements)
    }
    assert reported == {action: {code} for action, code in wanted.items()}
    assert set(wanted.values()) <= set(CODES)


@pytest.mark.requirement("Q2")
@pytest.mark.parametrize(("size", "seed", "start"), CASES)
def test_planted_plan_is_valid_and_reasons_are_the_planted_ones(size: Size, seed: int, start: datetime) -> None:
    """`verify` accepts the planted plan, which places all that can be; the rest is reported for the planted reasons.

    Also across changes of the clocks, with quiet hours in local time.
    """
    check(size, seed, start)


@pytest.mark.long
@pytest.mark.parametrize(("size", "seed", "start"), LONG_CASES)
def test_planted_plan_is_valid_for_many_seeds(size: Size, seed: int, start: datetime) -> None:
    """The same for hundreds of seeds, and for the largest size."""
    check(size, seed, start)


def test_planted_solution_refuses_another_exercise() -> None:
    """The planted plan of one exercise is not taken for that of another."""
    problem, index = problem_of(Size.SMALL, 2)
    with pytest.raises((KeyError, ValueError)):
        planted_solution(exercise(Size.SMALL, 1), problem, index)
