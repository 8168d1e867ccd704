"""How large an exercise is, and its grid of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

SLOT_MINUTES = 15
DAYS = 6
SLOTS_PER_HOUR = 60 // SLOT_MINUTES
SLOTS_PER_DAY = 24 * SLOTS_PER_HOUR
HORIZON_SLOTS = DAYS * SLOTS_PER_DAY
H_HOUR_SLOT = 28 * SLOTS_PER_HOUR
"""H-hour is on the second day at 04:00 UTC: the first day belongs to travel, watching and single doors."""

START = datetime(2026, 12, 7, tzinfo=UTC)
"""When the operation begins unless the caller says otherwise. It is fixed: the same seed gives the same bytes."""


class Size(StrEnum):
    """The sizes an exercise comes in."""

    SMALL = "small"
    FULL = "full"
    HUGE = "huge"


@dataclass(frozen=True, slots=True)
class Shape:
    """What an exercise of one size holds.

    Attributes
    ----------
    countries
        Countries that take part, each with its agencies, units and resources.
    hosts
        Those of them on whose soil actions are planned.
    actions
        Actions in all, one twentieth of which cannot be placed.
    units
        Units in all.
    sites_per_host
        Sites on each host's soil; where there are more actions, several aim at one site.
    strikes_per_day
        Hours of a day at which groups may strike.
    regional_units, specialised_units
        Coordination units of regions, and specialised units that act in many countries: four and 15, as in 2024.
    """

    countries: int
    hosts: int
    actions: int
    units: int
    sites_per_host: int
    strikes_per_day: int
    regional_units: int = 4
    specialised_units: int = 15

    @property
    def unplaceable(self) -> int:
        """How many actions cannot be placed."""
        return self.actions // 20

    @property
    def planted(self) -> int:
        """How many actions the planted plan places."""
        return self.actions - self.unplaceable


SHAPES: Mapping[Size, Shape] = {
    Size.SMALL: Shape(countries=12, hosts=9, actions=40, units=200, sites_per_host=8, strikes_per_day=1),
    Size.FULL: Shape(countries=116, hosts=60, actions=400, units=2_000, sites_per_host=8, strikes_per_day=2),
    Size.HUGE: Shape(countries=116, hosts=96, actions=10_000, units=20_000, sites_per_host=24, strikes_per_day=6),
}


def hours(number: float) -> int:
    """Give a number of hours in slots.

    >>> hours(1.5)
    6
    """
    return round(number * SLOTS_PER_HOUR)


def instant(start: datetime, slot: int) -> datetime:
    """Give the instant at which a slot begins.

    >>> instant(START, H_HOUR_SLOT).isoformat()
    '2026-12-08T04:00:00+00:00'
    """
    return start + timedelta(minutes=SLOT_MINUTES * slot)
