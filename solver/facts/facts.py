"""The facts of one problem."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from solver.facts.bundles import bundles_of
from solver.facts.slots import span
from solver.problem import Anchor, Mode, Problem

FAR_SLOTS = 1 << 24
"""Stands for a way that does not exist: longer than any horizon."""


@dataclass(frozen=True, slots=True)
class Link:
    """A precedence as seen from one of its two actions.

    Parameters
    ----------
    other
        The action at the other end.
    leads
        Whether the action that holds this link is the earlier one.
    at_end
        Whether lags count from the end of the earlier action.
    min_lag_slots, max_lag_slots, required
        As in the precedence.
    """

    other: int
    leads: bool
    at_end: bool
    min_lag_slots: int
    max_lag_slots: int | None
    required: bool


class Facts:
    """Look-ups that the search asks for thousands of times; each is computed once, many only when first
    asked.

    Parameters
    ----------
    problem
        The problem; facts hold for it alone.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.horizon_slots = problem.horizon_slots
        self.sites = [action.site for action in problem.actions]
        self.hosts = [problem.sites[site].country for site in self.sites]
        self.homes = [unit.home for unit in problem.units]
        self.durations = [[mode.duration_slots for mode in action.modes] for action in problem.actions]
        self.starts = [[self._starts(a, m) for m in range(len(self.durations[a]))] for a in range(len(self.sites))]
        self.bundles, self.bundle_of = bundles_of(problem)
        self.groups_of: list[list[int]] = [[] for _ in problem.actions]
        for index, group in enumerate(problem.groups):
            for action in group.actions:
                self.groups_of[action].append(index)
        self.links: list[list[Link]] = [[] for _ in problem.actions]
        for p in problem.precedences:
            lags = (p.anchor is Anchor.END, p.min_lag_slots, p.max_lag_slots, p.required)
            self.links[p.before].append(Link(p.after, True, *lags))
            self.links[p.after].append(Link(p.before, False, *lags))
        self.kept = tuple(index for index, action in enumerate(problem.actions) if action.kept is not None)
        self.demands = [[_demands(problem, mode) for mode in action.modes] for action in problem.actions]
        self._ways: dict[tuple[int, int], int] = {}
        self._calendars: dict[tuple[int, int, int], int] = {}
        self._staff: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
        self._calendar_class = self._classes_of_calendars()
        self._candidates: dict[tuple[int, int, int, tuple[int, ...]], tuple[int, ...]] = {}
        self._permitted: dict[tuple[int, int], list[int]] | None = None

    def way(self, origin: int, destination: int) -> int:
        """Slots of travel between two sites; `FAR_SLOTS` when there is no way."""
        key = (origin, destination)
        known = self._ways.get(key)
        if known is None:
            slots = self.problem.travel_slots(origin, destination)
            known = self._ways[key] = FAR_SLOTS if slots is None else slots
        return known

    def candidates(self, action: int, mode: int, need: int) -> tuple[int, ...]:
        """Units of the need's kind, type and skills that may act in the host country; the least capable first."""
        wanted = self.problem.actions[action].modes[mode].unit_needs[need]
        host = self.hosts[action]
        lock = self.problem.actions[action].lock
        if lock is not None and lock.units is not None:
            # They are those of the locked mode; another has no use for candidates.
            locked = lock.units[need] if lock.mode == mode else ()
            return tuple(
                unit for unit in self._fitting(host, wanted.kind, wanted.type, wanted.skills) if unit in locked
            )
        return self._fitting(host, wanted.kind, wanted.type, wanted.skills)

    def _fitting(self, host: int, kind: int, type_: int, skills: tuple[int, ...]) -> tuple[int, ...]:
        key = (host, kind, type_, skills)
        known = self._candidates.get(key)
        if known is None:
            units = self.problem.units
            fitting = [
                index
                for index in self._permitted_units.get((host, kind), ())
                if units[index].type <= type_ and set(skills).issubset(units[index].skills)
            ]
            # Capable units last: they are the ones that others cannot replace.
            fitting.sort(key=lambda u: (-units[u].type, len(units[u].skills), len(units[u].permitted), u))
            known = self._candidates[key] = tuple(fitting)
        return known

    def staff(self, action: int, mode: int, need: int) -> list[tuple[int, int]]:
        """Candidates that are available at some allowed start, each with its set of such starts."""
        key = (action, mode, need)
        known = self._staff.get(key)
        if known is None:
            allowed = self.starts[action][mode]
            pairs = [
                (unit, self.calendar(unit, action, mode) & allowed) for unit in self.candidates(action, mode, need)
            ]
            known = self._staff[key] = [pair for pair in pairs if pair[1]]
        return known

    def calendar(self, unit: int, action: int, mode: int) -> int:
        """Starts at which an otherwise idle unit is available for the action, the way from home included."""
        site, duration_slots = self.sites[action], self.durations[action][mode]
        key = (self._calendar_class[unit], site, duration_slots)
        known = self._calendars.get(key)
        if known is None:
            way_slots = self.way(self.homes[unit], site)
            known = 0
            duty = self.problem.units[unit].duty
            if duty is None or duration_slots <= duty.max_duty_slots:
                for interval in self.problem.units[unit].availability:
                    last_slot = min(interval.end_slot, self.horizon_slots) - duration_slots
                    known |= span(interval.start_slot + way_slots, last_slot + 1)
            self._calendars[key] = known
        return known

    @cached_property
    def _permitted_units(self) -> dict[tuple[int, int], list[int]]:
        table: dict[tuple[int, int], list[int]] = {}
        for index, unit in enumerate(self.problem.units):
            for country in unit.permitted:
                table.setdefault((country, unit.kind), []).append(index)
        return table

    def _classes_of_calendars(self) -> list[int]:
        """Number units so that equal numbers mean equal home, availability and duty limit."""
        seen: dict[tuple[object, ...], int] = {}
        return [seen.setdefault((unit.home, unit.availability, unit.duty), len(seen)) for unit in self.problem.units]

    def _starts(self, index: int, mode: int) -> int:
        """Starts that keep windows, forbidden hours, others' claims, warrants and the lock, as a set of slots."""
        action = self.problem.actions[index]
        duration_slots = self.durations[index][mode]
        allowed = 0
        for window in action.windows:
            last_slot = min(window.end_slot, self.horizon_slots) - duration_slots
            allowed |= span(window.start_slot, last_slot + 1)
        for closed in (*action.forbidden, *action.claimed):
            allowed &= ~span(closed.start_slot - duration_slots + 1, closed.end_slot)
        if action.warrants is not None:
            covered = 0
            for warrant in action.warrants:
                covered |= span(warrant.start_slot, warrant.end_slot - duration_slots + 1)
            allowed &= covered
        lock = action.lock
        if lock is not None:
            if lock.mode is not None and lock.mode != mode:
                return 0
            if lock.start_slot is not None:
                allowed &= 1 << lock.start_slot
        return allowed


def _demands(problem: Problem, mode: Mode) -> tuple[tuple[int, int, int, int], ...]:
    """The mode's resource needs as (resource, amount, offset, length) without two that overlap on one resource.

    A need of what is used up holds from a horizon before the start to a horizon after it: so all such needs meet, at
    slot 0 at the latest, and whoever treats them like others is right.
    """
    horizon_slots = problem.horizon_slots
    by_resource: dict[int, list[tuple[int, int, int]]] = {}
    for need in mode.resource_needs:
        low, high = need.offset_slots, need.offset_slots + need.length_slots
        if not problem.resources[need.resource].renewable:
            low, high = -horizon_slots, horizon_slots
        by_resource.setdefault(need.resource, []).append((low, high, need.amount))
    result = []
    for resource, uses in by_resource.items():
        edges = sorted({edge for use in uses for edge in use[:2]})
        for low, high in pairwise(edges):
            amount = sum(use[2] for use in uses if use[0] <= low and high <= use[1])
            if amount:
                result.append((resource, amount, low, high - low))
    return tuple(result)
