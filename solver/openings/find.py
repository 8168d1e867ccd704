"""Every start at which an action fits beside a plan, with the best units for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.draft import Draft
from solver.errors import InvalidProblem
from solver.facts import Facts
from solver.facts.slots import listed, span
from solver.openings.choose import Offer, Units, choose
from solver.openings.effect import Effect
from solver.problem import Problem
from solver.solution import Placement, Score


@dataclass(frozen=True, slots=True)
class Opening:
    """Neighbouring starts at which the same units are best.

    Parameters
    ----------
    mode
        In which mode of the action.
    start_slot, last_slot
        The action may begin at every slot from the first to the last of these, both included.
    units
        Per need of the mode its units, sorted: of all that are free throughout, those with the best score.
    score
        The goals' values of the whole plan with the action placed at `start_slot`. At later starts of the opening no
        goal is better, and only lateness and the delay of projects may be worse.
    """

    mode: int
    start_slot: int
    last_slot: int
    units: Units
    score: Score


class Finder:
    """Finds the openings of one action in one plan.

    Parameters
    ----------
    problem
        Holds the action.
    placements
        The plan, without the action.
    action
        Index of the action.

    Raises
    ------
    InvalidProblem
        When there is no such action, or the plan places it.
    """

    def __init__(self, problem: Problem, placements: tuple[Placement, ...], action: int) -> None:
        if not 0 <= action < len(problem.actions):
            known = f"name an index in actions: it has {len(problem.actions)} entries, counted from 0"
            raise InvalidProblem("action", action, known)
        if any(placement.action == action for placement in placements):
            raise InvalidProblem("action", action, "give the plan without it, or name an action that it leaves out")
        self._facts = Facts(problem)
        self._draft = Draft(self._facts)
        self._draft.load(placements)
        self._action = action
        self._known: dict[tuple[tuple[Offer, ...], ...], Units | None] = {}
        self.effect = Effect(self._draft, action)

    def openings(self) -> Iterator[Opening]:
        """Yield every opening, mode by mode, in the order of time."""
        if self._waits_for_its_group():
            return
        for mode in range(len(self._facts.durations[self._action])):
            self._known.clear()
            yield from self._in_mode(mode)

    def at(self, opening: Opening, start_slot: int) -> tuple[Placement, Score]:
        """Give the placement at one of an opening's starts, and the score of the whole plan with it."""
        placement = Placement(self._action, opening.mode, start_slot, opening.units)
        return placement, opening.score if start_slot == opening.start_slot else self.effect.of(placement)

    def _waits_for_its_group(self) -> bool:
        """Whether another action that is to start with this one has no place: none of them is placed alone."""
        groups = (self._facts.problem.groups[group] for group in self._facts.groups_of[self._action])
        placed = self._draft.placed
        return any(placed[member] is None for group in groups for member in group.actions if member != self._action)

    def _in_mode(self, mode: int) -> Iterator[Opening]:
        starts = self._draft.starts(self._action, mode)
        needs = self._facts.problem.actions[self._action].modes[mode].unit_needs
        duration_slots = self._facts.durations[self._action][mode]
        staff = [self._free(mode, need, starts) for need in range(len(needs))]
        counts = [need.count for need in needs]
        opening: Opening | None = None
        for first_slot, last_slot in _stretches(starts, self._turns(mode, staff)):
            offers = tuple(self._offers(mode, need, some, first_slot) for need, some in enumerate(staff))
            if offers not in self._known:
                self._known[offers] = choose(offers, counts, self.effect.burdens, duration_slots)
            units = self._known[offers]
            if units is None:
                continue
            value = self.effect.of(Placement(self._action, mode, first_slot, units))
            if opening is not None and opening.last_slot + 1 == first_slot and self._goes_on(opening, units, value):
                opening = Opening(mode, opening.start_slot, last_slot, units, opening.score)
                continue
            if opening is not None:
                yield opening
            opening = Opening(mode, first_slot, last_slot, units, value)
        if opening is not None:
            yield opening

    def _goes_on(self, opening: Opening, units: Units, value: Score) -> bool:
        """Whether at the next start the same units do the same to every goal that does not grow with time."""
        return opening.units == units and (value.changes, value.cost, value.burden_permille) == (
            opening.score.changes,
            opening.score.cost,
            opening.score.burden_permille,
        )

    def _free(self, mode: int, need: int, starts: int) -> list[tuple[int, int]]:
        """Units that could fill the need at some of the starts, each with these starts."""
        free = [
            (unit, starts & self._draft.free_starts(unit, self._action, mode, available))
            for unit, available in self._facts.staff(self._action, mode, need)
        ]
        return [pair for pair in free if pair[1]]

    def _turns(self, mode: int, staff: list[list[tuple[int, int]]]) -> int:
        """Slots at which another unit becomes free or is taken, or one has another way; as a set."""
        turns = 0
        kept = self._facts.problem.actions[self._action].kept
        if kept is not None and kept.mode == mode and kept.start_slot >= 0:
            turns |= span(kept.start_slot, kept.start_slot + 2)
        for unit, free in {pair for some in staff for pair in some}:
            turns |= free ^ (free << 1)
            for stint in self._draft.days[unit]:
                turns |= 1 << stint.start_slot
            for interval in self._facts.problem.units[unit].availability:
                turns |= span(interval.start_slot, interval.start_slot + 1)
        return turns

    def _offers(self, mode: int, need: int, staff: list[tuple[int, int]], start_slot: int) -> tuple[Offer, ...]:
        problem = self._facts.problem
        duration_slots = self._facts.durations[self._action][mode]
        kept = problem.actions[self._action].kept
        held: tuple[int, ...] = ()
        if kept is not None and (kept.mode, kept.start_slot) == (mode, start_slot):
            held = kept.units[need]
        found = []
        for unit, free in staff:
            if free >> start_slot & 1:
                price = problem.units[unit].cost_per_slot * duration_slots
                price += self.effect.road_price(unit, start_slot, duration_slots)
                # An order of the earlier plan that is kept is worth more than any cost.
                found.append(Offer(unit, price - _WORTH * (unit in held), problem.units[unit].owner))
        return tuple(found)


