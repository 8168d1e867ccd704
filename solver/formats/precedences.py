"""Plain precedence between jobs, of which those without duration are only knots in the net."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NoReturn

from solver.problem import Precedence
from solver.problem.order import find_cycle

Refuse = Callable[[int, str, str], NoReturn]
"""Refuses, where a job is told, a value with a remedy: ``(job, value, remedy)``."""


def without_knots(
    successors: Mapping[int, Collection[int]], knots: Collection[int], refuse: Refuse
) -> list[tuple[int, int]]:
    """Return the pairs (before, after) of real jobs that follow one another, directly or through knots.

    A job without duration starts and ends at once, so that what is before it is before all that is after it, and
    nothing else follows from it.

    Parameters
    ----------
    successors
        Of every job, by its number.
    knots
        The jobs without duration, which are left out.
    refuse
        How a cycle is refused.

    Examples
    --------
    >>> def refuse(job, value, remedy): raise ValueError(value)
    >>> without_knots({1: [2, 3], 2: [4], 3: [4], 4: [5, 6], 5: [], 6: []}, [1, 4], refuse)
    [(2, 5), (2, 6), (3, 5), (3, 6)]
    """
    numbers = list(successors)
    index_of = {number: index for index, number in enumerate(numbers)}
    arcs = [(index_of[job], index_of[after]) for job, followers in successors.items() for after in followers]
    cycle = find_cycle(len(numbers), arcs)
    if cycle is not None:
        shown = " -> ".join(str(numbers[index]) for index in cycle)
        refuse(numbers[cycle[0]], shown, "drop one of these successors: no job may precede itself")
    following = {job: dict.fromkeys(followers) for job, followers in successors.items()}
    preceding: dict[int, dict[int, None]] = {job: {} for job in successors}
    for job, followers in following.items():
        for after in followers:
            preceding[after][job] = None
    for knot in knots:
        befores, afters = preceding.pop(knot), following.pop(knot)
        for before in befores:
            del following[before][knot]
            following[before].update(afters)
        for after in afters:
            del preceding[after][knot]
            preceding[after].update(befores)
    return [(before, after) for before, followers in following.items() for after in sorted(followers)]


def end_to_start(pairs: list[tuple[int, int]], action_of: Mapping[int, int]) -> tuple[Precedence, ...]:
    """Return the precedences by which each pair's second job starts once the first has ended."""
    return tuple(Precedence(action_of[before], action_of[after]) for before, after in pairs)
