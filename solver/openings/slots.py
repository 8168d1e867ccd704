"""Openings as a list that a person can choose from: the best first, and no ten neighbours five minutes apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from solver.openings.find import Finder, Opening
from solver.problem import Problem
from solver.solution import Placement, Score


@dataclass(frozen=True, slots=True)
class Slot:
    """The best start of an interval of starts, all of which keep every rule.

    Parameters
    ----------
    placement
        The action at that start, with the units that are best there.
    first_slot, last_slot
        The action may begin at every slot from the first to the last of these, both included, in the placement's mode;
        other units may be needed at other starts than the placement's.
    score
        The goals' values of the whole plan with the placement.
    """

    placement: Placement
    first_slot: int
    last_slot: int
    score: Score


def slots(
    problem: Problem, placements: tuple[Placement, ...], action: int, *, longest_slots: int | None = None
) -> tuple[Slot, ...]:
    """Return the intervals in which an action may begin beside a plan, nothing else moved; the best first.

    Parameters
    ----------
    problem, placements, action
        As in `openings`, which says what fits.
    longest_slots
        Cut intervals into parts of at most so many starts, each with a best start of its own; None for no cut.

    Returns
    -------
    tuple of Slot
        By the score of the whole plan in the strict order of goals, then by start, then by mode.

    Raises
    ------
    InvalidProblem
        As `openings` does.

    Examples
    --------
    >>> from solver.problem import Action, Country, Interval, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2, cost=7),), (Interval(0, 4), Interval(5, 9)), due_slot=3)
    >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
    >>> [(each.placement.start_slot, each.last_slot, each.score.lateness) for each in slots(problem, (), 0)]
    [(0, 2, 0), (5, 7, 4)]
    """
    finder = Finder(problem, placements, action)
    found = (_best(finder, part) for stretch in _joined(finder.openings()) for part in _cut(stretch, longest_slots))
    return tuple(sorted(found, key=lambda slot: (slot.score.key(), slot.placement.start_slot, slot.placement.mode)))


def _joined(openings: Iterable[Opening]) -> Iterator[list[Opening]]:
    """Put openings of one mode together that follow upon each other without a gap."""
    stretch: list[Opening] = []
    for opening in openings:
        if stretch and (stretch[-1].mode, stretch[-1].last_slot + 1) != (opening.mode, opening.start_slot):
            yield stretch
            stretch = []
        stretch.append(opening)
    if stretch:
        yield stretch


def _cut(stretch: list[Opening], longest_slots: int | None) -> Iterator[list[tuple[Opening, int, int]]]:
    """Cut a stretch into parts: the openings of each, with their first and last start in it."""
    first_slot, last_slot = stretch[0].start_slot, stretch[-1].last_slot
    length_slots = longest_slots or last_slot - first_slot + 1
    for low in range(first_slot, last_slot + 1, length_slots):
        high = min(low + length_slots - 1, last_slot)
        yield [
            (opening, max(low, opening.start_slot), min(high, opening.last_slot))
            for opening in stretch
            if opening.start_slot <= high and opening.last_slot >= low
        ]


def _best(finder: Finder, part: list[tuple[Opening, int, int]]) -> Slot:
    # Inside an opening nothing gets better with time, so the first start of each is enough.
    placement, value = min(
        (finder.at(opening, low) for opening, low, _ in part),
        key=lambda each: (each[1].key(), each[0].start_slot),
    )
    return Slot(placement, part[0][1], part[-1][2], value)
