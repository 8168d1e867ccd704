"""The families of instances: which files are theirs, how a plan is checked again, and what a value is worth."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.solver import check_mista, check_mspsp, check_psplib, check_rcpsp_max
from benchmarks.solver.verdict import Verdict
from solver import Placement, Problem, SolverError
from solver.formats import Format, format_of_file, read

FAILED_RATIO = 10.0
"""What an instance without a verified solution counts."""
_NO_INSTANCES = (".csv", ".md", ".json", ".py")


@dataclass(frozen=True, slots=True)
class Family:
    """A family of instances.

    Parameters
    ----------
    format
        The format of its files.
    recheck
        The second checker, given the file, the problem read from it and the plan.
    offset
        Added to value and reference before one is divided by the other, where a value may be 0.
    goal
        What a value is, in words.
    """

    format: Format
    recheck: Callable[[Path, Problem, tuple[Placement, ...]], Verdict]
    offset: int
    goal: str

    @property
    def name(self) -> str:
        """What the command line calls it."""
        return self.format.value

    def ratio(self, value: int, reference: int) -> float:
        """Return the value over the reference."""
        return (value + self.offset) / max(reference + self.offset, 1)

    def files(self, folder: Path) -> list[Path]:
        """Return the family's instances in a folder and the folders below it, in the order of their numbers."""
        found = [path for path in _files_below(folder, set()) if self._holds(path)]
        return sorted(found, key=lambda path: _natural(path.relative_to(folder).as_posix()))

    def _holds(self, path: Path) -> bool:
        if path.suffix.lower() in _NO_INSTANCES or path.name.startswith("."):
            return False
        try:
            return format_of_file(path.name, path.read_bytes()) is self.format
        except (SolverError, OSError):
            return False


def problem_of(path: Path) -> Problem:
    """Return the problem in a file; raises SolverError when it is refused and OSError when it cannot be read."""
    return read(path.name, lambda name: (path.parent / name).read_bytes())


def _files_below(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Yield all files in a folder and below it; links are followed, each folder is entered once."""
    if folder.is_dir() and folder.resolve() not in seen:
        seen.add(folder.resolve())
        for path in folder.iterdir():
            if path.is_dir():
                yield from _files_below(path, seen)
            elif path.is_file():
                yield path


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key by which A-2 comes before A-10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]


def _numbers(name: str) -> list[int]:
    return [int(word) for word in re.findall(r"\d+", name)]


def _mode(problem: Problem, placement: Placement) -> int:
    return _numbers(problem.actions[placement.action].modes[placement.mode].name)[0]


def _psplib(path: Path, problem: Problem, placements: tuple[Placement, ...]) -> Verdict:
    plan = {
        _numbers(problem.actions[placed.action].name)[0]: (placed.start_slot, _mode(problem, placed))
        for placed in placements
    }
    return check_psplib.check(path, plan)


def _mista(path: Path, problem: Problem, placements: tuple[Placement, ...]) -> Verdict:
    plan = {}
    for placed in placements:
        project, job = _numbers(problem.actions[placed.action].name)
        plan[project, job] = (placed.start_slot, _mode(problem, placed))
    return check_mista.check(path, plan)


def _mspsp(path: Path, problem: Problem, placements: tuple[Placement, ...]) -> Verdict:
    plan = {}
    for placed in placements:
        action = problem.actions[placed.action]
        workers_of = {
            need.skills[0] + 1: tuple(_numbers(problem.units[unit].name)[0] for unit in units)
            for need, units in zip(action.modes[placed.mode].unit_needs, placed.units, strict=True)
        }
        plan[_numbers(action.name)[0]] = (placed.start_slot, workers_of)
    return check_mspsp.check(path, plan)


def _rcpsp_max(path: Path, problem: Problem, placements: tuple[Placement, ...]) -> Verdict:
    # The sink, which stays where lags to it count, is left to the checker.
    names = {placed.action: _numbers(problem.actions[placed.action].name) for placed in placements}
    plan = {names[placed.action][0]: placed.start_slot for placed in placements if names[placed.action]}
    return check_rcpsp_max.check(path, plan)


FAMILIES = {
    family.name: family
    for family in (
        Family(Format.MISTA, _mista, 1, "total project delay"),
        Family(Format.PSPLIB, _psplib, 0, "makespan"),
        Family(Format.MSPSP, _mspsp, 0, "makespan"),
        Family(Format.RCPSP_MAX, _rcpsp_max, 0, "makespan"),
    )
}
