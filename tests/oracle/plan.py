"""A plan, as the API serves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Placement:
    """Where, when and with whom one action runs.

    Parameters
    ----------
    action_id, mode_id
        Which action, in which of its modes.
    start, end
        Instants, UTC, half-open.
    staffing
        By the id of a unit need: the ids of the units that fill it.
    unit_ids
        All its units, as the plan's relation lists them.
    local_start, time_zone, h_offset_minutes
        What the plan tells people: the start on the site's clock (with offset), the site's IANA zone, and minutes
        from H-hour.
    """

    action_id: str
    mode_id: str
    start: datetime
    end: datetime
    staffing: Mapping[str, tuple[str, ...]]
    unit_ids: tuple[str, ...]
    local_start: datetime
    time_zone: str
    h_offset_minutes: int

    @property
    def staff(self) -> tuple[str, ...]:
        """Every unit of every need, as often as it is listed."""
        return tuple(unit for units in self.staffing.values() for unit in units)


@dataclass(frozen=True, slots=True)
class Plan:
    """All places of one plan, and how it is labelled."""

    id: str
    number: int
    state: str
    operation_id: str
    placements: tuple[Placement, ...]
