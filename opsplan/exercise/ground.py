"""The real ground under the exercise: places, ways between them, and quiet hours, in slots of 15 minutes.

Ways are those that the translator gives the solver, rounded up to the exercise's coarser slots; so a plan that keeps
them here keeps them there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from opsplan.exercise.shape import DAYS, HORIZON_SLOTS, SLOT_MINUTES, instant
from opsplan.geography.local_time import LocalHours, forbidden_intervals
from opsplan.operations.model import ActionKind
from opsplan.scheduling.problem.lookup import Lookup
from opsplan.scheduling.problem.snapshot import ReadAction, ReadOperation, Snapshot
from opsplan.scheduling.problem.ways import make_ways
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.place import GeoPoint

_SLOT = timedelta(minutes=SLOT_MINUTES)


@dataclass(frozen=True, slots=True)
class Place:
    """A point where actions happen or units are at home; `number` is its place in the ground's list."""

    number: int
    longitude: float
    latitude: float
    country: str
    zone: str
    city: str

    @property
    def point(self) -> GeoPoint:
        """Where it is."""
        return GeoPoint(self.longitude, self.latitude)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local hours, as ``HH:MM``, in which actions of some kinds may not run."""

    from_local: str
    until_local: str
    kinds: tuple[ActionKind, ...]


class Ground:
    """Answers how long ways are and when actions may run.

    Parameters
    ----------
    start
        When slot 0 begins.
    places
        All places there are, by number.
    quiet
        Quiet hours by country.
    """

    def __init__(self, start: datetime, places: Sequence[Place], quiet: Mapping[str, Quiet]) -> None:
        self._start = start
        self._quiet_by_country = quiet
        self._quiet: dict[tuple[str, str], tuple[tuple[int, int], ...]] = {}
        snapshot = _snapshot(start, places)
        ways = make_ways(snapshot, Lookup(snapshot))
        self._sites, self._travel = ways.sites, ways.travel
        self._site_of = [ways.site_of_action[str(place.number)] for place in places]
        self._ways: dict[tuple[int, int], int | None] = {}

    def way(self, origin: Place, destination: Place) -> int | None:
        """Give the slots of the way between two places, rounded up; None when there is none."""
        key = (origin.number, destination.number)
        if key not in self._ways:
            minutes = self._travel.minutes(self._sites, self._site_of[key[0]], self._site_of[key[1]])
            self._ways[key] = None if minutes is None else -(-minutes // SLOT_MINUTES)
        return self._ways[key]

    def quiet(self, place: Place, kind: ActionKind) -> tuple[tuple[int, int], ...]:
        """Give the slots, as ``[first, last)``, that quiet hours touch for actions of that kind there."""
        rule = self._quiet_by_country.get(place.country)
        if rule is None or kind not in rule.kinds:
            return ()
        key = (place.country, place.zone)
        if key not in self._quiet:
            within = Interval(self._start - timedelta(days=1), instant(self._start, HORIZON_SLOTS) + timedelta(days=1))
            hours = LocalHours.parse(rule.from_local, rule.until_local)
            self._quiet[key] = tuple(
                ((night.start - self._start) // _SLOT, -((self._start - night.end) // _SLOT))
                for night in forbidden_intervals(place.zone, hours, within)
            )
        return self._quiet[key]

    def is_clear(self, place: Place, kind: ActionKind, first: int, duration: int) -> bool:
        """Whether an action that starts in slot `first` touches no quiet hours."""
        return all(last <= first or first + duration <= start for start, last in self.quiet(place, kind))


def _snapshot(start: datetime, places: Sequence[Place]) -> Snapshot:
    """An operation with an action at every place: what the translator needs to tell the ways."""
    end = start + timedelta(days=DAYS)
    return Snapshot(
        commit=0,
        operation=ReadOperation("operation", 1, "ways", start, start, end),
        actions=tuple(
            ReadAction(
                id=str(place.number),
                version=1,
                name=str(place.number),
                kind=ActionKind.RAID.value,
                state="DRAFT",
                point=(place.longitude, place.latitude),
                country=place.country,
                window_start=start,
                window_end=end,
            )
            for place in places
        ),
    )
