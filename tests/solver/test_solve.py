"""How a solve behaves: order of goals, outcomes, cancelling, warm start, determinism, reports."""

import time

import pytest

from solver import (
    Budget,
    Interval,
    InvalidProblem,
    Lock,
    Mode,
    Outcome,
    Progress,
    UnitNeed,
    problem_to_json,
    score,
    solution_to_json,
    solve,
    verify,
)
from tests.solver.make import a_problem, a_unit, an_action, at
from tests.solver.patience import stretched
from tests.solver.planted import Shape, plant
from tests.solver.tiny import a_tiny_problem

WORK = Budget(seconds=None, work=10**6, workers=1)
MIDDLE = Shape(countries=20, hosts=12, actions=80, units=400, days=5)


def test_a_mandatory_action_goes_before_any_weight() -> None:
    """One light mandatory action beats two heavy ones that want its unit and hold many victims."""
    window = (Interval(0, 8),)
    heavy = an_action(weight=1_000, windows=window, expected_victims=900)
    must = an_action(8, weight=1, windows=window, mandatory=True)
    solution = solve(a_problem(actions=(heavy, heavy, must)), WORK)
    assert [placement.action for placement in solution.placements] == [2]
    assert solution.outcome is Outcome.OPTIMAL


def test_weight_goes_before_victims_and_victims_before_lateness_and_lateness_before_cost() -> None:
    """For each pair of neighbouring goals the earlier one decides, however much the later one would gain."""
    window = (Interval(0, 4),)
    rivals = (an_action(weight=2, windows=window), an_action(weight=1, windows=window, expected_victims=10**6))
    assert [p.action for p in solve(a_problem(actions=rivals), WORK).placements] == [0]
    rivals = (
        an_action(windows=window, expected_victims=1, due_slot=0),
        an_action(windows=window, due_slot=40),
    )
    assert [p.action for p in solve(a_problem(actions=rivals), WORK).placements] == [0]
    hurried = Mode(4, (UnitNeed(0, 2, 1),), cost=10**6)
    leisurely = Mode(5, (UnitNeed(0, 2, 1),))
    choice = an_action(modes=(leisurely, hurried), windows=(Interval(0, 5),), due_slot=4)
    assert solve(a_problem(actions=(choice,)), WORK).placements[0].mode == 1


def test_cost_goes_before_fair_burden() -> None:
    """The cheap unit is taken although its country then carries all; of equally cheap ones the shares are evened."""
    pair = (an_action(windows=(Interval(0, 4),)), an_action(windows=(Interval(10, 14),)))
    dear = (a_unit(cost_per_slot=1), a_unit(owner=1, cost_per_slot=2))
    assert {p.units for p in solve(a_problem(units=dear, actions=pair), WORK).placements} == {((0,),)}
    alike = (a_unit(cost_per_slot=1), a_unit(owner=1, cost_per_slot=1))
    assert {p.units for p in solve(a_problem(units=alike, actions=pair), WORK).placements} == {((0,),), ((1,),)}


@pytest.mark.parametrize("seed", range(4))
def test_no_later_stage_costs_an_earlier_goal(seed: int) -> None:
    """Every plan told during a solve is better in the strict order than the one before it."""
    planted = plant(MIDDLE, seed)
    told: list[Progress] = []
    solution = solve(planted.problem, Budget(seconds=3), clock=time.monotonic, on_progress=told.append)
    keys = [progress.score.key() for progress in told]
    assert keys == sorted(keys, reverse=True)
    assert len(keys) >= 2
    for progress in told:
        assert verify(planted.problem, progress.placements) == ()
        assert score(planted.problem, progress.placements) == progress.score
    assert told[-1].placements == solution.placements


def test_an_impossible_mandatory_action_is_proven() -> None:
    """The outcome is INFEASIBLE, with the bound that proves it and the best plan of the others."""
    actions = (an_action(mandatory=True, windows=()), an_action(weight=3))
    solution = solve(a_problem(actions=actions), WORK)
    assert solution.outcome is Outcome.INFEASIBLE
    assert solution.bounds.missing_mandatory == 1
    assert [placement.action for placement in solution.placements] == [1]


def test_two_mandatory_actions_for_one_unit_are_proven_impossible() -> None:
    """Each is possible alone; that both are not is proven, and one of them is placed."""
    must = an_action(mandatory=True, windows=(Interval(0, 6),))
    solution = solve(a_problem(actions=(must, must)), WORK)
    assert (solution.outcome, solution.score.missing_mandatory) == (Outcome.INFEASIBLE, 1)


