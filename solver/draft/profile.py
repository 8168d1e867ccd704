"""What remains of a resource over time."""

from __future__ import annotations

from solver.facts.slots import span
from solver.problem import Resource

_BEFORE_TIME = -(1 << 24)
_AFTER_TIME = 1 << 24


class Profile:
    """The uses of one resource in a draft.

    Parameters
    ----------
    resource
        Gives the capacity.
    horizon_slots
        Starts lie before it.
    """

    def __init__(self, resource: Resource, horizon_slots: int) -> None:
        self._horizon_slots = horizon_slots
        self._steps = [
            (step.from_slot if resource.renewable else _BEFORE_TIME, step.capacity) for step in resource.steps
        ]
        self.uses: list[tuple[int, int, int, int]] = []
        """(from_slot, until_slot, amount, action) of every placed need."""
        self.version = 0
        """Changes whenever the uses do."""
        self._segments: list[tuple[int, int, int]] | None = None
        self._blocked: dict[tuple[int, int, int], int] = {}

    def add(self, from_slot: int, until_slot: int, amount: int, action: int) -> None:
        """Count a use in."""
        self.uses.append((from_slot, until_slot, amount, action))
        self._forget()

    def drop(self, from_slot: int, until_slot: int, amount: int, action: int) -> None:
        """Take a use out again."""
        self.uses.remove((from_slot, until_slot, amount, action))
        self._forget()

    def _forget(self) -> None:
        self.version += 1
        self._segments = None
        self._blocked.clear()

    def segments(self) -> list[tuple[int, int, int]]:
        """Return (from_slot, until_slot, remaining amount) over all time; may be negative only in a locked draft."""
        if self._segments is None:
            change: dict[int, int] = {_BEFORE_TIME: 0}
            before = 0
            for slot, offered in self._steps:
                change[slot] = change.get(slot, 0) + offered - before
                before = offered
            for from_slot, until_slot, amount, _ in self.uses:
                change[from_slot] = change.get(from_slot, 0) - amount
                change[until_slot] = change.get(until_slot, 0) + amount
            slots = sorted(change)
            segments, remaining = [], 0
            for slot, following in zip(slots, [*slots[1:], _AFTER_TIME], strict=True):
                remaining += change[slot]
                segments.append((slot, following, remaining))
            self._segments = segments
        return self._segments

    def remaining_at(self, slot: int) -> int:
        """What remains at a slot."""
        return next(remaining for from_slot, until_slot, remaining in self.segments() if from_slot <= slot < until_slot)

    def blocked_starts(self, amount: int, offset_slots: int, length_slots: int) -> int:
        """Return the starts of an action whose need of this amount, offset and length does not fit any more."""
        key = (amount, offset_slots, length_slots)
        known = self._blocked.get(key)
        if known is None:
            known = 0
            reach_slots = offset_slots + length_slots
            for from_slot, until_slot, remaining in self.segments():
                if remaining < amount:
                    known |= span(from_slot - reach_slots + 1, min(until_slot - offset_slots, self._horizon_slots))
            self._blocked[key] = known
        return known
