"""Which records a snapshot read, in which version, and what of two snapshots differs.

A fact's digest covers exactly what the problem is made from: a renamed unit, a new source or a step from DRAFT to
COORDINATED changes a record's version but no fact, so it stands in nobody's way.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from opsplan.operations.states import LOCKED
from opsplan.scheduling.problem import snapshot as snapshot_rows
from opsplan.scheduling.problem.snapshot import ReadAction, Snapshot
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class Fact:
    """A record that the problem depends on.

    Parameters
    ----------
    id, noun, name, version
        Of the record; a child without a name (an absence) is named after what it belongs to.
    digest
        SHA-256 of what was read of it, 64 hexadecimal digits.
    belongs_to
        Ids of the records that it tells something about; empty for what stands by itself (units, resources).
    """

    id: str
    noun: str
    name: str
    version: int
    digest: str
    belongs_to: tuple[str, ...] = ()


class ChangeKind(StrEnum):
    """What happened to a fact."""

    CHANGED = "CHANGED"
    ADDED = "ADDED"
    REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that differs from what the plan's problem read; `version` is the one last seen."""

    kind: ChangeKind
    id: str
    noun: str
    name: str
    version: int

    @property
    def sentence(self) -> str:
        """Say it in words."""
        done = {
            ChangeKind.CHANGED: say("has changed since the plan was made"),
            ChangeKind.ADDED: say("has been added since the plan was made"),
            ChangeKind.REMOVED: say("no longer counts: it was retired, withdrawn or put out of play"),
        }[self.kind]
        return say("{noun} {name} {done}.", noun=self.noun, name=self.name, done=done)


# What of a record makes no difference to the problem beyond what else is read.
_NO_FACT = frozenset(
    {"id", "version", "name", "action_name", "operation_name", "before_name", "before_state", "state", "owner_id"}
)


def facts_of(snapshot: Snapshot) -> dict[str, Fact]:
    """Give every record that the snapshot read, by id.

    A planned action of another operation may be read several times (for each unit, for each pool): it is one fact.
    """
    names = _Names(snapshot)
    found: dict[str, _Gathered] = {}
    for noun, rows, name_of, parents_of in names.tables():
        for row in rows:
            gathered = found.setdefault(row.id, _Gathered(noun, name_of(row), row.version, [], set()))
            gathered.contents.append(f"{type(row).__name__}{_content(row)!r}")
            gathered.parents.update(parents_of(row))
    return {
        record_id: Fact(
            record_id,
            each.noun,
            each.name,
            each.version,
            hashlib.sha256("\n".join(sorted(each.contents)).encode()).hexdigest(),
            tuple(sorted(each.parents)),
        )
        for record_id, each in found.items()
    }


def changes_between(read: Mapping[str, Fact], now: Mapping[str, Fact]) -> tuple[Change, ...]:
    """Tell what differs now from what was `read`, sorted by noun, name and id.

    What was added counts only where it tells something about a record that was read (an absence of a read unit, an
    action of the operation): a newly offered unit takes nothing away from the plan.
    """
    changes = [
        Change(ChangeKind.REMOVED, fact.id, fact.noun, fact.name, fact.version)
        for fact in read.values()
        if fact.id not in now
    ]
    for fact in now.values():
        before = read.get(fact.id)
        if before is None:
            if any(parent in read for parent in fact.belongs_to):
                changes.append(Change(ChangeKind.ADDED, fact.id, fact.noun, fact.name, fact.version))
        elif before.digest != fact.digest:
            changes.append(Change(ChangeKind.CHANGED, fact.id, fact.noun, fact.name, fact.version))
    return tuple(sorted(changes, key=lambda change: (change.noun, change.name, change.id)))


@dataclass(slots=True)
class _Gathered:
    noun: str
    name: str
    version: int
    contents: list[str]
    parents: set[str]


_Table = tuple[str, Iterable[Any], Callable[[Any], str], Callable[[Any], Iterable[str]]]


class _Names:
    """How each kind of record is called, and what it belongs to."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._action = {row.id: row.name for row in snapshot.actions}
        self._mode = {row.id: row.name for row in snapshot.modes}
        self._unit = {row.id: row.name for row in snapshot.units}
        self._resource = {row.id: row.name for row in snapshot.resources}

    def tables(self) -> Iterable[_Table]:
        read, whole = self._snapshot, self._snapshot.operation.id
        return (
            ("Operation", (read.operation,), lambda row: row.name, lambda _: ()),
            ("Action", read.actions, lambda row: row.name, lambda _: (whole,)),
            ("ActionMode", read.modes, lambda row: row.name, lambda row: (row.action_id,)),
            ("UnitNeed", read.unit_needs, self._need, lambda row: (row.mode_id,)),
            ("ResourceNeed", read.resource_needs, self._need, lambda row: (row.mode_id,)),
            ("SimultaneityGroup", read.groups, lambda row: row.name, lambda _: (whole,)),
            ("Precedence", read.precedences, self._precedence, lambda row: (row.after_id, row.before_id)),
            ("Warrant", read.warrants, lambda row: f"for {self._action[row.action_id]}", lambda row: (row.action_id,)),
            ("Unit", read.units, lambda row: row.name, lambda _: ()),
            ("Offer", read.unit_offers, _offer, lambda row: (row.unit_id,)),
            ("UnitAbsence", read.absences, lambda row: f"of {self._unit[row.unit_id]}", lambda row: (row.unit_id,)),
            ("Resource", read.resources, lambda row: row.name, lambda _: ()),
            ("Offer", read.resource_offers, _offer, lambda row: (row.resource_id,)),
            ("Capacity", read.capacities, self._capacity, lambda row: (row.resource_id,)),
            ("QuietHours", read.quiet_hours, lambda row: f"of {row.country}", lambda _: (whole,)),
            ("PlannedAction", read.unit_claims, _claim, lambda row: (row.unit_id,)),
            ("PlannedAction", read.resource_claims, _claim, lambda _: (whole,)),
            ("PlannedAction", read.locks, self._lock, lambda row: (row.action_id,)),
            ("Plan", read.published, lambda row: row.name, lambda _: (whole,)),
        )

    def _need(self, row: Any) -> str:
        return f"{row.kind} of {self._mode[row.mode_id]}"

    def _lock(self, row: Any) -> str:
        return f"of {self._action[row.action_id]} in the published plan"

    def _precedence(self, row: Any) -> str:
        return f"{row.before_name} before {self._action[row.after_id]}"

    def _capacity(self, row: Any) -> str:
        return f"of {self._resource[row.resource_id]}"


def _offer(row: Any) -> str:
    return f"by {row.name}"


def _claim(row: Any) -> str:
    return f"{row.action_name} of operation {row.operation_name}"


_TELLING = {
    kind: tuple(each.name for each in fields(kind) if each.name not in _NO_FACT)
    for kind in vars(snapshot_rows).values()
    if isinstance(kind, type) and is_dataclass(kind)
}
"""By kind of row: names of the fields that are facts."""


def _content(row: Any) -> tuple[Any, ...]:
    values = tuple(getattr(row, name) for name in _TELLING[type(row)])
    # Of an action's state only this matters: whether it is a lock.
    return (*values, row.state in LOCKED) if isinstance(row, ReadAction) else values
