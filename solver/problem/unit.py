"""Units: what can be sent."""

from __future__ import annotations

from dataclasses import dataclass

from solver.problem.interval import Interval, check_merged
from solver.problem.limits import (
    LARGEST_AMOUNT,
    LARGEST_SLOT,
    check_distinct,
    check_integer,
    check_name,
)


@dataclass(frozen=True, slots=True)
class DutyLimit:
    """How long a unit may be on duty before it must rest.

    Two consecutive actions of a unit are parted by rest when, after travel, at least `min_rest_slots` are
    free between them. A duty block is a longest run of consecutive actions none of which are parted by rest;
    it lasts from the start of its first to the end of its last action, travel and waiting inside included,
    and at most `max_duty_slots`.

    Parameters
    ----------
    max_duty_slots
        Longest duty block, in slots.
    min_rest_slots
        Shortest rest between two duty blocks, in slots, travel not counted as rest.
    """

    max_duty_slots: int
    min_rest_slots: int

    def __post_init__(self) -> None:
        check_integer("max_duty_slots", self.max_duty_slots, 1, LARGEST_SLOT)
        check_integer("min_rest_slots", self.min_rest_slots, 0, LARGEST_SLOT)


@dataclass(frozen=True, slots=True)
class Unit:
    """A team, aircraft crew or laboratory that serves one action at a time.

    Parameters
    ----------
    name
        For messages only.
    kind
        Index in `Problem.unit_kinds`.
    type
        NIMS type, 1 the most capable: a unit of type t fills every need of type t or a larger number.
    home
        Index of the site where the unit is at the first slot of each of its availability intervals.
    owner
        Index of the country that the unit belongs to (for the burden goal).
    permitted
        Indices of the countries where it may act. The owner is not implied: name it where it holds.
    skills
        Indices in `Problem.skills`.
    availability
        When the unit may be used, sorted and merged; an action with its way from home must fit inside one of
        them. The start may be negative (ready before the epoch).
    duty
        Limit on duty and rest; None for none.
    cost_per_slot
        Cost of each slot in action or on the road.
    """

    name: str
    kind: int
    type: int
    home: int
    owner: int
    permitted: tuple[int, ...]
    availability: tuple[Interval, ...]
    skills: tuple[int, ...] = ()
    duty: DutyLimit | None = None
    cost_per_slot: int = 0

    def __post_init__(self) -> None:
        check_name("name", self.name)
        check_integer("kind", self.kind, 0, LARGEST_AMOUNT)
        check_integer("type", self.type, 1, 9)
        check_integer("home", self.home, 0, LARGEST_AMOUNT)
        check_integer("owner", self.owner, 0, LARGEST_AMOUNT)
        check_distinct("permitted", self.permitted)
        check_distinct("skills", self.skills)
        check_merged("availability", self.availability)
        check_integer("cost_per_slot", self.cost_per_slot, 0, LARGEST_AMOUNT)
