"""The second checkers against the solver's own checker, and the optimum against enumeration by them alone.

Neither side shares code with the other, so that what a format's reader makes of a file is what the file means.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import pytest

from benchmarks.solver import check_mista, check_mspsp, check_psplib, check_rcpsp_max
from benchmarks.solver.families import FAMILIES, problem_of
from benchmarks.solver.verdict import Verdict
from solver import Budget, Outcome, Placement, Problem, score, solve, verify
from tests.seeds import many, with_fresh
from tests.solver.formats.files import (
    LAGS,
    MULTI,
    SINGLE,
    SKILLS,
    TWO_PROJECTS,
    a_lag_file,
    a_multi_mode_file,
    a_skill_file,
    written,
)

_PLANS = 200


def a_file(family: str, folder: Path, rng: random.Random, jobs: int = 3) -> Path:
    """A random file of `jobs` jobs of a family; MISTA's have two projects, of two and of one fewer."""
    if family == "mista":
        for number in (1, 2):
            written(folder, f"{number}.mm", a_multi_mode_file(rng, jobs=jobs - 3 + number))
        shared = rng.choice(["2 -1", "-1 3", "2 2"])
        return written(folder, "two.txt", f"2\n0\n1\n1.mm\n{rng.randint(0, 2)}\n2\n2.mm\n2\n{shared}\n")
    if family == "psplib":
        return written(folder, "one.mm", a_multi_mode_file(rng, jobs))
    if family == "mspsp":
        return written(folder, "one.dzn", a_skill_file(rng, jobs))
    return written(folder, "one.sch", a_lag_file(rng))


def with_sink(problem: Problem, plan: tuple[Placement, ...]) -> tuple[Placement, ...]:
    """The plan with the sink, where there is one, at the first slot that breaks nothing, or anywhere."""
    if problem.actions[-1].name != "sink":
        return plan
    sinks = [Placement(len(plan) - 1, 0, slot) for slot in range(problem.horizon_slots)]
    return next(
        (whole for sink in sinks if not verify(problem, whole := (*plan[:-1], sink))),
        (*plan[:-1], sinks[0]),
    )


def a_plan(problem: Problem, rng: random.Random) -> tuple[Placement, ...]:
    """Starts within the horizon, modes and workers drawn at random."""
    plan = []
    for index, action in enumerate(problem.actions):
        number = rng.randrange(len(action.modes))
        mode = action.modes[number]
        units = tuple(
            tuple(rng.sample(range(len(problem.units)), min(need.count, len(problem.units))))
            for need in mode.unit_needs
        )
        plan.append(Placement(index, number, rng.randint(0, problem.horizon_slots - mode.duration_slots), units))
    return with_sink(problem, tuple(plan))


def agree(family: str, folder: Path, seed: int) -> int:
    """Hold both checkers to the same verdicts on random plans of a random file; returns how many plans are valid."""
    rng = random.Random(f"{family} {seed}")
    path = a_file(family, folder, rng)
    problem = problem_of(path)
    valid = 0
    for _ in range(_PLANS):
        plan = a_plan(problem, rng)
        breaches = verify(problem, plan)
        verdict = FAMILIES[family].recheck(path, problem, plan)
        if problem.actions[-1].name == "sink" and (verdict.value or 0) >= problem.horizon_slots:
            continue  # The file knows no horizon.
        assert (verdict.fault is None) == (not breaches), (path.read_text(), plan, verdict, breaches)
        if not breaches:
            valid += 1
            value = score(problem, plan)
            assert verdict.value == value.project_delay, (path.read_text(), plan)
            assert verdict.makespan in (None, value.makespan)
    return valid


@pytest.mark.parametrize("family", FAMILIES)
def test_both_checkers_agree(family: str, tmp_path: Path) -> None:
    """On random plans of random files both find the same plans valid, of the same value; some plans are."""
    assert sum(agree(family, tmp_path, seed) for seed in with_fresh(*range(8)))


@pytest.mark.long
@pytest.mark.parametrize("seed", many(200))
@pytest.mark.parametrize("family", FAMILIES)
def test_both_checkers_agree_two_hundred_times(family: str, seed: int, tmp_path: Path) -> None:
    """The same for many more files."""
    agree(family, tmp_path, seed)


def all_plans(problem: Problem, beyond_slots: int) -> Iterator[tuple[Placement, ...]]:
    """Every plan, also those that break rules; starts go on for some slots beyond the horizon."""
    real = [action for action in problem.actions if action.name != "sink"]
    options = []
    for index, action in enumerate(real):
        options.append([])
        for number, mode in enumerate(action.modes):
            teams = [itertools.combinations(range(len(problem.units)), need.count) for need in mode.unit_needs]
            for units in itertools.product(*teams):
                last = problem.horizon_slots - mode.duration_slots + beyond_slots
                options[-1].extend(Placement(index, number, start, units) for start in range(last + 1))
    return itertools.product(*options)


