"""Causes: the rule instances of a problem, each by its name and the nouns that it is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from solver.explain.reason import Fact
from solver.problem import Problem

CAUSES: dict[str, str] = {
    "asked": "What is asked about: the action at that start, with that unit.",
    "mandatory": "An action must be placed.",
    "placed": "An action that the plan places must stay placed.",
    "locks": "An action is locked to its start, mode or units.",
    "stays": "An action must stay exactly where the plan has it.",
    "unit_needs": "An action needs units of certain kinds, types and skills, all for itself.",
    "windows": "An action must lie inside one of its windows.",
    "warrants": "An action must lie inside one of its warrants.",
    "forbidden_hours": "An action must not touch forbidden hours.",
    "claims": "An action must not touch what others claim too near.",
    "capacity": "No more of a resource can be used than there is.",
    "precedence": "A lag between two actions must be kept.",
    "simultaneity": "The actions of a group are placed together.",
    "permitted_countries": "Only permitted units may act in a host country.",
    "calendars": "Units act only when they are available, from home at the start of each time.",
    "travel": "Units need time for the way.",
    "duty_and_rest": "Units rest before their duty grows too long.",
}
"""Every rule of which a conflict may have instances, with its general meaning; what is most telling comes first.

That a unit serves one action at a time, that an action lies in the horizon, and how long its modes take cannot be
dropped: they stand behind every conflict.
"""


@dataclass(frozen=True, slots=True)
class Cause:
    """One instance of a rule, which can be dropped by itself (`solver.without`).

    Parameters
    ----------
    rule
        A key of `CAUSES`.
    action, resource, country, precedence, group
        Index of the noun that the instance is about; None where it is about another.
    units
        For `calendars` and `duty_and_rest`: the units that it binds, alike in kind, type, skills and the countries
        in question.
    message
        One sentence with names, slots and amounts; no part of what makes two causes equal.
    facts
        Indices, slots and amounts behind the sentence.
    """

    rule: str
    action: int | None = None
    resource: int | None = None
    country: int | None = None
    precedence: int | None = None
    group: int | None = None
    units: tuple[int, ...] = ()
    message: str = field(default="", compare=False)
    facts: dict[str, Fact] = field(default_factory=dict, compare=False)


def causes_of(problem: Problem) -> tuple[Cause, ...]:
    """Return every rule instance of a problem that binds anything, in the order of `CAUSES`.

    Examples
    --------
    >>> from solver.problem import Action, Country, Interval, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2),), (Interval(0, 3),), mandatory=True)
    >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
    >>> [cause.rule for cause in causes_of(problem)]
    ['mandatory', 'windows']
    """
    found = [*_of_actions(problem), *_of_relations(problem), *_of_units(problem)]
    rank = {rule: number for number, rule in enumerate(CAUSES)}
    return tuple(sorted(found, key=lambda cause: rank[cause.rule]))


def _of_actions(problem: Problem) -> list[Cause]:
    found = []
    for number, action in enumerate(problem.actions):
        if action.mandatory:
            found.append(Cause("mandatory", action=number))
        if action.lock is not None:
            found.append(Cause("locks", action=number))
        if any(mode.unit_needs for mode in action.modes):
            found.append(Cause("unit_needs", action=number))
        if not any(window.holds(0, problem.horizon_slots) for window in action.windows):
            found.append(Cause("windows", action=number))
        if action.warrants is not None:
            found.append(Cause("warrants", action=number))
        if action.forbidden:
            found.append(Cause("forbidden_hours", action=number))
        if action.claimed:
            found.append(Cause("claims", action=number))
    return found


def _of_relations(problem: Problem) -> list[Cause]:
    used = {need.resource for action in problem.actions for mode in action.modes for need in mode.resource_needs}
    return [
        *(Cause("capacity", resource=resource) for resource in sorted(used)),
        *(Cause("precedence", precedence=number) for number in range(len(problem.precedences))),
        *(Cause("simultaneity", group=number) for number in range(len(problem.groups))),
    ]


def _of_units(problem: Problem) -> list[Cause]:
    hosts = sorted({problem.host(action) for action in range(len(problem.actions))})
    found = [
        Cause("permitted_countries", country=host)
        for host in hosts
        if any(host not in unit.permitted for unit in problem.units)
    ]
    alike: dict[tuple[object, ...], list[int]] = {}
    for number in range(len(problem.units)):
        alike.setdefault(likeness(problem, number, hosts), []).append(number)
    for units in alike.values():
        found.append(Cause("calendars", units=tuple(units)))
        bound = tuple(unit for unit in units if problem.units[unit].duty is not None)
        if bound:
            found.append(Cause("duty_and_rest", units=bound))
    if problem.units and problem.actions:
        found.append(Cause("travel"))
    return found


def likeness(problem: Problem, unit: int, hosts: Iterable[int]) -> tuple[object, ...]:
    """Return what two units have in common that fill the same needs in the given countries."""
    one = problem.units[unit]
    permitted = tuple(host for host in hosts if host in one.permitted)
    return one.kind, one.type, frozenset(one.skills), permitted
