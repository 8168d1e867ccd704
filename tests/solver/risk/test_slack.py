"""Slack lowers the risk, and costs nothing that comes before lateness."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solver import (
    Budget,
    CapacityStep,
    InvalidProblem,
    Lock,
    Precedence,
    Problem,
    Resource,
    ResourceNeed,
    score,
    solve,
    verify,
)
from solver.risk import CERTAIN, Distribution, Robust, Spread, Uncertainty, estimate_risk, solve_with_slack
from solver.risk.blame import blame
from solver.risk.room import make_room, stretchable
from solver.risk.slack import with_slack
from tests.seeds import with_fresh
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.planted import Shape, plant
from tests.solver.tiny import a_tiny_problem

WORK = Budget(seconds=None, work=4_000, workers=1)
SHAPE = Shape(countries=6, hosts=4, actions=24, units=90, days=3, group_share=0.3, precedence_share=0.2)
SKEW = Spread(900, 1000, 1300, Distribution.LOGNORMAL)


def skewed(problem: Problem) -> Uncertainty:
    """Every duration and every way as skew as that."""
    return Uncertainty((SKEW,) * len(problem.actions), SKEW)


@pytest.fixture(scope="module", params=with_fresh(1), ids=str)
def robust(request: pytest.FixtureRequest) -> tuple[Problem, Robust]:
    """A planted problem, planned with slack."""
    problem = plant(SHAPE, request.param).problem
    return problem, solve_with_slack(problem, skewed(problem), WORK, runs=2_000)


@pytest.mark.requirement("S10")
def test_the_risk_falls_and_the_first_goals_keep_their_values(robust: tuple[Problem, Robust]) -> None:
    """Fewer breaches by simulation of either plan anew, with other draws; as much is placed as before. Where the search
    finds no slack that lowers the risk, the plan is the plain one."""
    problem, found = robust
    assert verify(problem, found.solution.placements) == ()
    assert score(problem, found.solution.placements) == found.solution.score
    if not found.slack_slots:
        assert (found.solution, found.risk) == (found.plain, found.plain_risk)
        return
    before, after = (
        estimate_risk(problem, each.placements, skewed(problem), runs=10_000, seed=99)
        for each in (found.plain, found.solution)
    )
    assert after.mean_breaches < before.mean_breaches
    assert found.solution.score.key()[:4] <= found.plain.score.key()[:4]


@pytest.mark.requirement("S10")
def test_slack_is_found_for_most_plans() -> None:
    """Of eight plans drawn once: for at least six."""
    problems = [plant(SHAPE, seed).problem for seed in range(103, 111)]
    found = [solve_with_slack(problem, skewed(problem), WORK, runs=1_000) for problem in problems]
    assert sum(bool(each.slack_slots) for each in found) >= 6


def test_what_is_told_beside_the_plan_is_so(robust: tuple[Problem, Robust]) -> None:
    """The plain plan is that of `solve`, and the risks are those of the two plans."""
    problem, found = robust
    assert found.plain == solve(problem, replace(WORK, work=2_000))
    for solution, risk in ((found.plain, found.plain_risk), (found.solution, found.risk)):
        assert risk == estimate_risk(problem, solution.placements, skewed(problem), runs=2_000, seed=WORK.seed)


def test_work_counted_gives_the_same_plan_again() -> None:
    """Equal budgets of work give equal plans."""
    problem = plant(SHAPE, 3).problem
    one, other = (solve_with_slack(problem, skewed(problem), WORK, runs=500) for _ in range(2))
    assert one == other


def test_an_action_moves_off_the_end_of_its_window() -> None:
    """An action that ended with its window begins early enough to last longer, where nothing stands against it."""
    problem = a_problem(actions=(an_action(4, windows=a_problem().actions[0].windows),))
    plan = (at(0, 36, (0,)),)
    slow = Uncertainty((Spread(1000, 1000, 1500),))
    assert estimate_risk(problem, plan, slow, runs=100).overruns.probability > 0.9
    roomy = make_room(problem, plan, [0], (0.99,), slow)
    assert roomy.placements == (at(0, 34, (0,)),)
    assert roomy.slack_slots == {0: 2}
    assert estimate_risk(problem, roomy.placements, slow, runs=100).overruns.hits == 0


@pytest.mark.parametrize("seed", with_fresh(*range(25)))
def test_a_plan_of_the_longer_problem_is_one_of_the_problem(seed: int) -> None:
    """Whatever is placed where the stretchable actions take longer is valid where they do not."""
    problem = a_tiny_problem(seed)
    slow = with_slack(problem, stretchable(problem), 0.8, Uncertainty((Spread(1000, 1000, 3000),) * 3))
    found = solve(slow, Budget(seconds=None, work=5_000, workers=1)).placements
    assert found == () or verify(problem, found) == ()


def test_what_is_locked_or_followed_within_a_time_gets_no_slack() -> None:
    """A longer stay would only be one on paper, or break what follows."""
    actions = (an_action(lock=Lock(start_slot=0)), an_action(), an_action())
    problem = a_problem(actions=actions, precedences=(Precedence(1, 2, 0, 3),))
    assert stretchable(problem) == {2}


def test_what_is_held_to_the_end_is_held_longer() -> None:
    """An amount that is held for the action's time is held for the longer time; beds of the next days as before."""
    mode = a_problem().actions[0].modes[0]
    uses = (ResourceNeed(0, 1, 0, 4), ResourceNeed(0, 1, 0, 2))
    problem = a_problem(
        actions=(an_action(modes=(replace(mode, resource_needs=uses),)),),
        resources=(Resource("beds", 0, 0, (CapacityStep(0, 9),)),),
    )
    (action,) = with_slack(problem, [0], 0.5, Uncertainty((Spread(1500, 1500, 1500),))).actions
    assert action.modes[0].duration_slots == 6
    assert [need.length_slots for need in action.modes[0].resource_needs] == [6, 2]


def test_to_blame_is_whoever_holds_the_others_up() -> None:
    """Of a chain of three that ends with the window, all that may take longer are to blame, the certain one is not."""
    problem = a_problem(units=(a_unit(),), actions=(an_action(10), an_action(10), an_action(20)))
    plan = (at(0, 0, (0,)), at(1, 10, (0,)), at(2, 20, (0,)))
    slow = Spread(1000, 1000, 1500)
    found = blame(problem, plan, Uncertainty((slow, CERTAIN, slow)), runs=500, seed=1)
    assert [each.action for each in found] == [0, 2]


def test_a_quantile_out_of_range_is_refused() -> None:
    """Below the median there is no slack."""
    with pytest.raises(InvalidProblem, match="quantile_permille: 499 is refused; give 500 to 999 thousandths"):
        solve_with_slack(a_problem(), Uncertainty(), WORK, quantile_permille=499)
