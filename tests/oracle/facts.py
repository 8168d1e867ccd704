"""What a plan is judged against, as the API serves it: instants in UTC, points in degrees, IANA zones, lengths of time.

Only what is in force is here: the API leaves retired records out. A value that is None was not given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OUT_OF_PLAY = frozenset({"CANCELLED", "ABORTED"})
"""States of actions that have no place in a plan."""

LOCKED = frozenset({"ACTIVATED", "UNDER_WAY", "DONE"})
"""States of actions that stay where the published plan has them, with units that are no longer offered too."""

TOLD = frozenset({"NOTIFIED"})
"""States of actions that stay there as well, while their units are offered."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of WGS 84, in degrees."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open span of time, UTC."""

    start: datetime
    end: datetime

    def holds(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """Whether both share an instant."""
        return self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%dT%H:%MZ}/{self.end:%Y-%m-%dT%H:%MZ}"


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """Units that a mode needs: `count` of `kind`, of `type` or better (smaller), each speaking all `languages`."""

    id: str
    kind: str
    type: int
    count: int
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class ResourceNeed:
    """What a mode takes up of the host country's resources, from `after` its start for the time `held`."""

    kind: str
    language: str | None
    amount: int
    after: timedelta
    held: timedelta


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to do an action."""

    id: str
    name: str
    duration: timedelta
    unit_needs: tuple[UnitNeed, ...]
    resource_needs: tuple[ResourceNeed, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """An action. `point` is its own, else its compound's; `country` its own, else where its compound surely lies."""

    id: str
    name: str
    kind: str
    state: str
    window: Span
    point: Point | None
    country: str | None
    mandatory: bool
    group_id: str | None
    modes: tuple[Mode, ...]
    warrants: tuple[Span, ...]

    @property
    def in_play(self) -> bool:
        """Whether it may be planned at all."""
        return self.state not in OUT_OF_PLAY

    def mode(self, mode_id: str) -> Mode | None:
        """Give one of its modes."""
        return next((mode for mode in self.modes if mode.id == mode_id), None)


@dataclass(frozen=True, slots=True)
class Group:
    """Actions that begin together."""

    id: str
    name: str
    tolerance: timedelta


@dataclass(frozen=True, slots=True)
class Precedence:
    """`after_id` starts at least `min_lag` and at most `max_lag` after the end of `before_id`."""

    before_id: str
    after_id: str
    min_lag: timedelta
    max_lag: timedelta | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. `country` is its agency's; `permitted` lists where it may act, and its own country alone when empty.

    `offers` are the times for which it is offered to the operation; none for one that only a lock binds.
    """

    id: str
    name: str
    kind: str
    type: int
    home: Point
    country: str | None
    permitted: frozenset[str]
    languages: frozenset[str]
    max_duty: timedelta
    min_rest: timedelta
    absences: tuple[Span, ...]
    offers: tuple[Span, ...] = ()

    @property
    def offered(self) -> bool:
        """Whether a participant that has accepted offers it to the operation, at any time."""
        return bool(self.offers)

    @property
    def may_act_in(self) -> frozenset[str]:
        """Countries in which it may act."""
        return self.permitted or (frozenset() if self.country is None else frozenset({self.country}))


@dataclass(frozen=True, slots=True)
class Pool:
    """What a need draws on: resources of one kind and language in one country."""

    country: str
    kind: str
    language: str | None

    def __str__(self) -> str:
        return f"{self.kind}{f' ({self.language})' if self.language else ''} in {self.country}"


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource that is offered to the operation: how much of it there is when, how much of it is offered when (None
    for all there is), and to whom else it is offered.
    """

    id: str
    pool: Pool
    capacities: tuple[tuple[Span, int], ...]
    offers: tuple[tuple[Span, int | None], ...]
    offered_to: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Hours of the local day in which actions of some kinds may not run in a country, in minutes after midnight."""

    country: str
    from_minute: int
    until_minute: int
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another operation's published plan uses: units for a time at a point, and resources."""

    operation_id: str
    action_name: str
    span: Span
    point: Point
    country: str
    unit_ids: frozenset[str]
    resource_needs: tuple[ResourceNeed, ...]


@dataclass(frozen=True, slots=True)
class LockedPlace:
    """Where the operation's published plan has an action that is notified or later.

    `holds_units` says whether it keeps its units even when nobody offers them any more.
    """

    action_id: str
    mode_id: str
    start: datetime
    staffing: Mapping[str, tuple[str, ...]]
    holds_units: bool = True


@dataclass(frozen=True, slots=True)
class Airport:
    """An airport; `icao` is empty where it has no such code."""

    code: str
    icao: str
    name: str
    country: str
    point: Point
    time_zone: str


@dataclass(frozen=True, slots=True)
class Town:
    """A city or town."""

    name: str
    country: str
    point: Point
    population: int
    time_zone: str


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """What travel asks for: airports, towns of 100,000 inhabitants, and the largest of every country.

    Told apart by identity, so that what is worked out from one (the airports that count) can be kept with it.
    """

    airports: tuple[Airport, ...]
    towns: tuple[Town, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """The ground: IANA zones by country; all towns of hosts that keep several zones; airports and large towns."""

    zones: Mapping[str, tuple[str, ...]]
    settled: tuple[Town, ...]
    network: Network


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one operation's plans are judged against."""

    operation_id: str
    span: Span
    h_hour: datetime
    actions: Mapping[str, Action]
    groups: Mapping[str, Group]
    precedences: tuple[Precedence, ...]
    units: Mapping[str, Unit]
    resources: tuple[Resource, ...]
    quiet_hours: tuple[QuietHours, ...]
    gazetteer: Gazetteer
    elsewhere: tuple[Elsewhere, ...] = ()
    locks: Mapping[str, LockedPlace] = field(default_factory=dict)
