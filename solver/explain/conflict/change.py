"""Changes: what could be asked for instead, each with an amount, and the problem as it then is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeVar

from solver.explain.conflict.cause import Cause
from solver.explain.conflict.drop import without
from solver.explain.reason import Fact
from solver.problem import CapacityStep, Interval, Problem, Resource, Unit, UnitNeed, merged
from solver.problem.limits import LARGEST_COST, LARGEST_SLOT

COSTS: dict[str, int] = {
    "WINDOW_EARLIER": 1,
    "WINDOW_LATER": 1,
    "TOLERANCE_WIDER": 1,
    "LAG_SHORTER": 1,
    "LAG_LONGER": 1,
    "UNIT_AVAILABLE_EARLIER": 2,
    "UNIT_AVAILABLE_LATER": 2,
    "DUTY_LONGER": 3,
    "WARRANT_EARLIER": 3,
    "WARRANT_LATER": 3,
    "ACTION_MOVED": 60,
    "CAPACITY_RAISED": 60,
    "UNIT_PERMITTED": 240,
    "CLAIMS_SETTLED": 480,
    "UNITS_ADDED": 480,
    "WARRANT_GRANTED": 720,
    "FORBIDDEN_HOURS_WAIVED": 960,
    "PRECEDENCE_WAIVED": 1440,
    "GROUP_WAIVED": 1440,
    "LOCK_LIFTED": 1440,
    "MANDATORY_DROPPED": 2880,
}
"""Every kind of change with what one step of it costs: of a length of time each minute, of all else each one.

