"""Actions: what is to be placed, in one of several modes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.errors import InvalidProblem
from solver.problem.interval import Interval, check_merged
from solver.problem.limits import (
    LARGEST_AMOUNT,
    LARGEST_COST,
    LARGEST_SLOT,
    check_distinct,
    check_integer,
    check_name,
)


@dataclass(frozen=True, slots=True)
class UnitNeed:
    """`count` different units of one kind, each of type `type` or better (smaller) and each with all of
    `skills`.

    Parameters
    ----------
    kind
        Index in `Problem.unit_kinds`.
    type
        The least capable NIMS type that will do: a need of type 2 is filled by types 1 and 2.
    count
        How many units, all different from one another and from those of the mode's other needs.
    skills
        Indices in `Problem.skills` that every one of them must have.
    """

    kind: int
    type: int
    count: int
    skills: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        check_integer("kind", self.kind, 0, LARGEST_AMOUNT)
        check_integer("type", self.type, 1, 9)
        check_integer("count", self.count, 1, 1_000)
        check_distinct("skills", self.skills)


@dataclass(frozen=True, slots=True)
class ResourceNeed:
    """`amount` of a resource during ``[start + offset_slots, start + offset_slots + length_slots)``.

    The interval is counted from the action's start and may reach beyond its end and beyond the horizon: beds
    on the following days are an offset of the duration and a length of days. Of a resource that is used up the amount
    counts once, whatever the interval.
    """

    resource: int
    amount: int
    offset_slots: int
    length_slots: int

    def __post_init__(self) -> None:
        check_integer("resource", self.resource, 0, LARGEST_AMOUNT)
        check_integer("amount", self.amount, 1, LARGEST_COST)
        check_integer("offset_slots", self.offset_slots, -LARGEST_SLOT, LARGEST_SLOT)
        check_integer("length_slots", self.length_slots, 1, LARGEST_SLOT)


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to carry the action out: a team, how long it takes, what it uses and costs.

    The action holds all units of all its needs from its start to its end.
    """

    duration_slots: int
    unit_needs: tuple[UnitNeed, ...] = ()
    resource_needs: tuple[ResourceNeed, ...] = ()
    cost: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        check_integer("duration_slots", self.duration_slots, 1, LARGEST_SLOT)
        check_integer("cost", self.cost, 0, LARGEST_COST)


@dataclass(frozen=True, slots=True)
class Lock:
    """What is already decided: the action must be placed, with what is given here; what is None stays free.

    Parameters
    ----------
    start_slot
        The only allowed start.
    mode
        The only allowed mode, an index in the action's modes.
    units
        The only allowed units: one tuple per unit need of that mode, in any order inside; needs `mode`.
    """

    start_slot: int | None = None
    mode: int | None = None
    units: tuple[tuple[int, ...], ...] | None = None

    def __post_init__(self) -> None:
        if self.start_slot is not None:
            check_integer("start_slot", self.start_slot, 0, LARGEST_SLOT)
        if self.mode is not None:
            check_integer("mode", self.mode, 0, LARGEST_AMOUNT)
        if self.units is not None and self.mode is None:
            raise InvalidProblem("mode", None, "name the mode whose needs the locked units fill")


@dataclass(frozen=True, slots=True)
class Kept:
    """Where an earlier plan has the action: it may be placed otherwise, and each order that then changes counts.

    Parameters
    ----------
    start_slot
        Its start there.
    mode
        Its mode there, an index in the action's modes.
    units
        Its units there: one tuple per unit need of that mode, in any order inside; fewer than the need asks for where
        some of them are no more.
    """

    start_slot: int
    mode: int
    units: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        check_integer("start_slot", self.start_slot, -LARGEST_SLOT, LARGEST_SLOT)
        check_integer("mode", self.mode, 0, LARGEST_AMOUNT)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to be done at one site.

    Placed with mode m at slot s it occupies ``[s, s + duration(m))``, which must lie inside the horizon ``[0,
    horizon_slots)``, inside one of `windows`, inside one of `warrants` (unless None), and share no slot with
    `forbidden` or `claimed`.

    Parameters
    ----------
    name
        For messages only.
    site
        Index of its site; the site's country is the host.
    modes
        Alternative teams, at least one.
    windows
        Where the whole action must lie; sorted and merged; none means never.
    forbidden
        Slots that the action may not touch (local night hours, feast days); sorted and merged.
    warrants
        None when no warrant is needed; else the validity of each warrant, sorted and merged: the whole action
        must lie inside one, and an empty tuple means that a warrant is needed and there is none.
    weight
        Priority weight, at least 1.
    mandatory
        Mandatory actions count before all weights.
    expected_victims
        Persons expected to be found.
    due_slot
        The action should end at or before this slot; None when it is never late.
    lock
        What is already decided; None when all is open.
    kept
        Where an earlier plan has it, if one is to be changed as little as possible.
    project
        Index of the project whose delay it counts for; None for none.
    claimed
        Slots that the action may not touch, as others claim what lies too near its site then; sorted and merged. Unlike
        `forbidden` hours they can be settled with whoever claims them.
    """

    name: str
    site: int
    modes: tuple[Mode, ...]
    windows: tuple[Interval, ...]
    forbidden: tuple[Interval, ...] = ()
    warrants: tuple[Interval, ...] | None = None
    weight: int = 1
    mandatory: bool = False
    expected_victims: int = 0
    due_slot: int | None = None
    lock: Lock | None = None
    kept: Kept | None = None
    project: int | None = None
    claimed: tuple[Interval, ...] = ()

    def __post_init__(self) -> None:
        check_name("name", self.name)
        check_integer("site", self.site, 0, LARGEST_AMOUNT)
        if not self.modes:
            raise InvalidProblem("modes", self.modes, "give at least one mode")
        check_merged("windows", self.windows)
        check_merged("forbidden", self.forbidden)
        check_merged("claimed", self.claimed)
        if self.warrants is not None:
            check_merged("warrants", self.warrants)
        check_integer("weight", self.weight, 1, LARGEST_AMOUNT)
        check_integer("expected_victims", self.expected_victims, 0, LARGEST_AMOUNT)
        if self.due_slot is not None:
            check_integer("due_slot", self.due_slot, -LARGEST_SLOT, LARGEST_SLOT)
        if self.project is not None:
            check_integer("project", self.project, 0, LARGEST_AMOUNT)
        if self.lock is not None and self.lock.mode is not None:
            for path, units, need in self._staffed("lock", self.lock.mode, self.lock.units):
                if len(units) != need.count:
                    raise InvalidProblem(path, units, f"name exactly {need.count} units")
        if self.kept is not None:
            for path, units, need in self._staffed("kept", self.kept.mode, self.kept.units):
                if len(units) > need.count:
                    raise InvalidProblem(path, units, f"name at most {need.count} units")

    def _staffed(
        self, field: str, mode: int, units: tuple[tuple[int, ...], ...] | None
    ) -> Iterator[tuple[str, tuple[int, ...], UnitNeed]]:
        """Give the units named for each need of a mode, with their path, once they are checked as far as they go."""
        if mode >= len(self.modes):
            raise InvalidProblem(f"{field}.mode", mode, f"name one of the {len(self.modes)} modes, from 0")
        if units is None:
            return
        needs = self.modes[mode].unit_needs
        if len(units) != len(needs):
            raise InvalidProblem(f"{field}.units", units, f"give one list per unit need, {len(needs)}")
        for position, (some, need) in enumerate(zip(units, needs, strict=True)):
            check_distinct(f"{field}.units[{position}]", some)
            yield f"{field}.units[{position}]", some, need