def test_an_empty_problem_is_solved() -> None:
    """No actions: the empty plan is optimal."""
    solution = solve(a_problem(actions=()), WORK)
    assert (solution.outcome, solution.placements) == (Outcome.OPTIMAL, ())


def test_a_clock_is_needed_for_seconds() -> None:
    """A budget of seconds without a clock is refused with the remedy; so is no limit at all."""
    with pytest.raises(InvalidProblem, match="pass a clock"):
        solve(a_problem(), Budget(seconds=1))
    with pytest.raises(InvalidProblem, match="give seconds, work or both"):
        Budget(seconds=None)


@pytest.mark.parametrize("field", [{"seconds": 0.0}, {"work": 0}, {"workers": 0}, {"seed": -1}, {"seconds": 1e9}])
def test_a_senseless_budget_is_refused(field: dict[str, float]) -> None:
    """Each number out of range is named."""
    with pytest.raises(InvalidProblem, match=next(iter(field))):
        Budget(**field)


@pytest.mark.parametrize("after_seconds", [0.0, 0.3, 1.5, 3.0])
def test_cancelling_is_obeyed_within_a_second(after_seconds: float) -> None:
    """Stopped at once, in the fast search or in exact neighbourhoods: it ends within a second with a valid plan."""
    planted = plant(Shape(), 2)
    began = time.monotonic()
    solution = solve(
        planted.problem,
        Budget(seconds=60),
        clock=time.monotonic,
        stop=lambda: time.monotonic() - began >= after_seconds,
    )
    assert time.monotonic() - began < after_seconds + stretched(1.0)
    assert solution.outcome is Outcome.CANCELLED
    assert verify(planted.problem, solution.placements) == ()


def test_the_exact_solve_is_cancelled_too() -> None:
    """A stop during the proof of a small problem ends it within a second."""
    planted = plant(Shape(countries=12, hosts=8, actions=60, units=300, days=2), 2)
    began = time.monotonic()
    seconds = 2.0
    solution = solve(
        planted.problem,
        Budget(seconds=60),
        clock=time.monotonic,
        stop=lambda: time.monotonic() - began >= seconds,
    )
    assert time.monotonic() - began < seconds + stretched(1.0)
    assert solution.outcome in (Outcome.CANCELLED, Outcome.OPTIMAL)


def test_the_same_work_and_seed_give_the_same_bytes() -> None:
    """One worker and a budget of work: two runs on a middle problem, exact neighbourhoods included, are equal."""
    planted = plant(MIDDLE, 1)
    budget = Budget(seconds=None, work=1_200, workers=1, seed=7)
    written = {solution_to_json(solve(planted.problem, budget)) for _ in range(2)}
    assert len(written) == 1


def test_an_earlier_plan_is_taken_up() -> None:
    """A hint that is optimal is kept from the first report on; what of it no longer fits is dropped."""
    planted = plant(MIDDLE, 3)
    told: list[Progress] = []
    solve(
        planted.problem,
        Budget(seconds=None, work=50, workers=1),
        hint=planted.plan,
        on_progress=told.append,
    )
    assert told[0].score.placed_weight == score(planted.problem, planted.plan).placed_weight
    nonsense = (at(0, 3, (0,)), at(1, 3, (0,)))
    problem = a_problem(actions=(an_action(), an_action()))
    assert len(solve(problem, WORK, hint=nonsense).placements) == 2
    assert len(solve(problem, WORK, hint=(at(0, 3, (9,)), at(1, 99, (0,), mode=4))).placements) == 2


def test_locks_hold_in_a_large_problem() -> None:
    """A third of the planted actions locked to their start, mode and units stay so through every stage."""
    planted = plant(MIDDLE, 2)
    actions = list(planted.problem.actions)
    locked = planted.plan[::3]
    for placement in locked:
        lock = Lock(placement.start_slot, placement.mode, placement.units)
        old = actions[placement.action]
        actions[placement.action] = type(old)(**{f: getattr(old, f) for f in old.__slots__} | {"lock": lock})
    problem = type(planted.problem)(
        **{f: getattr(planted.problem, f) for f in planted.problem.__slots__} | {"actions": tuple(actions)}
    )
    solution = solve(problem, Budget(seconds=3), clock=time.monotonic)
    assert set(locked) <= set(solution.placements)
    assert verify(problem, solution.placements) == ()


def test_solving_does_not_change_the_problem() -> None:
    """The problem's bytes are the same before and after."""
    problem = a_tiny_problem(5)
    before = problem_to_json(problem)
    solve(problem, WORK)
    assert problem_to_json(problem) == before
