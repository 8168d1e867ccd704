"""What the search knows of a project, and which problems are such projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.facts import Facts
from solver.problem import Anchor, Problem

MOST_ACTIONS = 1_000
MOST_SLOTS = 50_000
MOST_NEEDS = 64


@dataclass(frozen=True, slots=True)
class Arc:
    """A minimum lag from start to start: ``start(after) >= start(before) + lag_slots``.

    A maximum lag is an arc back, with its negative.
    """

    before: int
    after: int
    lag_slots: int


@dataclass(frozen=True, slots=True)
class Need:
    """`count` different units out of `units`, ascending."""

    count: int
    units: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LaggedProject:
    """Actions in one mode each, all to be placed, the last end as early as possible.

    Parameters
    ----------
    durations
        Slots of each action.
    first_starts, last_starts
        The starts that each action may have: all from the first to the last.
    arcs
        The lags, at most one between two actions in one direction.
    demands
        Per action, the amount of each resource while it lasts.
    capacities
        Per resource, ``(from_slot, capacity)`` sorted by slot, 0 before the first.
    needs
        Per action, its unit needs; every unit and need at one place, without travel.
    away
        Per unit, when it is not there: sorted ``(from_slot, until_slot)``, up to the horizon.
    horizon_slots
        All ends lie at or before it.
    """

    durations: tuple[int, ...]
    first_starts: tuple[int, ...]
    last_starts: tuple[int, ...]
    arcs: tuple[Arc, ...]
    demands: tuple[tuple[int, ...], ...]
    capacities: tuple[tuple[tuple[int, int], ...], ...]
    needs: tuple[tuple[Need, ...], ...]
    away: tuple[tuple[tuple[int, int], ...], ...]
    horizon_slots: int


def read_project(facts: Facts) -> LaggedProject | None:
    """Return the problem as a lagged project, or None when it holds anything that such a project does not model.

    It is one when all actions are mandatory, in one mode, of one project, with one run of allowed starts, without
    locks, due slots or an earlier plan; when resources renew and are used exactly while actions last; when units serve
    at one site, without limits on duty, all of one owner and at no cost. Then every goal but the project's end is the
    same in all plans that place everything.
    """
    problem = facts.problem
    if len(problem.projects) != 1 or not 0 < len(problem.actions) <= MOST_ACTIONS:
        return None
    if problem.horizon_slots > MOST_SLOTS or not all(resource.renewable for resource in problem.resources):
        return None
    if not all(_is_plain(facts, index) for index in range(len(problem.actions))) or not _units_are_plain(facts):
        return None
    starts = [facts.starts[index][0] for index in range(len(problem.actions))]
    firsts = tuple((run & -run).bit_length() - 1 for run in starts)
    lasts = tuple(run.bit_length() - 1 for run in starts)
    return LaggedProject(
        tuple(durations[0] for durations in facts.durations),
        firsts,
        lasts,
        tuple(_arcs(problem)),
        tuple(_demands(facts, index) for index in range(len(problem.actions))),
        tuple(tuple((step.from_slot, step.capacity) for step in resource.steps) for resource in problem.resources),
        tuple(
            tuple(
                Need(need.count, tuple(sorted(facts.candidates(index, 0, number))))
                for number, need in enumerate(action.modes[0].unit_needs)
            )
            for index, action in enumerate(problem.actions)
        ),
        tuple(tuple(_away(problem, unit)) for unit in range(len(problem.units))),
        problem.horizon_slots,
    )


def _is_plain(facts: Facts, index: int) -> bool:
    action = facts.problem.actions[index]
    if not action.mandatory or len(action.modes) != 1 or action.project is None:
        return False
    if action.lock is not None or action.kept is not None or action.due_slot is not None:
        return False
    mode = action.modes[0]
    if len(mode.unit_needs) > MOST_NEEDS:
        return False
    for need in mode.resource_needs:
        if (need.offset_slots, need.length_slots) != (0, mode.duration_slots):
            return False
    run = facts.starts[index][0]
    return run > 0 and _is_one_run(run)


def _is_one_run(slots: int) -> bool:
    """Whether the members of a set, which is not empty, follow one another without a gap."""
    return ((slots >> ((slots & -slots).bit_length() - 1)) + 1).bit_count() == 1


def _units_are_plain(facts: Facts) -> bool:
    problem = facts.problem
    staffed = {action.site for action in problem.actions if action.modes[0].unit_needs}
    if not staffed:
        return True
    places = staffed | {unit.home for unit in problem.units}
    costs = any(unit.cost_per_slot for unit in problem.units)
    limits = any(unit.duty is not None for unit in problem.units)
    owners = {unit.owner for unit in problem.units}
    return len(places) == 1 and len(owners) == 1 and not costs and not limits


def _arcs(problem: Problem) -> Iterator[Arc]:
    """Every lag of precedences and groups, the longest of each pair."""
    longest: dict[tuple[int, int], int] = {}

    def note(before: int, after: int, lag_slots: int) -> None:
        key = (before, after)
        longest[key] = max(lag_slots, longest.get(key, lag_slots))

    for relation in problem.precedences:
        anchored = 0
        if relation.anchor is Anchor.END:
            anchored = problem.actions[relation.before].modes[0].duration_slots
        note(relation.before, relation.after, anchored + relation.min_lag_slots)
        if relation.max_lag_slots is not None:
            note(relation.after, relation.before, -(anchored + relation.max_lag_slots))
    for group in problem.groups:
        for one in group.actions:
            for other in group.actions:
                if one != other:
                    note(one, other, -group.tolerance_slots)
    for (before, after), lag_slots in sorted(longest.items()):
        if lag_slots > -problem.horizon_slots:
            yield Arc(before, after, lag_slots)


def _demands(facts: Facts, index: int) -> tuple[int, ...]:
    amounts = [0] * len(facts.problem.resources)
    for need in facts.problem.actions[index].modes[0].resource_needs:
        amounts[need.resource] += need.amount
    return tuple(amounts)


def _away(problem: Problem, unit: int) -> Iterator[tuple[int, int]]:
    """The gaps between a unit's availability intervals, inside the horizon."""
    reached = 0
    for interval in problem.units[unit].availability:
        if interval.start_slot > reached:
            yield reached, min(interval.start_slot, problem.horizon_slots)
        reached = max(reached, interval.end_slot)
    if reached < problem.horizon_slots:
        yield reached, problem.horizon_slots
