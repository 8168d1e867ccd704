"""A part of a problem: some of its actions with all that bears upon them, as a problem of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from solver.problem import Action, Lock, Mode, Problem, Unit, UnitNeed


@dataclass(frozen=True, slots=True)
class Part:
    """A small problem, and which nouns of the whole its own stand for; sites, resources and names are the same.

    Parameters
    ----------
    problem
        The part. Whether its actions can all be placed is the same as in the whole, all others left out.
    actions, units, precedences, groups
        Per noun of the part: its index in the whole.
    fitting
        All units of the whole that could fill some need; of those alike the part has a few.
    """

    problem: Problem
    actions: tuple[int, ...]
    units: tuple[int, ...]
    precedences: tuple[int, ...]
    groups: tuple[int, ...]
    fitting: tuple[int, ...]


def closure(problem: Problem, actions: Iterable[int]) -> tuple[int, ...]:
    """Return the actions with all that must be placed when they are: their groups and required predecessors."""
    tied: dict[int, list[int]] = {}
    for group in problem.groups:
        for action in group.actions:
            tied.setdefault(action, []).extend(group.actions)
    for precedence in problem.precedences:
        if precedence.required:
            tied.setdefault(precedence.after, []).append(precedence.before)
    found: set[int] = set()
    pending = list(actions)
    while pending:
        action = pending.pop()
        if action not in found:
            found.add(action)
            pending.extend(tied.get(action, ()))
    return tuple(sorted(found))


def part_of(problem: Problem, actions: Iterable[int]) -> Part:
    """Return the part with the given actions and what they drag along.

    Of units that are alike in everything, no more are taken than the actions could send at once or one after the
    other. Earlier places (`Action.kept`) are left out: they bear upon goals, not upon what is possible.
    """
    chosen = closure(problem, actions)
    units, fitting = _units(problem, [problem.actions[action] for action in chosen])
    number = {action: position for position, action in enumerate(chosen)}
    new_unit = {unit: position for position, unit in enumerate(units)}
    precedences = tuple(
        index for index, each in enumerate(problem.precedences) if each.before in number and each.after in number
    )
    groups = tuple(index for index, group in enumerate(problem.groups) if group.actions[0] in number)
    small = replace(
        problem,
        units=tuple(problem.units[unit] for unit in units),
        actions=tuple(_renumbered(problem.actions[action], new_unit) for action in chosen),
        precedences=tuple(
            replace(each, before=number[each.before], after=number[each.after])
            for each in (problem.precedences[index] for index in precedences)
        ),
        groups=tuple(
            replace(group, actions=tuple(number[action] for action in group.actions))
            for group in (problem.groups[index] for index in groups)
        ),
    )
    return Part(small, chosen, units, precedences, groups, fitting)


def fits(unit: Unit, need: UnitNeed) -> bool:
    """Whether a unit has the kind, type and skills that a need asks for."""
    return unit.kind == need.kind and unit.type <= need.type and set(need.skills).issubset(unit.skills)


def _units(problem: Problem, actions: list[Action]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The units that a part has, and all that fit."""
    named = {unit for action in actions if action.lock for units in action.lock.units or () for unit in units}
    wanted: dict[int, dict[tuple[int, tuple[int, ...]], UnitNeed]] = {}
    most: dict[int, int] = {}
    for action in actions:
        for kind in {need.kind for mode in action.modes for need in mode.unit_needs}:
            most[kind] = most.get(kind, 0) + max(_count(mode, kind) for mode in action.modes)
        for mode in action.modes:
            for need in mode.unit_needs:
                wanted.setdefault(need.kind, {}).setdefault((need.type, need.skills), need)
    found, fitting, alike = [], [], dict[tuple[object, ...], int]()
    for index, unit in enumerate(problem.units):
        fit = any(fits(unit, need) for need in wanted.get(unit.kind, {}).values())
        if index in named:
            found.append(index)
        elif fit:
            # All that bears upon what a unit can do; who owns it and what it costs do not.
            key = (unit.kind, unit.type, unit.home, unit.permitted, unit.availability, unit.skills, unit.duty)
            alike[key] = alike.get(key, 0) + 1
            if alike[key] <= most[unit.kind]:
                found.append(index)
        if fit or index in named:
            fitting.append(index)
    return tuple(found), tuple(fitting)


def _count(mode: Mode, kind: int) -> int:
    return sum(need.count for need in mode.unit_needs if need.kind == kind)


def _renumbered(action: Action, new_unit: dict[int, int]) -> Action:
    lock = action.lock
    if lock is not None and lock.units is not None:
        lock = Lock(lock.start_slot, lock.mode, tuple(tuple(new_unit[unit] for unit in units) for units in lock.units))
    return replace(action, lock=lock, kept=None)
