"""The exercise in the making: nouns that can still change, in slots of 15 minutes, before they become rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from opsplan.exercise.ground import Place
from opsplan.exercise.obstacle import Obstacle
from opsplan.operations.model import ActionKind, ResourceKind, UnitKind

OpenSlots = tuple[int, int]
"""``[first, last)`` slots."""


class Part(StrEnum):
    """What an action is to a search that takes the earliest start: nothing of it reaches the rows."""

    PLAIN = "PLAIN"
    LURE = "LURE"
    """It could start early, and must not: it would take what a later, tighter action cannot do without."""
    PREY = "PREY"
    """It is lost when the lure of its cell starts early."""


class Tightness(StrEnum):
    """What keeps a prey at its time."""

    WINDOW = "WINDOW"
    WARRANT = "WARRANT"
    CALENDAR = "CALENDAR"
    """Its window is wide, and the one unit that can do it is there only then."""


@dataclass(frozen=True, slots=True)
class Stint:
    """A unit's use in the planted plan."""

    start: int
    end: int
    place: Place


@dataclass(slots=True, eq=False)
class Team:
    """A unit in the making.

    Attributes
    ----------
    country
        Its agency's country.
    calendar
        When it can be used; None until it is drawn round its stints.
    specialised
        Number of the specialised unit that it is, if it is one.
    max_duty, min_rest
        In slots; 0 until they are drawn round its stints.
    """

    number: int
    kind: UnitKind
    type: int
    home: Place
    country: str
    permitted: tuple[str, ...]
    languages: tuple[str, ...] = ()
    calendar: OpenSlots | None = None
    specialised: int | None = None
    stints: list[Stint] = field(default_factory=list)
    max_duty: int = 0
    min_rest: int = 0
    cost_per_hour: int = 0


@dataclass(slots=True, eq=False)
class Need:
    """Units that a way needs, and the teams that the planted plan gives it."""

    kind: UnitKind
    type: int
    languages: tuple[str, ...] = ()
    count: int = 1
    teams: list[Team] = field(default_factory=list)
    early: bool = False
    """Whether its teams must be there from the begin of the action's window: else a lure would not tempt."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Which resource: host country, kind, and language (empty for none)."""

    country: str
    kind: ResourceKind
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reserve:
    """What a cell needs of a pool at its fullest."""

    cell: int
    amount: int


@dataclass(frozen=True, slots=True)
class Hold:
    """An amount of a pool during ``[start + offset, start + offset + length)``."""

    pool: Pool
    amount: int
    offset: int
    length: int


@dataclass(slots=True, eq=False)
class Way:
    """A mode: its needs, its holds, how long it takes and what it costs."""

    duration: int
    needs: list[Need]
    holds: list[Hold] = field(default_factory=list)
    cost: int = 0


@dataclass(slots=True, eq=False)
class Task:
    """An action in the making.

    Attributes
    ----------
    number
        Its place in the order of making.
    cell
        The cell that it belongs to: a network's affairs in one or several countries.
    start
        Its start in the planted plan; None when it cannot be placed.
    ways
        Its modes; `way` is the one that the planted plan takes.
    window, due, warrants
        In slots, as in the noun.
    """

    number: int
    cell: int
    kind: ActionKind
    place: Place
    start: int | None
    ways: list[Way]
    window: OpenSlots
    part: Part = Part.PLAIN
    planted_way: int = 0
    due: int | None = None
    warrants: list[OpenSlots] = field(default_factory=list)
    weight: int = 100
    mandatory: bool = False
    victims: int = 0
    obstacle: Obstacle | None = None

    @property
    def host(self) -> str:
        """Code of the host country."""
        return self.place.country

    @property
    def way(self) -> Way:
        """The way that the planted plan takes."""
        return self.ways[self.planted_way]

    @property
    def end(self) -> int:
        """First slot after the action in the planted plan."""
        assert self.start is not None
        return self.start + self.way.duration

    @property
    def foreign(self) -> bool:
        """Whether the planted plan gives it a unit of another country."""
        return any(team.country != self.host for need in self.way.needs for team in need.teams)


@dataclass(slots=True, eq=False)
class Strike:
    """A simultaneity group."""

    tasks: list[Task]
    tolerance: int


@dataclass(frozen=True, slots=True)
class Order:
    """A precedence; lags in slots."""

    before: Task
    after: Task
    min_lag: int
    max_lag: int | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What an agency that plans elsewhere claims at the site of a task, from slot `first` until `last`."""

    task: Task
    first: int
    last: int
    radius_m: int


@dataclass(slots=True, eq=False)
class World:
    """Everything that is planned."""

    tasks: list[Task] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    strikes: list[Strike] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    capacities: dict[Pool, list[tuple[int, int, int]]] = field(default_factory=dict)
    """Per pool: (first slot, last slot, amount)."""
    reserved: dict[Pool, Reserve] = field(default_factory=dict)
    """Pools round which a cell is built."""
    elsewhere: list[Elsewhere] = field(default_factory=list)

    def planted(self) -> Iterator[Task]:
        """The tasks that the planted plan places."""
        return (task for task in self.tasks if task.start is not None)
