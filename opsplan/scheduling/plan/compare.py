"""What differs between two plans of one operation: action by action, with what is known of why, units and rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from opsplan.scheduling.answer import BrokenRule, PlacedAction, PlaceMove, Reason
from opsplan.scheduling.problem.facts import Change, ChangeKind, Fact, changes_between


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


def undone(places: Iterable[PlacedAction], moves: Iterable[PlaceMove]) -> tuple[PlacedAction, ...]:
    """Give a plan's places as they were before edits; their `moves` are given from the last to the first."""
    found = {row.action_id: row for row in places}
    for move in moves:
        found.pop(move.action_id, None)
        if move.before is not None:
            found[move.action_id] = move.before
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Causes:
    """What is known of why plans differ.

    Attributes
    ----------
    by_action
        What was done to an action by hand, or marked of it, already in words; by the action's id.
    changes
        Facts that changed between the runs that made the two plans, by each record that they bear upon.
    tried
        What comes of trying a difference's other place; asked only where nobody moved the action by hand.
    """

    by_action: Mapping[str, tuple[Reason, ...]]
    changes: Mapping[str, tuple[Change, ...]]
    tried: Callable[[Difference], tuple[Reason, ...]] = lambda _: ()

    def of(self, difference: Difference) -> tuple[Reason, ...]:
        """Give the reasons of a difference, at least one.

        By hand, refused or marked as broken; what its other place would break, whom it made room for or what it gains;
        changed facts; or the search.
        """
        by_people = self.by_action.get(difference.action_id, ())
        changed = self._changed(difference)
        enough = any(reason.code in ENOUGH for reason in (*by_people, *changed))
        return (*by_people, *(() if enough else self.tried(difference)), *changed) or (_SEARCH,)

    def _changed(self, difference: Difference) -> tuple[Reason, ...]:
        units = {unit for row in (difference.before, difference.after) if row is not None for unit in row.unit_ids}
        own = self.changes.get(difference.action_id, ())
        came_or_went = [each for each in own if each.id == difference.action_id and each.kind is not ChangeKind.CHANGED]
        # With the action itself come and go its modes and needs: to say so of each would say nothing more.
        told = came_or_went or [*own, *(change for unit in sorted(units) for change in self.changes.get(unit, ()))]
        codes = {ChangeKind.ADDED: ADDED, ChangeKind.REMOVED: WITHDRAWN} if came_or_went else {}
        found = {change.id: _changed(change, codes.get(change.kind, FACT_CHANGED)) for change in told}
        return tuple(found.values())


FACT_CHANGED = "FACT_CHANGED"
ADDED = "ADDED"
WITHDRAWN = "WITHDRAWN"
ENOUGH = frozenset({"EDITED_BY_HAND", "REFUSED_BY_HOST", ADDED, WITHDRAWN})
"""Codes of reasons beside which nothing is tried: people decided so, or the action itself came or went."""


def _changed(change: Change, code: str) -> Reason:
    facts = {"id": change.id, "noun": change.noun, "name": change.name, "kind": str(change.kind)}
    return Reason(code, change.sentence, facts)


_SEARCH = Reason(
    "SEARCH", "Nobody moved it, and nothing of it or of its units has changed: the search found this for the whole."
)


@dataclass(frozen=True, slots=True)
class UnitDifference:
    """A unit whose orders differ from one plan to another; at least one of the lists has something.

    Parameters
    ----------
    unit_id
        Which unit.
    added, dropped, moved
        Ids of the actions that it serves in the second plan alone, in the first alone, and in both at another time.
    before, after
        How many actions it serves in each.
    """

    unit_id: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    moved: tuple[str, ...]
    before: int
    after: int


def unit_differences(first: Iterable[PlacedAction], second: Iterable[PlacedAction]) -> tuple[UnitDifference, ...]:
    """Tell whose orders differ, in the order of the units' ids."""
    before, after = _orders(first), _orders(second)
    found = []
    for unit_id in sorted({*before, *after}):
        old, new = before.get(unit_id, {}), after.get(unit_id, {})
        added, dropped = sorted(set(new) - set(old)), sorted(set(old) - set(new))
        moved = sorted(action for action in set(old) & set(new) if old[action] != new[action])
        if added or dropped or moved:
            found.append(UnitDifference(unit_id, tuple(added), tuple(dropped), tuple(moved), len(old), len(new)))
    return tuple(found)


def _orders(rows: Iterable[PlacedAction]) -> dict[str, dict[str, tuple[datetime, datetime]]]:
    """Give by unit when it serves each of its actions."""
    found: dict[str, dict[str, tuple[datetime, datetime]]] = {}
    for row in rows:
        for unit_id in row.unit_ids:
            found.setdefault(unit_id, {})[row.action_id] = (row.start, row.end)
    return found


@dataclass(frozen=True, slots=True)
class RuleDifference:
    """A rule that one of two plans breaks, or both."""

    broken: BrokenRule
    in_first: bool
    in_second: bool


def rule_differences(first: Iterable[BrokenRule], second: Iterable[BrokenRule]) -> tuple[RuleDifference, ...]:
    """Put the broken rules of two plans side by side, told apart by what they are about."""
    before, after = ({each.mark: each for each in some} for some in (first, second))
    return tuple(
        RuleDifference(after.get(mark) or before[mark], mark in before, mark in after)
        for mark in dict.fromkeys((*before, *after))
    )


def changes_by_record(before: Mapping[str, Fact], after: Mapping[str, Fact]) -> dict[str, tuple[Change, ...]]:
    """Give what changed from one run's facts to another's, by every record that it bears upon.

    A changed absence bears upon its unit, a changed need upon its mode and the mode's action. What belongs to the whole
    operation, such as quiet hours, bears upon the operation alone.
    """
    found: dict[str, list[Change]] = {}
    for change in changes_between(before, after):
        for record_id in _borne_upon(change.id, before, after):
            found.setdefault(record_id, []).append(change)
    return {record_id: tuple(changes) for record_id, changes in found.items()}


def _borne_upon(fact_id: str, before: Mapping[str, Fact], after: Mapping[str, Fact]) -> set[str]:
    found: set[str] = set()
    waiting = [fact_id]
    while waiting:
        record_id = waiting.pop()
        if record_id not in found:
            found.add(record_id)
            for facts in (before, after):
                fact = facts.get(record_id)
                waiting.extend(() if fact is None else fact.belongs_to)
    return found
