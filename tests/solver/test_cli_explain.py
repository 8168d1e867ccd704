"""Explanations at the command line and from a child process, as real processes."""

import json
import subprocess
from pathlib import Path

import pytest

from solver import (
    Ask,
    Interval,
    Lock,
    Outcome,
    Question,
    RunRecord,
    Solution,
    question_to_json,
    run_from_json,
    run_to_json,
    score,
)
from solver.cli import main
from tests.solver.make import a_problem, an_action, at
from tests.solver.test_cli import SOLVER, command


@pytest.fixture
def contested(tmp_path: Path) -> Path:
    """A run of two raids for one unit, of which one is placed."""
    actions = (an_action(windows=(Interval(10, 14),), name="late comer", mandatory=True), an_action(name="holder"))
    problem = a_problem(actions=actions)
    plan = (at(1, 11, (0,)),)
    path = tmp_path / "contested.json"
    path.write_bytes(run_to_json(RunRecord(problem, Solution(Outcome.OUT_OF_TIME, plan, score(problem, plan)))))
    return path


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (["--conflict"], ["POSSIBLE: all that must be placed can be."]),
        (["--action", "0"], ["stays: holder stays where it is, from slot 11.", "REQUEST with ACTION_MOVED (cost 60)"]),
        (["--action", "1"], ["holder starts in slot 11; alone it could from 0 to 36.", "not later: windows: "]),
        (["--action", "1", "--start", "39"], ["INFEASIBLE with the change.", "asked: holder is asked for at slot 39."]),
    ],
)
def test_one_question_is_answered(contested: Path, options: list[str], lines: list[str]) -> None:
    """The whole request, an action left out, one placed, and one wanted elsewhere are explained in words."""
    done = command("explain", str(contested), *options, "--work", "100000", "--workers", "1")
    assert done.returncode == 0, done.stderr
    for line in lines:
        assert line in done.stdout.decode()


def test_a_child_answers_a_question(contested: Path) -> None:
    """`serve-question` reads a question and writes `started`, then the answer by its name."""
    record = run_from_json(contested.read_bytes())
    question = Question(Ask.WHY_NOT, record.problem, record.solution.placements, 1, start_slot=20)
    done = subprocess.run(
        [*SOLVER, "serve-question", "--seconds", "20"],
        input=question_to_json(question),
        capture_output=True,
        check=True,
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert (events[0]["event"], events[-1]["event"]) == ("started", "result")
    assert events[-1]["why_not"]["outcome"] in ("OPTIMAL", "FEASIBLE")
    wrong = json.loads(question_to_json(question))
    wrong["question"]["action"] = None
    refused = subprocess.run(
        [*SOLVER, "serve-question"], input=json.dumps(wrong).encode(), capture_output=True, check=False
    )
    assert refused.returncode == 2
    assert json.loads(refused.stdout.splitlines()[-1])["message"].startswith("action: None is refused")


def test_a_run_without_any_plan_leads_to_the_question_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where locks contradict each other there is no plan to explain: `--conflict` is named, and answers."""
    action = an_action(lock=Lock(5, 0, ((0,),)))
    problem = a_problem(actions=(action, action))
    path = tmp_path / "locked.json"
    path.write_bytes(run_to_json(RunRecord(problem, Solution(Outcome.INFEASIBLE, (), score(problem, ())))))
    assert main(["explain", str(path)]) == 2
    assert "ask with --conflict" in capsys.readouterr().err
    assert main(["explain", str(path), "--conflict", "--work", "10000", "--workers", "1"]) == 0
    assert "locks" in capsys.readouterr().out
