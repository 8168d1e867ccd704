"""What differs between two plans of one operation, action by action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from opsplan.scheduling.answer import PlacedAction


class DifferenceKind(StrEnum):
    """How an action's place differs from the one plan to the other."""

    ADDED = "ADDED"
    """Only the second plan places it."""
    DROPPED = "DROPPED"
    """Only the first plan places it."""
    MOVED = "MOVED"
    """Another start."""
    CHANGED_MODE = "CHANGED_MODE"
    """The same start in another mode."""
    CHANGED_UNITS = "CHANGED_UNITS"
    """The same start and mode with other units."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One action whose place differs.

    Parameters
    ----------
    kind
        The gravest difference: a start before a mode before units.
    action_id
        Which action.
    before, after
        Its places in the first and in the second plan.
    """

    kind: DifferenceKind
    action_id: str
    before: PlacedAction | None
    after: PlacedAction | None

    @property
    def moved_minutes(self) -> int | None:
        """Minutes by which it starts later in the second plan (negative: earlier); None unless both place it."""
        if self.before is None or self.after is None:
            return None
        return (self.after.start - self.before.start) // timedelta(minutes=1)


def differences(first: Iterable[PlacedAction], second: Iterable[PlacedAction]) -> tuple[Difference, ...]:
    """Tell what differs, in the order of the actions' ids; equal places are left out."""
    before = {row.action_id: row for row in first}
    after = {row.action_id: row for row in second}
    found = []
    for action_id in sorted({*before, *after}):
        old, new = before.get(action_id), after.get(action_id)
        kind = _kind(old, new)
        if kind is not None:
            found.append(Difference(kind, action_id, old, new))
    return tuple(found)


def _kind(old: PlacedAction | None, new: PlacedAction | None) -> DifferenceKind | None:
    if old is None:
        return DifferenceKind.ADDED
    if new is None:
        return DifferenceKind.DROPPED
    if old.start != new.start:
        return DifferenceKind.MOVED
    if old.mode_id != new.mode_id:
        return DifferenceKind.CHANGED_MODE
    return None if old.staffing == new.staffing else DifferenceKind.CHANGED_UNITS
