"""A child that is asked for more than a plan: slack, and what one more would be worth."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from solver import Interval, InvalidProblem, Problem, score, solution_from_json, verify
from solver.risk import Distribution, Spread, Uncertainty
from solver.task import Task, task_from_json, task_to_json
from tests.solver.make import a_problem, a_unit, an_action
from tests.solver.planted import Shape, plant

SKEW = Spread(900, 1000, 1300, Distribution.LOGNORMAL)


def result_of(task: Task, *options: str) -> tuple[dict[str, Any], Problem]:
    """Run a child on a task to its end and give its last line."""
    command = [sys.executable, "-m", "solver", "serve-run", "--workers", "1", *options]
    done = subprocess.run(command, input=task_to_json(task), capture_output=True, check=True, timeout=280)
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["event"] == "result"
    return last, task.problem


def test_a_task_survives_being_written_and_read() -> None:
    """With every field, and with none."""
    problem = a_problem()
    for task in (Task(problem), Task(problem, Uncertainty((SKEW,), SKEW), 900, 7)):
        assert task_from_json(task_to_json(task)) == task


def test_slack_without_distributions_is_refused() -> None:
    """There is nothing that it could be for."""
    with pytest.raises(InvalidProblem, match="uncertainty: None is refused"):
        Task(a_problem(), slack_permille=800)


def test_a_child_plans_with_slack_and_says_what_it_costs() -> None:
    """The plan is valid, and the risk that it tells is lower than that of the plan without."""
    shape = Shape(countries=6, hosts=4, actions=20, units=90, days=3, group_share=0.3, precedence_share=0.2)
    planted = plant(shape, 1).problem
    task = Task(planted, Uncertainty((SKEW,) * len(planted.actions), SKEW), 800)
    last, problem = result_of(task, "--work", "3000")
    solution = solution_from_json(
        json.dumps({"format": "opsplan.solver/solution", "version": 1, "solution": last["solution"]})
    )
    assert verify(problem, solution.placements) == ()
    told = last["slack"]
    assert told["score_after"] == last["solution"]["score"]
    assert score(problem, solution.placements) == solution.score
    assert told["risk_after"]["mean_breaches"] < told["risk_before"]["mean_breaches"]
    assert told["slack_slots"]


def test_a_child_tells_what_one_more_is_worth() -> None:
    """Two actions at one time, one unit: one more places the second, and that is proven."""
    window = Interval(0, 4)
    problem = a_problem(
        units=(a_unit(),), actions=(an_action(windows=(window,), weight=5), an_action(windows=(window,), weight=3))
    )
    last, _ = result_of(Task(problem, additions=4), "--work", "100000")
    (value,) = last["marginal_values"]
    assert (value["like_unit"], value["waiting"], value["is_estimate"], last["scarce"]) == (0, [1], False, 1)
    weight = next(each for each in value["goals"] if each["goal"] == "placed_weight")
    assert weight == {"goal": "placed_weight", "without": 5, "with_it": 8, "least": 3, "most": 3}
