"""The commands: solve, verify, explain and the child process, as real processes."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from solver import Outcome, problem_to_json, run_from_json, solution_from_json, verify
from solver.cli import main
from tests.solver.lags.projects import a_lagged_project
from tests.solver.make import a_problem, an_action
from tests.solver.patience import stretched
from tests.solver.planted import Shape, plant

SOLVER = [sys.executable, "-m", "solver"]
PLANTED = plant(Shape(countries=5, hosts=4, actions=20, units=60, days=2), 4)


def command(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end."""
    return subprocess.run([*SOLVER, *arguments], input=given, capture_output=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run written by `solve`."""
    folder = tmp_path_factory.mktemp("solver")
    (folder / "problem.json").write_bytes(problem_to_json(PLANTED.problem))
    path = folder / "run.json"
    done = command("solve", str(folder / "problem.json"), "--seconds", "20", "--out", str(path))
    assert done.returncode == 0, done.stderr
    assert b"placed" in done.stderr
    return path


def test_solve_writes_a_run_that_verifies(run_file: Path) -> None:
    """The file holds the problem and a valid plan; `verify` says VALID with the fingerprint."""
    run = run_from_json(run_file.read_bytes())
    assert run.problem == PLANTED.problem
    assert verify(run.problem, run.solution.placements) == ()
    done = command("verify", str(run_file))
    assert (done.returncode, done.stdout[:6]) == (0, b"VALID ")


def test_verify_names_broken_rules(run_file: Path) -> None:
    """A plan that was changed in the file is refused with the rule's name and exit code 1; so is a wrong score."""
    whole = json.loads(run_file.read_bytes())
    whole["solution"]["placements"][0]["start_slot"] = 0
    done = command("verify", "-", given=json.dumps(whole).encode())
    assert done.returncode == 1
    assert done.stdout.startswith(b"BROKEN ")
    whole = json.loads(run_file.read_bytes())
    whole["solution"]["score"]["cost"] += 1
    done = command("verify", "-", given=json.dumps(whole).encode())
    assert (done.returncode, done.stdout[:13]) == (1, b"BROKEN score:")


def test_explain_gives_every_unplaced_action_a_reason(run_file: Path) -> None:
    """One line per reason, as text or as JSON with codes."""
    run = run_from_json(run_file.read_bytes())
    unplaced = run.solution.unplaced(run.problem)
    text = command("explain", str(run_file)).stdout.decode()
    lines = command("explain", "--json", str(run_file)).stdout.decode().splitlines()
    assert [json.loads(line)["action"] for line in lines] == list(unplaced)
    assert all(run.problem.actions[action].name in text for action in unplaced)


def test_solve_goes_on_from_a_run(run_file: Path) -> None:
    """A run given to `solve` is taken up: its plan is not lost."""
    before = run_from_json(run_file.read_bytes()).solution
    done = command("solve", str(run_file), "--work", "100", "--workers", "1")
    after = run_from_json(done.stdout).solution
    assert after.score.key() <= before.score.key()


@pytest.mark.parametrize("name", ["solve", "verify", "explain"])
@pytest.mark.parametrize(
    "given",
    [
        b"raid!",
        b"\xff\xfe",
        b'{"format": "opsplan.solver/problem", "version": 1, "problem": {"units": 3}}',
        b'{"format": "opsplan.solver/run", "version": 1}',
    ],
)
def test_bad_input_is_refused(name: str, given: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No JSON, no text, a wrong field and a missing part end with code 2 and one line that says what to do."""
    path = tmp_path / "given.json"
    path.write_bytes(given)
    assert main([name, str(path)]) == 2
    assert capsys.readouterr().err.startswith("refused: ")


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["verify", "RUN", "--solution", "nowhere.json"], "--solution"),
        (["explain", "RUN", "--start", "5"], "--start"),
        (["explain", "RUN", "--unit", "3"], "--unit"),
        (["explain", "RUN", "--seconds", "-4"], "budget.seconds"),
        (["solve", "RUN", "--out", "/nowhere/run.json"], "--out"),
        (["solve", "RUN", "--out", "."], "--out"),
    ],
)
def test_options_that_would_come_to_nothing_are_refused(
    run_file: Path, arguments: list[str], field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What would count for nothing, and a file that cannot be written, are refused before anything is computed."""
    began = time.monotonic()
    assert main([str(run_file) if each == "RUN" else each for each in arguments]) == 2
    assert capsys.readouterr().err.startswith(f"refused: {field}: ")
    assert time.monotonic() - began < stretched(5.0)


def test_a_plan_whose_file_cannot_take_it_is_not_lost(run_file: Path) -> None:
    """Where the disk is full the run goes to standard output, with a word and another exit code."""
    done = command("solve", str(run_file), "--work", "100", "--workers", "1", "--out", "/dev/full")
    assert done.returncode == 1
    assert b"/dev/full could not be written (No space left on device)" in done.stderr
    assert run_from_json(done.stdout).solution.placements


@pytest.mark.parametrize(
    "damage", [{"start_slot": 93 * 10**17}, {"start_slot": -1}, {"units": [[10**6]]}, {"mode": 99}, {"action": 10**6}]
)
def test_what_a_damaged_run_says_of_nothing_is_left_out(run_file: Path, damage: dict[str, Any]) -> None:
    """A start, a unit, a mode or an action that is not there is dropped from the plan to begin with, and no more."""
    whole = json.loads(run_file.read_bytes())
    whole["solution"]["placements"][-1] |= damage
    given = json.dumps(whole).encode()
    done = command("solve", "-", "--work", "100", "--workers", "1", given=given)
    assert done.returncode == 0, done.stderr
    run = run_from_json(done.stdout)
    assert verify(run.problem, run.solution.placements) == ()
    done = command("explain", "-", "--conflict", "--work", "1000", "--workers", "1", given=given)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_missing_file_is_refused() -> None:
    """A file that is not there ends with code 2 and its name, without a traceback."""
    done = command("verify", "/nowhere/run.json")
    assert done.returncode == 2
    assert done.stderr.startswith(b"refused: /nowhere/run.json: ")
    assert b"Traceback" not in done.stderr


def test_help_is_readable() -> None:
    """Every command has a sentence."""
    text = command("--help").stdout.decode()
    assert all(name in text for name in ("solve", "verify", "explain", "serve-run"))


# -- the child process


class Child:
    """A `serve-run` process under test."""

    def __init__(self, given: bytes, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [*SOLVER, "serve-run", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdin is not None
        self.process.stdin.write(given)
        self.process.stdin.close()

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process.wait(30)

    def next_event(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the child ended without a result"
        event: dict[str, Any] = json.loads(line)
        return event

    def until(self, name: str) -> dict[str, Any]:
        while (event := self.next_event())["event"] != name:
            assert event["event"] in ("started", "progress", "alive")
        return event


def solution_of(event: dict[str, Any]) -> Any:
    """The solution in a result."""
    text = {"format": "opsplan.solver/solution", "version": 1, "solution": event["solution"]}
    return solution_from_json(json.dumps(text))


def test_a_child_streams_and_ends_with_a_result() -> None:
    """`started` with the fingerprint, `progress` with plans, `result` with the solution and the reasons."""
    with Child(problem_to_json(PLANTED.problem), "--seconds", "20") as child:
        assert child.next_event()["actions"] == len(PLANTED.problem.actions)
        progress = child.until("progress")
        assert progress["placed"] + progress["unplaced"] == len(PLANTED.problem.actions)
        result = child.until("result")
        solution = solution_of(result)
        assert verify(PLANTED.problem, solution.placements) == ()
        assert [item["action"] for item in result["unplaced"]] == list(solution.unplaced(PLANTED.problem))
        assert child.process.wait(10) == 0


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_child_obeys_a_signal_within_a_second(sent: signal.Signals) -> None:
    """Both signals end the full-size solve within a second; the result has the last plan, at least as good as told."""
    planted = plant(Shape(), 6)
    with Child(problem_to_json(planted.problem), "--seconds", "60") as child:
        told = child.until("progress")
        time.sleep(1.5)
        child.process.send_signal(sent)
        began = time.monotonic()
        solution = solution_of(child.until("result"))
        assert time.monotonic() - began < stretched(1.0)
        assert solution.outcome is Outcome.CANCELLED
        assert solution.score.placed_weight >= told["score"]["placed_weight"]
        assert verify(planted.problem, solution.placements) == ()
        assert child.process.wait(10) == 0


@pytest.mark.parametrize("after_seconds", [1.0, 2.5])
def test_ctrl_c_keeps_the_best_plan(after_seconds: float, tmp_path: Path) -> None:
    """SIGINT while CP-SAT works, on a project with lags and on raids, ends `solve` soon, with its plan in the file."""
    for number, problem in enumerate((a_lagged_project(5, 150), plant(Shape(), 6).problem)):
        (tmp_path / "problem.json").write_bytes(problem_to_json(problem))
        path = tmp_path / f"{number}.run.json"
        solving = subprocess.Popen(
            [*SOLVER, "solve", str(tmp_path / "problem.json"), "--seconds", "60", "--out", str(path)],
            stderr=subprocess.PIPE,
        )
        assert solving.stderr is not None
        assert solving.stderr.readline(), "no plan was told"
        time.sleep(after_seconds)
        solving.send_signal(signal.SIGINT)
        began = time.monotonic()
        said = solving.communicate(timeout=30)[1]
        assert time.monotonic() - began < stretched(2.0), said
        run = run_from_json(path.read_bytes())
        assert run.solution.outcome is Outcome.CANCELLED
        assert run.solution.placements
        assert verify(run.problem, run.solution.placements) == ()


def test_a_child_goes_on_from_a_run(run_file: Path) -> None:
    """A run on standard input gives the plan to start from: the first plan told is as good."""
    before = run_from_json(run_file.read_bytes()).solution
    with Child(run_file.read_bytes(), "--work", "50", "--workers", "1") as child:
        assert child.until("progress")["placed"] >= len(before.placements)


def test_a_child_ends_when_nobody_listens() -> None:
    """With its reader gone, the process ends by itself soon after its next line."""
    with Child(problem_to_json(plant(Shape(), 6).problem), "--seconds", "60") as child:
        child.until("started")
    assert child.process.returncode is not None


def test_a_child_shows_that_it_lives() -> None:
    """Between better plans an `alive` line comes every second."""
    with Child(problem_to_json(plant(Shape(), 6).problem), "--seconds", "4") as child:
        assert child.until("alive")["elapsed_seconds"] >= 1.0
        child.until("result")
        child.process.wait(10)


def test_a_child_refuses_bad_input_in_its_own_words() -> None:
    """A refused problem gives an `error` line and exit code 2."""
    whole = json.loads(problem_to_json(a_problem(actions=(an_action(),))))
    whole["problem"]["actions"][0]["weight"] = 0
    with Child(json.dumps(whole).encode()) as child:
        error = child.until("error")
        assert error["kind"] == "InvalidProblem"
        assert error["message"].startswith("problem.actions[0].weight: 0 is refused")
        assert child.process.wait(10) == 2
