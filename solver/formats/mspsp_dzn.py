"""MSPSP: multi-skill project scheduling, workers who master skills, in MiniZinc data files (``.dzn``).

K. D. Young, T. Feydy and A. Schutt, "Constraint programming applied to the multi-skill project scheduling problem",
CP 2017, Lecture Notes in Computer Science 10416, 308-317.
"""

from __future__ import annotations

from typing import NoReturn

from solver.formats.dzn import Dzn, Token
from solver.formats.place import a_job, at_one_place, checked_horizon
from solver.formats.precedences import end_to_start, without_knots
from solver.formats.rows import MOST_NUMBERS, integer, refuse
from solver.problem import Interval, Mode, Problem, Project, Unit, UnitNeed
from solver.problem.limits import LARGEST_SLOT
from solver.problem.problem import MOST_ACTIONS

_NAMES = ("nActs", "dur", "nSkills", "sreq", "nResources", "mastery", "nPrecs", "pred", "succ")
_MOST_OF_A_SKILL = 1_000
_TRUE, _FALSE = ("true", "1"), ("false", "0")


def read_mspsp(file: str, text: bytes) -> Problem:
    """Return the problem of a ``.dzn`` file: the goal `project_delay` is its makespan.

    Activity a is the action ``activity a``, worker w the unit ``worker w``; every skill that an activity requires is a
    need of so many workers who master it, and as everywhere nobody fills two needs of one action. What the file tells
    besides (bounds, ``USEFUL_RES``, ``POTENTIAL_ACT``, pairs without precedence) follows from the rest and is passed
    over. The horizon is the sum of all durations: where nothing is done in a slot, all that comes later could come
    earlier.

    Raises
    ------
    InvalidProblem
        With the file, the line, the value and the remedy.
    """
    data = Dzn(file, text, _NAMES)
    activities = data.number("nActs", 1, MOST_ACTIONS)
    skills = data.number("nSkills", 0, MOST_NUMBERS)
    workers = data.number("nResources", 0, MOST_NUMBERS)
    durations = data.tokens("dur", activities)
    slots = data.numbers("dur", activities)
    required = [_counts(file, row) for row in data.table("sreq", activities, skills)]
    mastered = [_mastered(file, row) for row in data.table("mastery", workers, skills)]
    knots = [number for number, duration in enumerate(slots, 1) if duration == 0]
    for number in knots:
        if required and any(required[number - 1]):
            token = durations[number - 1]
            refuse(file, token.line, token.text, f"give activity {number}, which requires workers, at least 1 slot")
    if len(knots) == activities:
        refuse(file, data.line("dur"), "dur", "give at least one activity with a duration")
    horizon_slots = checked_horizon(file, data.line("dur"), sum(slots))
    pairs = _pairs(data, activities, knots)
    real = [number for number in range(1, activities + 1) if slots[number - 1]]
    return at_one_place(
        horizon_slots,
        tuple(
            a_job(f"activity {number}", (_mode(slots[number - 1], required[number - 1]),), (0, horizon_slots))
            for number in real
        ),
        end_to_start(pairs, {number: action for action, number in enumerate(real)}),
        (Project("project"),),
        units=tuple(_unit(worker, row, horizon_slots) for worker, row in enumerate(mastered, 1)),
        skills=tuple(f"skill {number}" for number in range(1, skills + 1)),
    )


def _mode(duration_slots: int, counts: list[int]) -> Mode:
    needs = tuple(UnitNeed(0, 1, count, (skill,)) for skill, count in enumerate(counts) if count)
    return Mode(duration_slots, needs)


def _unit(worker: int, mastered: list[bool], horizon_slots: int) -> Unit:
    skills = tuple(skill for skill, masters in enumerate(mastered) if masters)
    return Unit(f"worker {worker}", 0, 1, 0, 0, (0,), (Interval(0, horizon_slots),), skills)


def _counts(file: str, row: list[Token]) -> list[int]:
    return [integer(file, token.line, token.text, "a requirement", 0, _MOST_OF_A_SKILL) for token in row]


def _mastered(file: str, row: list[Token]) -> list[bool]:
    for token in row:
        if token.text not in (*_TRUE, *_FALSE):
            refuse(file, token.line, token.text, "say true or false for each skill of a worker")
    return [token.text in _TRUE for token in row]


def _pairs(data: Dzn, activities: int, knots: list[int]) -> list[tuple[int, int]]:
    """Return which activities that take time follow one another."""
    count = data.number("nPrecs", 0, LARGEST_SLOT)
    lines = [token.line for token in data.tokens("pred", count)]
    befores = data.numbers("pred", count, 1, activities)
    afters = data.numbers("succ", count, 1, activities)
    successors: dict[int, dict[int, None]] = {number: {} for number in range(1, activities + 1)}
    for before, after in zip(befores, afters, strict=True):
        successors[before][after] = None

    def refuse_cycle(activity: int, value: str, remedy: str) -> NoReturn:
        refuse(data.file, lines[befores.index(activity)], value, remedy)

    return without_knots(successors, knots, refuse_cycle)
