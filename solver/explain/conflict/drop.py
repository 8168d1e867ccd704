"""Dropping causes: the same problem with some of its rule instances not asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from solver.explain.conflict.cause import Cause, causes_of
from solver.problem import Action, Interval, Lock, Problem, Travel
from solver.problem.limits import LARGEST_SLOT

_ALWAYS = (Interval(-LARGEST_SLOT, LARGEST_SLOT),)


def without(problem: Problem, causes: Iterable[Cause]) -> Problem:
    """Return the problem without the given rule instances; whatever plan keeps its rules keeps those that are left.

    Dropping only relaxes: what is valid with a cause is valid without it. Units whose calendar is dropped are
    always available; without `travel` every way takes no time.

    Parameters
    ----------
    problem
        The problem.
    causes
        Some of `causes_of(problem)`.

    Examples
    --------
    >>> from solver.problem import Country, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2),), (Interval(0, 1),), mandatory=True)
    >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
    >>> without(problem, [Cause("windows", action=0)]).actions[0].windows
    (Interval(start_slot=0, end_slot=9),)
    """
    dropped = tuple(causes)
    actions = list(problem.actions)
    units = list(problem.units)
    for cause in dropped:
        if cause.action is not None:
            actions[cause.action] = _relaxed(problem, actions[cause.action], cause.rule)
        for unit in cause.units:
            change = {"availability": _ALWAYS} if cause.rule == "calendars" else {"duty": None}
            units[unit] = replace(units[unit], **change)
        if cause.rule == "permitted_countries" and cause.country is not None:
            host = cause.country
            units = [
                unit if host in unit.permitted else replace(unit, permitted=(*unit.permitted, host)) for unit in units
            ]
    resources = {cause.resource for cause in dropped if cause.rule == "capacity"}
    precedences = {cause.precedence for cause in dropped if cause.rule == "precedence"}
    groups = {cause.group for cause in dropped if cause.rule == "simultaneity"}
    relaxed = replace(
        problem,
        actions=tuple(_without_resources(action, resources) for action in actions) if resources else tuple(actions),
        units=tuple(units),
        precedences=tuple(each for number, each in enumerate(problem.precedences) if number not in precedences),
        groups=tuple(each for number, each in enumerate(problem.groups) if number not in groups),
    )
    return _at_once(relaxed) if any(cause.rule == "travel" for cause in dropped) else relaxed


def with_only(problem: Problem, causes: Iterable[Cause]) -> Problem:
    """Return the problem with no rule instances but the given ones.

    Of the units that a cause does not name, the calendar or the duty limit is dropped.

    Examples
    --------
    >>> from solver.problem import Country, Mode, Site
    >>> raid = Action("raid", 0, (Mode(2),), (Interval(0, 1),), forbidden=(Interval(0, 1),), mandatory=True)
    >>> problem = Problem(15, 9, (Country("A"),), sites=(Site("s", 0),), actions=(raid,))
    >>> [cause.rule for cause in causes_of(with_only(problem, [Cause("mandatory", action=0)]))]
    ['mandatory']
    """
    chosen = frozenset(causes)
    bound = {(cause.rule, unit) for cause in chosen for unit in cause.units}
    dropped = []
    for cause in causes_of(problem):
        units = tuple(unit for unit in cause.units if (cause.rule, unit) not in bound)
        if units:
            dropped.append(replace(cause, units=units))
        elif not cause.units and cause not in chosen:
            dropped.append(cause)
    return without(problem, dropped)


def _relaxed(problem: Problem, action: Action, rule: str) -> Action:
    if rule in ("mandatory", "placed"):
        return replace(action, mandatory=False)
    if rule == "asked":
        return replace(action, lock=None) if action.lock is not None else replace(action, mandatory=False)
    if rule in ("locks", "stays"):
        return replace(action, lock=None)
    if rule == "windows":
        return replace(action, windows=(Interval(0, problem.horizon_slots),))
    if rule == "warrants":
        return replace(action, warrants=None)
    if rule == "forbidden_hours":
        return replace(action, forbidden=())
    if rule == "claims":
        return replace(action, claimed=())
    assert rule == "unit_needs"
    lock, kept = action.lock, action.kept
    if lock is not None and lock.units is not None:
        lock = Lock(lock.start_slot, lock.mode, ())
    if kept is not None:
        kept = replace(kept, units=())
    return replace(action, modes=tuple(replace(mode, unit_needs=()) for mode in action.modes), lock=lock, kept=kept)


def _without_resources(action: Action, resources: set[int | None]) -> Action:
    modes = tuple(
        replace(mode, resource_needs=tuple(need for need in mode.resource_needs if need.resource not in resources))
        for mode in action.modes
    )
    return replace(action, modes=modes)


def _at_once(problem: Problem) -> Problem:
    """Every site has the one hub, from which every other is reached in no time."""
    sites = tuple(replace(site, hub=0, access_minutes=0) for site in problem.sites)
    return replace(problem, sites=sites, travel=Travel(((0,),)))