So a day's longer window ranks with one lock that is lifted. Other prices rank otherwise; what works does not change.
"""

IN_SLOTS = frozenset(
    {
        "WINDOW_EARLIER",
        "WINDOW_LATER",
        "TOLERANCE_WIDER",
        "LAG_SHORTER",
        "LAG_LONGER",
        "UNIT_AVAILABLE_EARLIER",
        "UNIT_AVAILABLE_LATER",
        "DUTY_LONGER",
        "WARRANT_EARLIER",
        "WARRANT_LATER",
    }
)
"""Kinds whose amount counts slots."""

_Thing = TypeVar("_Thing")
_WHOLE = {
    "WARRANT_GRANTED": "warrants",
    "FORBIDDEN_HOURS_WAIVED": "forbidden_hours",
    "CLAIMS_SETTLED": "claims",
    "PRECEDENCE_WAIVED": "precedence",
    "GROUP_WAIVED": "simultaneity",
    "LOCK_LIFTED": "locks",
    "ACTION_MOVED": "stays",
    "MANDATORY_DROPPED": "mandatory",
}
"""Kinds that drop a rule instance whole, with its rule; their amount is 1."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what is asked or given.

    Parameters
    ----------
    kind
        A key of `COSTS`.
    amount
        Slots for the kinds in `IN_SLOTS`; units that are added; how much capacity rises; else 1.
    action, unit, resource, country, precedence, group
        Index of the noun concerned; None where it is about another. For `UNITS_ADDED`, the action that needs them,
        at whose site they are.
    need
        For `UNITS_ADDED`: the kind, type and skills of the units.
    from_slot, until_slot
        For `CAPACITY_RAISED`: the slots ``[from_slot, until_slot)`` in which it rises; None for a resource that is
        used up.
    message
        One sentence; no part of what makes two changes equal.
    facts
        Indices, slots and amounts behind it.
    """

    kind: str
    amount: int = 1
    action: int | None = None
    unit: int | None = None
    resource: int | None = None
    country: int | None = None
    precedence: int | None = None
    group: int | None = None
    need: UnitNeed | None = None
    from_slot: int | None = None
    until_slot: int | None = None
    message: str = field(default="", compare=False)
    facts: dict[str, Fact] = field(default_factory=dict, compare=False)

    def cost(self, problem: Problem) -> int:
        """What the change costs, by `COSTS`."""
        steps = self.amount * problem.slot_minutes if self.kind in IN_SLOTS else self.amount
        return COSTS[self.kind] * steps


def changed(problem: Problem, change: Change) -> Problem:
    """Return the problem with a change made; a larger amount never forbids what a smaller one allows.

    Units that are added stand at the end of `Problem.units`.

    Examples
    --------
    >>> from solver.problem import Action, Country, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2),), (Interval(0, 1),), mandatory=True)
    >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
    >>> changed(problem, Change("WINDOW_LATER", 1, action=0)).actions[0].windows
    (Interval(start_slot=0, end_slot=2),)
    """
    if change.kind in _WHOLE:
        cause = Cause(_WHOLE[change.kind], action=change.action, precedence=change.precedence, group=change.group)
        return without(problem, [cause])
    if change.action is not None:
        return _with_action(problem, change, change.action)
    if change.unit is not None:
        return _with_unit(problem, change, change.unit)
    if change.resource is not None:
        raised = _raised(problem.resources[change.resource], change)
        return replace(problem, resources=_put(problem.resources, change.resource, raised))
    if change.precedence is not None:
        relation = problem.precedences[change.precedence]
        if change.kind == "LAG_SHORTER":
            relation = replace(relation, min_lag_slots=max(-LARGEST_SLOT, relation.min_lag_slots - change.amount))
        elif relation.max_lag_slots is not None:
            relation = replace(relation, max_lag_slots=min(LARGEST_SLOT, relation.max_lag_slots + change.amount))
        return replace(problem, precedences=_put(problem.precedences, change.precedence, relation))
    assert change.group is not None
    group = problem.groups[change.group]
    wider = replace(group, tolerance_slots=group.tolerance_slots + change.amount)
    return replace(problem, groups=_put(problem.groups, change.group, wider))


def _with_action(problem: Problem, change: Change, number: int) -> Problem:
    action = problem.actions[number]
    if change.kind == "UNITS_ADDED":
        assert change.need is not None
        host = problem.host(number)
        added = Unit(
            "added unit",
            change.need.kind,
            change.need.type,
            action.site,
            host,
            (host,),
            (Interval(0, problem.horizon_slots),),
            change.need.skills,
        )
        return replace(problem, units=(*problem.units, *(added for _ in range(change.amount))))
    if change.kind.startswith("WINDOW"):
        action = replace(action, windows=_longer(action.windows, change))
    else:
        action = replace(action, warrants=_longer(action.warrants or (), change))
    return replace(problem, actions=_put(problem.actions, number, action))


def _with_unit(problem: Problem, change: Change, number: int) -> Problem:
    unit = problem.units[number]
    if change.kind == "UNIT_PERMITTED":
        assert change.country is not None
        unit = replace(unit, permitted=tuple(sorted({*unit.permitted, change.country})))
    elif change.kind == "DUTY_LONGER":
        assert unit.duty is not None
        longest = min(LARGEST_SLOT, unit.duty.max_duty_slots + change.amount)
        unit = replace(unit, duty=replace(unit.duty, max_duty_slots=longest))
    else:
        unit = replace(unit, availability=_longer(unit.availability, change))
    return replace(problem, units=_put(problem.units, number, unit))


def _longer(intervals: tuple[Interval, ...], change: Change) -> tuple[Interval, ...]:
    """Each interval begins that much earlier, or ends that much later; those that then meet become one."""
    early, late = (change.amount, 0) if change.kind.endswith("EARLIER") else (0, change.amount)
    return merged(
        Interval(max(-LARGEST_SLOT, each.start_slot - early), min(LARGEST_SLOT, each.end_slot + late))
        for each in intervals
    )


def _raised(resource: Resource, change: Change) -> Resource:
    if not resource.renewable:
        (whole,) = resource.steps
        return replace(
            resource, steps=(CapacityStep(whole.from_slot, min(LARGEST_COST, whole.capacity + change.amount)),)
        )
    from_slot = -LARGEST_SLOT if change.from_slot is None else change.from_slot
    until_slot = LARGEST_SLOT if change.until_slot is None else change.until_slot
    slots = sorted({from_slot, until_slot, *(step.from_slot for step in resource.steps)})
    steps = tuple(
        CapacityStep(
            slot,
            min(LARGEST_COST, resource.capacity_at(slot) + change.amount * (from_slot <= slot < until_slot)),
        )
        for slot in slots
    )
    return replace(resource, steps=steps)


def _put(things: tuple[_Thing, ...], position: int, thing: _Thing) -> tuple[_Thing, ...]:
    return (*things[:position], thing, *things[position + 1 :])
