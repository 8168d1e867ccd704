"""All rules in one table, and the check of a whole plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from solver.problem import Problem
from solver.solution import Placement
from solver.verify.amounts import capacity
from solver.verify.breach import Breach
from solver.verify.day import duty_and_rest, one_action_at_a_time, travel
from solver.verify.form import well_formed
from solver.verify.hours import claims, forbidden_hours, warrants, windows
from solver.verify.relations import locks, precedence, simultaneity
from solver.verify.staffing import calendars, permitted_countries, unit_needs

Check = Callable[[Problem, tuple[Placement, ...]], Iterable[Breach]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its name, its title for people, and its check."""

    name: str
    title: str
    check: Check


RULES: tuple[Rule, ...] = (
    Rule("windows", "Actions lie inside their windows", windows),
    Rule("forbidden_hours", "No action at forbidden local hours", forbidden_hours),
    Rule("claims", "No action where others claim what is too near", claims),
    Rule("warrants", "Actions that need a warrant lie inside one", warrants),
    Rule("unit_needs", "Every need has its units, of its type or better", unit_needs),
    Rule("permitted_countries", "Units act only where they are permitted", permitted_countries),
    Rule("calendars", "Units act only when they are available", calendars),
    Rule("one_action_at_a_time", "A unit serves one action at a time", one_action_at_a_time),
    Rule("travel", "Units have time to travel", travel),
    Rule("duty_and_rest", "Units rest before their duty grows too long", duty_and_rest),
    Rule("capacity", "No more of a resource is used than there is", capacity),
    Rule("precedence", "Lags between actions are kept", precedence),
    Rule("simultaneity", "Groups strike together or not at all", simultaneity),
    Rule("locks", "What is decided stays as decided", locks),
)


def verify(problem: Problem, placements: tuple[Placement, ...]) -> tuple[Breach, ...]:
    """Return every breach of every rule; an empty tuple means that the plan is valid.

    Parameters
    ----------
    problem
        What was asked.
    placements
        The plan, in any order.

    Returns
    -------
    tuple of Breach
        In the order of `RULES`. When the plan names things that do not exist, only those breaches (rule
        ``well_formed``) are returned, because no other rule can then be checked.
    """
    malformed = tuple(well_formed(problem, placements))
    if malformed:
        return malformed
    return tuple(breach for rule in RULES for breach in rule.check(problem, placements))