def solve_and_enumerate(family: str, folder: Path, seed: int) -> Outcome:
    """Solve a random file and compare with the best of all plans by the second checker's word alone."""
    rng = random.Random(f"enumerated {family} {seed}")
    path = a_file(family, folder, rng, jobs=3 if family in ("psplib", "mista") else 2)
    problem = problem_of(path)
    verdicts = (FAMILIES[family].recheck(path, problem, plan) for plan in all_plans(problem, 1))
    best = min((verdict.value for verdict in verdicts if verdict.value is not None), default=None)
    solution = solve(problem, Budget(seconds=None, work=10**7, workers=1))
    if best is None:
        assert solution.outcome is Outcome.INFEASIBLE, path.read_text()
    else:
        assert solution.outcome is Outcome.OPTIMAL, path.read_text()
        assert solution.score.project_delay == best, path.read_text()
    return solution.outcome


@pytest.mark.parametrize("seed", with_fresh(0, 1))
@pytest.mark.parametrize("family", FAMILIES)
def test_the_optimum_is_that_of_enumeration(family: str, seed: int, tmp_path: Path) -> None:
    """No plan of a tiny file, also beyond the horizon, is better than the solver's; where none is valid, it says so."""
    solve_and_enumerate(family, tmp_path, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", many(50))
@pytest.mark.parametrize("family", FAMILIES)
def test_the_optimum_is_that_of_enumeration_fifty_times(family: str, seed: int, tmp_path: Path) -> None:
    """The same for many more files."""
    solve_and_enumerate(family, tmp_path, seed)


def test_psplib_violations_are_named(tmp_path: Path) -> None:
    """Value and violations of hand-made plans of a single-mode file."""
    path = written(tmp_path, "single.sm", SINGLE)
    good = {2: (1, 1), 3: (3, 1), 4: (3, 1)}
    assert check_psplib.check(path, good) == Verdict(6)
    for changes, fault in [
        ({3: (2, 1)}, "3 of resource 1 are used at 2, 2 are there"),
        ({4: (2, 1)}, "job 4 starts before job 2 ends"),
        ({2: (1, 2)}, "job 2 has no mode 2"),
        ({2: (0, 1)}, "job 2 starts at 0, before 1"),
        ({9: (0, 1)}, "there is no job 9"),
    ]:
        assert check_psplib.check(path, good | changes) == Verdict(fault=fault)
    assert check_psplib.check(path, {2: (1, 1), 3: (3, 1)}) == Verdict(fault="job 4 is missing")


def test_mista_violations_are_named(tmp_path: Path) -> None:
    """Total project delay and makespan, and violations of what is shared, local and released."""
    written(tmp_path, "part/multi.mm", MULTI)
    path = written(tmp_path, "two.txt", TWO_PROJECTS)
    good = {(1, 2): (0, 2), (1, 3): (2, 1), (2, 2): (4, 2), (2, 3): (6, 1)}
    assert check_mista.check(path, good) == Verdict(2 + 5, makespan=8)
    for changes, fault in [
        ({(2, 2): (0, 2)}, "project 2: job 2 starts at 0, before 1"),
        ({(1, 3): (0, 1)}, "3 of resource 1 of all projects are used at 0, 2 are there"),
        ({(1, 2): (0, 1)}, "3 of resource 2 of project 1 are used in all, 2 are there"),
        ({(3, 2): (0, 1)}, "projects [3] are not in the file"),
    ]:
        assert check_mista.check(path, good | changes) == Verdict(fault=fault)


def test_mspsp_violations_are_named(tmp_path: Path) -> None:
    """Makespan, and workers who lack a skill, are few, or are in two places."""
    path = written(tmp_path, "skills.dzn", SKILLS)
    good = {2: (0, {1: (3,), 2: (1,)}), 3: (2, {2: (1, 2)})}
    assert check_mspsp.check(path, good) == Verdict(5)
    for changes, fault in [
        ({2: (0, {1: (2,), 2: (1,)})}, "worker 2 does not master skill 1"),
        ({2: (0, {1: (1,), 2: (1,)})}, "activity 2 has one worker twice"),
        ({2: (0, {2: (1,)})}, "activity 2 has 0 workers for skill 1 and needs 1"),
        ({3: (1, {2: (1, 2)})}, "worker 1 serves activities 2 and 3 at once"),
    ]:
        assert check_mspsp.check(path, good | changes) == Verdict(fault=fault)
    assert check_mspsp.check(path, {2: good[2]}) == Verdict(fault="activity 3 is missing")


def test_rcpsp_max_violations_are_named(tmp_path: Path) -> None:
    """Makespan with the sink's lags, and violations of least and greatest lags."""
    path = written(tmp_path, "lags.sch", LAGS)
    good = {1: 0, 2: 3, 3: 5}
    assert check_rcpsp_max.check(path, good) == Verdict(6)
    for changes, fault in [
        ({2: 5, 3: 4}, "activity 1 starts -5 after 2, not -4"),
        ({3: 7}, "activity 0 starts -7 after 3, not -6"),
        ({2: 1}, "activity 2 starts 1 after 0, not 2"),
        ({3: 4}, "3 of resource 1 are used at 4, 2 are there"),
    ]:
        assert check_rcpsp_max.check(path, good | changes) == Verdict(fault=fault)


def test_the_second_checkers_share_no_code_with_the_solver() -> None:
    """With `solver` and `opsplan` out of reach all four are imported."""
    code = """
import sys
sys.modules.update({"solver": None, "opsplan": None, "ortools": None})
from benchmarks.solver import check_mista, check_mspsp, check_psplib, check_rcpsp_max
"""
    assert run([sys.executable, "-c", code], check=False).returncode == 0
