"""Quiet hours of the host countries, as slots."""

from opsplan.geography.local_time import LocalHours, forbidden_intervals
from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.lookup import Lookup
from opsplan.scheduling.problem.snapshot import ReadQuietHours
from opsplan.vocabulary.interval import Interval as Span
from solver import Interval

BOUND_BY_DEFAULT = frozenset({"RAID", "SEARCH"})
"""Kinds of actions that quiet hours bind when their record names none."""


def binds(row: ReadQuietHours, kind: str) -> bool:
    """Whether quiet hours bind actions of that kind."""
    return kind in (row.kinds or BOUND_BY_DEFAULT)


class Quiet:
    """Answers for one operation; each country's record is worked out once per zone."""

    def __init__(self, lookup: Lookup, grid: Grid) -> None:
        self._rows = lookup.quiet_hours
        self._grid = grid
        self._known: dict[tuple[str, str], list[Interval]] = {}

    def slots(self, country: str, kind: str, zone: str) -> list[Interval]:
        """Give the slots of the horizon that quiet hours touch for an action of `kind`, unsorted."""
        return [
            interval for row in self._rows.get(country, ()) if binds(row, kind) for interval in self._of_row(row, zone)
        ]

    def _of_row(self, row: ReadQuietHours, zone: str) -> list[Interval]:
        key = (row.id, zone)
        if key not in self._known:
            self._known[key] = self._computed(row, zone)
        return self._known[key]

    def _computed(self, row: ReadQuietHours, zone: str) -> list[Interval]:
        horizon = self._grid.horizon
        if horizon is None:
            return []
        whole = Span(self._grid.instant(horizon.start_slot), self._grid.instant(horizon.end_slot))
        hours = LocalHours.parse(row.from_local, row.until_local)
        touched = (self._grid.outward(each.start, each.end) for each in forbidden_intervals(zone, hours, whole))
        return [interval for interval in touched if interval is not None]