_WORTH = 1 << 40
"""More than any choice of units costs."""


def _stretches(starts: int, turns: int) -> Iterator[tuple[int, int]]:
    """Cut a set of slots into runs of neighbours, (first, last), that no turn parts.

    Examples
    --------
    >>> list(_stretches(0b1101110, 0b1000))
    [(1, 2), (3, 3), (5, 6)]
    """
    begins = starts & (~(starts << 1) | turns)
    ends = starts & (~(starts >> 1) | turns >> 1)
    return zip(listed(begins), listed(ends), strict=True)


def openings(problem: Problem, placements: tuple[Placement, ...], action: int) -> tuple[Opening, ...]:
    """Return every start at which an action fits beside a plan, nothing else moved.

    A start is given exactly when some choice of units breaks no rule that the plan does not break without the action;
    the units are those with the best score in the strict order of goals. Travel is asked between every two actions of
    a unit, not only consecutive ones: where some detour, its stop included, is shorter than the direct way, starts may
    be missing.

    Parameters
    ----------
    problem
        Holds the action.
    placements
        The plan, without the action.
    action
        Index of the action. One that starts together with others has openings only beside all of them.

    Raises
    ------
    InvalidProblem
        When there is no such action, or the plan places it.

    Examples
    --------
    >>> from solver.problem import Action, Country, Interval, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2, cost=7),), (Interval(0, 4), Interval(5, 9)))
    >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
    >>> [(each.start_slot, each.last_slot) for each in openings(problem, (), 0)]
    [(0, 2), (5, 7)]
    """
    return tuple(Finder(problem, placements, action).openings())
