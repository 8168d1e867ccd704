"""What a scenario changes of an operation; instants are aware, in UTC, and None leaves a side open."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class UnitAway:
    """A unit cannot be used from `start` until `end`."""

    unit_id: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitAdded:
    """So many further units like one that is offered, with its home, languages, permissions, limits and offers."""

    like_unit_id: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class ResourceChanged:
    """`by` more (negative: fewer) of what a host country has of a kind, from `start` until `end`; never below none."""

    country: str
    kind: str
    by: int
    language: str | None = None
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActionLeftOut:
    """An action does not take place."""

    action_id: str


@dataclass(frozen=True, slots=True)
class ActionWeighed:
    """An action is mandatory, or no longer, or has another priority; None leaves it."""

    action_id: str
    mandatory: bool | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class WindowChanged:
    """An action's window begins or ends at another time, or it is due at another; None leaves it."""

    action_id: str
    start: datetime | None = None
    end: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class WarrantGranted:
    """An action has leave from `start` until `end`, beside the warrants that it has."""

    action_id: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class UnitPermitted:
    """A unit may act in a further country."""

    unit_id: str
    country: str


@dataclass(frozen=True, slots=True)
class HHourMoved:
    """Windows, due times and warrants of all actions, or of those that a country hosts, lie so many minutes later.

    H-hour moves with them when it is the whole operation's. What is ACTIVATED or later stays.
    """

    by_minutes: int
    country: str | None = None


Change: TypeAlias = (
    UnitAway
    | UnitAdded
    | ResourceChanged
    | ActionLeftOut
    | ActionWeighed
    | WindowChanged
    | WarrantGranted
    | UnitPermitted
    | HHourMoved
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A name for people, and what is otherwise than in the records."""

    name: str
    changes: tuple[Change, ...]
