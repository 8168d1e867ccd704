"""Exercises that several tests look at, each made once per test run."""

from datetime import UTC, datetime
from functools import cache

from opsplan.exercise import START, Exercise, Size, make_exercise
from opsplan.scheduling.problem import Index
from solver import Problem
from tests.opsplan.exercise.snapshots import translated

BEFORE_WINTER_TIME = datetime(2026, 10, 22, tzinfo=UTC)
"""An operation from here on lies across the end of summer time in Europe (25 October 2026, 01:00 UTC)."""

BEFORE_SUMMER_TIME = datetime(2027, 3, 26, 6, 15, tzinfo=UTC)
"""And across its begin (28 March 2027); off the hour."""


@cache
def exercise(size: Size, seed: int, start: datetime = START) -> Exercise:
    """Give an exercise; the same object each time."""
    return make_exercise(size, seed, start)


@cache
def problem_of(size: Size, seed: int, start: datetime = START) -> tuple[Problem, Index]:
    """Give an exercise's problem."""
    return translated(exercise(size, seed, start))
