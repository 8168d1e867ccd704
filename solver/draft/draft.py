"""The draft: placed actions, and exact sets of starts for the others."""

from __future__ import annotations

from bisect import insort
from collections.abc import Container, Iterable
from typing import NamedTuple

from solver.draft.day import Stint, blocked_starts
from solver.draft.profile import Profile
from solver.facts import Facts
from solver.facts.slots import span
from solver.solution import Placement


class Placed(NamedTuple):
    """A placed action: its mode, start and units per need."""

    mode: int
    start_slot: int
    units: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, placement: Placement) -> Placed:
        """Take the place of a placement."""
        return cls(placement.mode, placement.start_slot, placement.units)

    def placement(self, action: int) -> Placement:
        """Give this place to an action."""
        return Placement(action, self.mode, self.start_slot, self.units)


class Draft:
    """A plan under change.

    `starts` offers exactly the starts at which an action fits beside everything placed; `put` and `take`
    change the plan.

    Parameters
    ----------
    facts
        The facts of the problem.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        problem = facts.problem
        self.placed: list[Placed | None] = [None] * len(problem.actions)
        self.days: list[list[Stint]] = [[] for _ in problem.units]
        self.profiles = [Profile(resource, facts.horizon_slots) for resource in problem.resources]
        self._versions = [0] * len(problem.units)
        self._unit_starts: dict[tuple[int, int, int], tuple[int, int]] = {}

    # -- questions

    def free_starts(self, unit: int, action: int, mode: int, available: int) -> int:
        """Those of `available` that the unit's day leaves: stints, travel, duty.

        `available` is what `Facts.staff` gives for this unit, action and mode; answers are kept until the day
        changes.
        """
        day = self.days[unit]
        if not day:
            return available
        key = (unit, action, mode)
        known = self._unit_starts.get(key)
        if known is not None and known[0] == self._versions[unit]:
            return known[1]
        facts = self.facts
        duration_slots = facts.durations[action][mode]
        duty = facts.problem.units[unit].duty
        available &= ~blocked_starts(facts, duty, day, facts.sites[action], duration_slots)
        self._unit_starts[key] = (self._versions[unit], available)
        return available

    def need_starts(self, action: int, mode: int, need: int) -> int:
        """Starts at which at least the needed count of candidates is free for one need."""
        count = self.facts.problem.actions[action].modes[mode].unit_needs[need].count
        at_least = [0] * (count + 1)
        for unit, available in self.facts.staff(action, mode, need):
            free = self.free_starts(unit, action, mode, available)
            if free:
                for level in range(count, 1, -1):
                    at_least[level] |= at_least[level - 1] & free
                at_least[1] |= free
        return at_least[count]

    def starts(self, action: int, mode: int, to_come: Container[int] = ()) -> int:
        """Starts that keep every rule for this action, except that needs of one kind may compete for a unit.

        Predecessors in `to_come` are not missed: the caller places them together with the action.
        """
        allowed = self.facts.starts[action][mode]
        if allowed:
            allowed &= self.relation_starts(action, mode, to_come)
        if not allowed:
            return 0
        wanted = self.facts.problem.actions[action].modes[mode]
        for resource, amount, offset_slots, length_slots in self.facts.demands[action][mode]:
            allowed &= ~self.profiles[resource].blocked_starts(amount, offset_slots, length_slots)
        for need in range(len(wanted.unit_needs)):
            if not allowed:
                break
            allowed &= self.need_starts(action, mode, need)
        return allowed

    def relation_starts(self, action: int, mode: int, to_come: Container[int] = ()) -> int:
        """Starts that keep lags and group tolerances towards what is placed; none while a predecessor lacks."""
        facts = self.facts
        low, high = 0, facts.horizon_slots - 1
        for link in facts.links[action]:
            other = self.placed[link.other]
            if other is None:
                if link.required and not link.leads and link.other not in to_come:
                    return 0
                continue
            if link.leads:
                end_slots = facts.durations[action][mode] if link.at_end else 0
                high = min(high, other.start_slot - end_slots - link.min_lag_slots)
                if link.max_lag_slots is not None:
                    low = max(low, other.start_slot - end_slots - link.max_lag_slots)
            else:
                anchor = other.start_slot + (facts.durations[link.other][other.mode] if link.at_end else 0)
                low = max(low, anchor + link.min_lag_slots)
                if link.max_lag_slots is not None:
                    high = min(high, anchor + link.max_lag_slots)
        for group in facts.groups_of[action]:
            tolerance_slots = facts.problem.groups[group].tolerance_slots
            for member in facts.problem.groups[group].actions:
                other = self.placed[member]
                if other is not None and member != action:
                    low = max(low, other.start_slot - tolerance_slots)
                    high = min(high, other.start_slot + tolerance_slots)
        return span(low, high + 1)

    def placements(self) -> tuple[Placement, ...]:
        """The plan as it stands, sorted by action."""
        return tuple(placed.placement(action) for action, placed in enumerate(self.placed) if placed is not None)

    def accepts(self, placement: Placement) -> bool:
        """Whether exactly this placement fits beside everything placed."""
        action, mode = placement.action, placement.mode
        if not 0 <= action < len(self.placed) or not 0 <= mode < len(self.facts.durations[action]):
            return False
        needs = self.facts.problem.actions[action].modes[mode].unit_needs
        if [len(units) for units in placement.units] != [need.count for need in needs]:
            return False
        everyone = placement.all_units()
        if len(set(everyone)) != len(everyone) or not self.starts(action, mode) >> placement.start_slot & 1:
            return False
        for number, units in enumerate(placement.units):
            staff = dict(self.facts.staff(action, mode, number))
            for unit in units:
                free = self.free_starts(unit, action, mode, staff[unit]) if unit in staff else 0
                if not free >> placement.start_slot & 1:
                    return False
        return True

    # -- changes

    def put(self, action: int, placed: Placed) -> None:
        """Place an action that is not placed; the caller has asked `starts` and chosen free units."""
        facts = self.facts
        self.placed[action] = placed
        end_slot = placed.start_slot + facts.durations[action][placed.mode]
        stint = Stint(placed.start_slot, end_slot, facts.sites[action], action)
        for units in placed.units:
            for unit in units:
                insort(self.days[unit], stint)
                self._versions[unit] += 1
        for resource, use in self._uses(action, placed):
            self.profiles[resource].add(*use)

    def take(self, action: int) -> Placed:
        """Take a placed action out and return how it was placed."""
        placed = self.placed[action]
        assert placed is not None
        self.placed[action] = None
        for units in placed.units:
            for unit in units:
                self.days[unit] = [stint for stint in self.days[unit] if stint.action != action]
                self._versions[unit] += 1
        for resource, use in self._uses(action, placed):
            self.profiles[resource].drop(*use)
        return placed

    def load(self, placements: Iterable[Placement]) -> None:
        """Make the plan what is given; what is the same stays."""
        wanted = {placement.action: Placed.of(placement) for placement in placements}
        for action, placed in enumerate(self.placed):
            if placed is not None and wanted.get(action) != placed:
                self.take(action)
        for action, new in wanted.items():
            if self.placed[action] is None:
                self.put(action, new)

    def _uses(self, action: int, placed: Placed) -> Iterable[tuple[int, tuple[int, int, int, int]]]:
        for resource, amount, offset_slots, length_slots in self.facts.demands[action][placed.mode]:
            from_slot = placed.start_slot + offset_slots
            yield resource, (from_slot, from_slot + length_slots, amount, action)
