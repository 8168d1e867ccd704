"""One operation as it stood at one moment: everything that a schedule of it depends on.

Each entry carries the id and version of its record. Instants are aware, in UTC; points are (longitude, latitude);
countries are ISO 3166-1 alpha-2 codes. Tuples are sorted by name, then id, so that equal graphs give equal problems.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from opsplan.deconfliction.rules.holds import Spell

Point: TypeAlias = tuple[float, float]
"""Longitude and latitude in degrees (WGS 84)."""


@dataclass(frozen=True, slots=True)
class ReadOperation:
    """The operation itself."""

    id: str
    version: int
    name: str
    h_hour: datetime
    start: datetime
    end: datetime
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class ReadAction:
    """An action in play (neither cancelled nor aborted); `point` and `country` are None where nobody gave them."""

    id: str
    version: int
    name: str
    kind: str
    state: str
    point: Point | None
    country: str | None
    window_start: datetime
    window_end: datetime
    due: datetime | None = None
    priority: int = 100
    mandatory: bool = False
    expected_victims: int = 0
    group_id: str | None = None
    owner_id: str = ""


@dataclass(frozen=True, slots=True)
class ReadMode:
    """One way to do an action."""

    id: str
    version: int
    name: str
    action_id: str
    duration_minutes: int
    cost: int = 0


@dataclass(frozen=True, slots=True)
class ReadUnitNeed:
    """Units that a mode needs."""

    id: str
    version: int
    mode_id: str
    kind: str
    type: int
    count: int
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadResourceNeed:
    """An amount of a resource of the host country that a mode takes up."""

    id: str
    version: int
    mode_id: str
    kind: str
    language: str | None
    amount: int
    after_start_minutes: int
    held_minutes: int


@dataclass(frozen=True, slots=True)
class ReadGroup:
    """A simultaneity group."""

    id: str
    version: int
    name: str
    tolerance_minutes: int


@dataclass(frozen=True, slots=True)
class ReadPrecedence:
    """One action before another. `before_name` and `before_state` serve where `before_id` is not in play here."""

    id: str
    version: int
    before_id: str
    after_id: str
    before_name: str
    before_state: str
    min_lag_minutes: int
    max_lag_minutes: int | None


@dataclass(frozen=True, slots=True)
class ReadWarrant:
    """Leave for an action during a time."""

    id: str
    version: int
    action_id: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """A unit offered to the operation at some time, or bound by a lock.

    `country` is its agency's; None for an international one.
    """

    id: str
    version: int
    name: str
    kind: str
    type: int
    home: Point
    country: str | None
    permitted: tuple[str, ...]
    languages: tuple[str, ...]
    max_duty_minutes: int
    min_rest_minutes: int
    cost_per_hour: int = 0
    offered: bool = True


@dataclass(frozen=True, slots=True)
class ReadUnitOffer:
    """From when until when a participant that has accepted offers a unit; None for no bound. `id` is the offer's.

    `name` is the code of the agency that offers.
    """

    id: str
    version: int
    name: str
    unit_id: str
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReadResourceOffer:
    """From when until when, and how much of, a participant offers a resource; `amount` is None for all there is.

    `id` is the offer's, `name` the code of the agency that offers.
    """

    id: str
    version: int
    name: str
    resource_id: str
    start: datetime | None = None
    end: datetime | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class ReadAbsence:
    """A time in which a unit cannot be used."""

    id: str
    version: int
    unit_id: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ReadResource:
    """A resource offered to the operation, at some time."""

    id: str
    version: int
    name: str
    kind: str
    language: str | None
    country: str


@dataclass(frozen=True, slots=True)
class ReadCapacity:
    """How much of a resource there is in a time."""

    id: str
    version: int
    resource_id: str
    start: datetime
    end: datetime
    amount: int


@dataclass(frozen=True, slots=True)
class ReadQuietHours:
    """Local hours in which actions of some kinds may not run in a country; times as ``HH:MM``."""

    id: str
    version: int
    country: str
    from_local: str
    until_local: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadUnitClaim:
    """A unit's use by another operation's published plan; `id` is the planned action's."""

    id: str
    version: int
    unit_id: str
    operation_name: str
    action_name: str
    point: Point
    country: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ReadResourceClaim:
    """A use of a shared pool by another operation's published plan; `id` is the planned action's."""

    id: str
    version: int
    operation_name: str
    action_name: str
    country: str
    kind: str
    language: str | None
    amount: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim of somebody else that all who read the operation may read.

    `outline` is JSON as it is stored: corners of longitude and latitude; where it is None, the area is the circle.
    `settled_with` are actions of the operation whose conflict with it both sides have settled so that both go ahead.
    """

    id: str
    version: int
    name: str
    owner_id: str
    kind: str
    location: Point
    radius_m: float
    outline: str | None
    start: datetime
    end: datetime
    settled_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadBlindNotice:
    """A notice that something hidden is near a claim of the operation; all but its id is that of its own claim.

    `is_open` tells whether that claim is; `resolution` and `hours` are those of the cells by which hidden claims are
    compared.
    """

    id: str
    version: int
    name: str
    claim_id: str
    kind: str
    location: Point
    radius_m: float
    outline: str | None
    start: datetime
    end: datetime
    resolution: int
    hours: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class ReadUnitUse:
    """A unit's use by a bare claim that all who read the operation may read; `id` is the claim's."""

    id: str
    unit_id: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ReadPoolUse:
    """What claims of others hold of a country's pool, those that all who read the operation may read.

    `held` and `available` are spells: from when until when, exclusive, how much; both add up.
    """

    country: str
    kind: str
    language: str | None
    held: tuple[Spell, ...]
    available: tuple[Spell, ...]


@dataclass(frozen=True, slots=True)
class ReadSeparation:
    """A rule for how far apart two kinds of actions of different owners have to be."""

    first: str
    second: str
    version: int
    distance_m: int
    buffer_minutes: int
    severity: str


@dataclass(frozen=True, slots=True)
class ReadLock:
    """Where a plan has an action that must stay there, or should.

    `staffing` lists, per unit need of the mode (by the need's id), the units that fill it.
    """

    id: str
    version: int
    action_id: str
    mode_id: str
    start: datetime
    staffing: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """The operation's published plan."""

    id: str
    version: int
    name: str


@dataclass(frozen=True, slots=True)
class ReadRefusal:
    """An action that an approving authority refuses, with its reason."""

    action_id: str
    authority: str
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All of it, as of the commit of number `commit`.

    `locks` are places of the published plan whose actions are ACTIVATED or later, `told` those whose actions are
    NOTIFIED. `pins`, `frozen`, `earlier` and `refused` are of the plan that a schedule is made from, for that one
    schedule: places that are pinned, places before `frozen_until`, places that are to change as little as possible, and
    what is left out. None of these but locks are facts.
    `claims` are those that keep some action away, and `separations` the rules by which they do; `unit_uses` and
    `pool_uses` are what claims take of units and pools. They are no facts either: what a plan comes too near to is
    told, and the keys asked for, when it is published.
    Of a part of an operation, `all_places` are the places (point and host country) of all its actions in play.
    """

    commit: int
    operation: ReadOperation
    actions: tuple[ReadAction, ...] = ()
    modes: tuple[ReadMode, ...] = ()
    unit_needs: tuple[ReadUnitNeed, ...] = ()
    resource_needs: tuple[ReadResourceNeed, ...] = ()
    groups: tuple[ReadGroup, ...] = ()
    precedences: tuple[ReadPrecedence, ...] = ()
    warrants: tuple[ReadWarrant, ...] = ()
    units: tuple[ReadUnit, ...] = ()
    unit_offers: tuple[ReadUnitOffer, ...] = ()
    absences: tuple[ReadAbsence, ...] = ()
    resources: tuple[ReadResource, ...] = ()
    resource_offers: tuple[ReadResourceOffer, ...] = ()
    capacities: tuple[ReadCapacity, ...] = ()
    quiet_hours: tuple[ReadQuietHours, ...] = ()
    unit_claims: tuple[ReadUnitClaim, ...] = ()
    resource_claims: tuple[ReadResourceClaim, ...] = ()
    locks: tuple[ReadLock, ...] = ()
    told: tuple[ReadLock, ...] = ()
    pins: tuple[ReadLock, ...] = ()
    frozen: tuple[ReadLock, ...] = ()
    frozen_until: datetime | None = None
    earlier: tuple[ReadLock, ...] = ()
    refused: tuple[ReadRefusal, ...] = ()
    claims: tuple[ReadClaim, ...] = ()
    blind_notices: tuple[ReadBlindNotice, ...] = ()
    separations: tuple[ReadSeparation, ...] = ()
    unit_uses: tuple[ReadUnitUse, ...] = ()
    pool_uses: tuple[ReadPoolUse, ...] = ()
    published: tuple[ReadPlan, ...] = ()
    all_places: tuple[tuple[Point, str | None], ...] | None = None

    def without_claims(self) -> "Snapshot":
        """Give the same, as if nobody else claimed anything."""
        return replace(self, claims=(), blind_notices=(), unit_uses=(), pool_uses=())
