"""Text and back: nothing is lost, nothing wrong comes in, equal problems have equal bytes."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import (
    InvalidProblem,
    Outcome,
    Problem,
    RunRecord,
    Score,
    Solution,
    fingerprint,
    problem_from_json,
    problem_to_json,
    run_from_json,
    run_to_json,
    solution_from_json,
    solution_to_json,
)
from solver.codec import from_plain, to_plain
from tests.solver.make import a_problem, an_action, at
from tests.solver.planted import Shape, plant
from tests.solver.tiny import a_tiny_problem

SOLUTION = Solution(Outcome.FEASIBLE, (at(0, 3, (0,)),), Score(0, 1, 0, 0, 0, 4, 100))


@given(st.integers(0, 10**9))
@settings(max_examples=50, deadline=None)
def test_a_problem_survives_the_round_trip(seed: int) -> None:
    """A random problem read back from its text is equal and writes the same bytes."""
    problem = a_tiny_problem(seed)
    text = problem_to_json(problem)
    assert problem_from_json(text) == problem
    assert problem_to_json(problem_from_json(text)) == text


def test_a_large_problem_and_its_plan_survive_the_round_trip() -> None:
    """A planted problem with hubs, legs and groups, and a run with its plan, come back equal."""
    planted = plant(Shape(countries=6, hosts=4, actions=30, units=80, days=3), 3)
    solution = Solution(Outcome.FEASIBLE, planted.plan, Score(0, 1, 2, 0, 3, 4, 5))
    run = RunRecord(planted.problem, solution)
    assert run_from_json(run_to_json(run)) == run
    assert solution_from_json(solution_to_json(solution)) == solution


def test_the_fingerprint_is_the_content() -> None:
    """The order of keys and spaces do not change it, any content does."""
    problem = a_problem()
    loose = json.dumps(dict(reversed(list(json.loads(problem_to_json(problem)).items()))), indent=3)
    assert fingerprint(problem_from_json(loose)) == fingerprint(problem)
    assert fingerprint(a_problem(actions=(an_action(weight=2),))) != fingerprint(problem)
    assert len(fingerprint(problem)) == 64


def broken(change: dict[str, Any] | None = None, **top: Any) -> str:
    """The small problem's text with fields of the problem, or of the envelope, replaced."""
    whole = json.loads(problem_to_json(a_problem()))
    whole["problem"].update(change or {})
    whole.update(top)
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{", "problem: "),
        ("[]", "problem: "),
        (b"\xff\xfe\xfa", "problem: "),
        ("[" * 200_000, "problem: "),
        (broken(format="something/else"), "format: "),
        (broken(version=2), "version: 2 "),
        (broken(version=True), "version: "),
        (broken(extra=1), "extra: 1 "),
        (broken({"colour": "red"}), "problem.colour: 'red' "),
        (broken({"slot_minutes": "15"}), "problem.slot_minutes: '15' "),
        (broken({"slot_minutes": True}), "problem.slot_minutes: True "),
        (broken({"slot_minutes": 1.5}), "problem.slot_minutes: 1.5 "),
        (broken({"units": {}}), "problem.units: {} "),
        (broken({"units": [{"name": "lonely"}]}), "problem.units[0].kind: None "),
        (broken({"precedences": [{"before": 0, "after": 0}]}), "problem.precedences[0].after: 0 "),
        (broken({"precedences": [{"before": 0, "after": 1, "anchor": "MIDDLE"}]}), "problem.precedences[0].anchor: "),
        (broken({"groups": [{"actions": [0, 9]}]}), "problem.groups[0].actions: 9 "),
        (broken({"travel": {"legs": [[0, 1]]}}), "problem.travel.legs[0]: [0, 1] "),
        (broken({"travel": {"legs": [[0, 1, -5]]}}), "problem.travel.legs[0].minutes: -5 "),
    ],
)
def test_a_bad_file_is_refused_with_its_path(text: str | bytes, path: str) -> None:
    """The message begins with the field's path and its value, and says what would be accepted."""
    with pytest.raises(InvalidProblem) as caught:
        problem_from_json(text)
    assert str(caught.value).startswith(path)
    assert " is refused; " in str(caught.value)


def test_a_run_whose_problem_was_changed_is_refused() -> None:
    """A run's problem must be the one that its fingerprint names."""
    whole = json.loads(run_to_json(RunRecord(a_problem(), SOLUTION)))
    whole["problem"]["horizon_slots"] = 41
    with pytest.raises(InvalidProblem, match="fingerprint"):
        run_from_json(json.dumps(whole))


def test_a_solution_that_places_an_action_twice_is_refused() -> None:
    """Placements are sorted by action, each once."""
    whole = json.loads(solution_to_json(SOLUTION))
    whole["solution"]["placements"] *= 2
    with pytest.raises(InvalidProblem, match=r"placements\[1\].action"):
        solution_from_json(json.dumps(whole))


def test_defaults_may_be_left_out() -> None:
    """Fields with a default need not be written."""
    short = {"slot_minutes": 15, "horizon_slots": 4}
    assert from_plain(Problem, short) == Problem(15, 4)
    assert to_plain(Problem(15, 4))["groups"] == []
