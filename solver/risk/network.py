"""Who waits for whom once a plan is carried out: for each placed action, what holds up its start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from solver.problem import Anchor, Problem
from solver.problem.order import topological_ranks
from solver.risk.handover import Handover, Use, handovers, uses_of
from solver.solution import Placement

Holder: TypeAlias = Literal["home", "unit", "lag", "handover"]


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that holds up the start of an action.

    Parameters
    ----------
    kind
        ``home``: a unit is on its way from there. ``unit``: a unit comes from its action before. ``lag``: a precedence.
        ``handover``: an amount of a resource is handed over by an action that has it before.
    source
        Position of the action that is waited for; -1 for ``home``.
    minutes
        Added to the end of the source (``unit``), to its end or start (``lag``), to its start (``handover``), or to the
        epoch (``home``).
    at_end
        Of a lag: whether it counts from the source's end, else from its start.
    way
        Number of the way that is travelled, in `Stint.ways`; -1 for none.
    stretches
        Of a handover: whether what is handed over is held longer by as much as the source takes longer than planned.
    """

    kind: Holder
    source: int
    minutes: int
    at_end: bool = True
    way: int = -1
    stretches: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A journey to an action: from which site, and its planned minutes. All who make it travel together."""

    origin: int
    minutes: int


@dataclass(slots=True)
class Step:
    """A placed action, in the order in which the plan is carried out, and what it waits for."""

    placement: Placement
    start_minutes: int
    duration_minutes: int
    ways: list[Way] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """A unit's actions in order, by position; for each but the first, the way from the one before, in `Step.ways`."""

    unit: int
    positions: tuple[int, ...]
    ways: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A plan as it is carried out.

    Parameters
    ----------
    steps
        Placed actions by planned start; of equal starts, predecessors first.
    position
        Of each placed action, its place in `steps`.
    days
        Every unit that has actions.
    uses
        By resource, the uses of it.
    """

    steps: tuple[Step, ...]
    position: dict[int, int]
    days: tuple[Day, ...]
    uses: dict[int, tuple[Use, ...]]


def make_network(problem: Problem, placements: tuple[Placement, ...]) -> Network:
    """Find out what each placed action waits for."""
    ranks = topological_ranks(len(problem.actions), ((each.before, each.after) for each in problem.precedences))
    ordered = sorted(placements, key=lambda each: (each.start_slot, ranks[each.action], each.action))
    slot = problem.slot_minutes
    steps = tuple(
        Step(each, each.start_slot * slot, (each.end_slot(problem) - each.start_slot) * slot) for each in ordered
    )
    position = {step.placement.action: number for number, step in enumerate(steps)}
    _add_lags(problem, steps, position)
    days = tuple(_days(problem, steps))
    uses = uses_of(problem, ordered)
    for resource, some in uses.items():
        if not problem.resources[resource].renewable:
            continue  # nothing of it is ever handed on
        for handover in handovers(problem.resources[resource], some, slot):
            _add_handover(steps, handover)
    return Network(steps, position, days, uses)


def _add_lags(problem: Problem, steps: tuple[Step, ...], position: dict[int, int]) -> None:
    for each in problem.precedences:
        before, after = position.get(each.before), position.get(each.after)
        # What is planned for later cannot be waited for: that it will be late, nobody knows yet.
        if before is not None and after is not None and before < after:
            minutes = each.min_lag_slots * problem.slot_minutes
            steps[after].waits.append(Wait("lag", before, minutes, at_end=each.anchor is Anchor.END))


def _days(problem: Problem, steps: tuple[Step, ...]) -> Iterator[Day]:
    served: dict[int, list[int]] = {}
    for number, step in enumerate(steps):
        for unit in dict.fromkeys(step.placement.all_units()):
            served.setdefault(unit, []).append(number)
    for unit in sorted(served):
        ways: list[int] = []
        before, before_slot = -1, None
        for number in served[unit]:
            begin_slot = _shift(problem, unit, steps[number].placement)
            if begin_slot is not None and begin_slot != before_slot:
                begin_minutes = begin_slot * problem.slot_minutes
                _add_journey(problem, steps[number], problem.units[unit].home, Wait("home", -1, begin_minutes))
            if before >= 0:
                origin = problem.actions[steps[before].placement.action].site
                ways.append(_add_journey(problem, steps[number], origin, Wait("unit", before, 0)))
            before, before_slot = number, begin_slot
        yield Day(unit, tuple(served[unit]), tuple(ways))


def _shift(problem: Problem, unit: int, placement: Placement) -> int | None:
    """First slot of the availability interval that holds an action of a unit; None breaks a rule: it was never home."""
    end_slot = placement.end_slot(problem)
    for interval in problem.units[unit].availability:
        if interval.holds(placement.start_slot, end_slot):
            return interval.start_slot
    return None


def _add_journey(problem: Problem, step: Step, origin: int, wait: Wait) -> int:
    """Let an action wait for who comes from a site; returns the number of the way."""
    destination = problem.actions[step.placement.action].site
    # A way that does not exist breaks a rule of the plan, not of its course: it is taken as none.
    way = Way(origin, problem.travel.minutes(problem.sites, origin, destination) or 0)
    if way not in step.ways:
        step.ways.append(way)
    number = step.ways.index(way)
    _add(step, Wait(wait.kind, wait.source, wait.minutes, way=number))
    return number


def _add_handover(steps: tuple[Step, ...], handover: Handover) -> None:
    source = steps[handover.giver]
    minutes = handover.release_minutes - source.start_minutes - handover.offset_minutes
    _add(
        steps[handover.taker],
        Wait("handover", handover.giver, minutes, at_end=False, stretches=handover.stretches),
    )


def _add(step: Step, wait: Wait) -> None:
    if wait not in step.waits:
        step.waits.append(wait)
