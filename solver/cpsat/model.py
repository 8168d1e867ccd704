"""Assembling a model: every rule and goal in one table each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.cpsat.goals import (
    burden_permille,
    changes,
    cost,
    lateness,
    makespan,
    missing_mandatory,
    placed_weight,
    project_delay,
    victims,
)
from solver.cpsat.rules import (
    calendars,
    capacity,
    claims,
    duty_and_rest,
    forbidden_hours,
    locks,
    one_action_at_a_time,
    permitted_countries,
    precedence,
    simultaneity,
    travel,
    unit_needs,
    warrants,
    windows,
)
from solver.cpsat.scope import Scope
from solver.cpsat.variables import Linear, Variables
from solver.facts import Facts

Step = Callable[[Variables], None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the model; its name is that of its check in `solver.verify`."""

    name: str
    narrow: Step | None = None
    add: Step | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of the model; its name is that of its field in `solver.Score`."""

    name: str
    more_is_better: bool
    value: Callable[[Variables], Linear]

    def expression(self, variables: Variables) -> cp_model.LinearExpr:
        """The goal's value over the free actions, as a variable even when it is constant."""
        value = self.value(variables)
        return variables.model.new_constant(value) if isinstance(value, int) else value


RULES: tuple[Rule, ...] = (
    Rule("windows", windows.narrow),
    Rule("forbidden_hours", forbidden_hours.narrow),
    Rule("claims", claims.narrow),
    Rule("warrants", warrants.narrow),
    Rule("unit_needs", unit_needs.narrow, unit_needs.add),
    Rule("permitted_countries", permitted_countries.narrow),
    Rule("calendars", calendars.narrow),
    Rule("one_action_at_a_time", add=one_action_at_a_time.add),
    Rule("travel", travel.narrow, travel.add),
    Rule("duty_and_rest", duty_and_rest.narrow, duty_and_rest.add),
    Rule("capacity", add=capacity.add),
    Rule("precedence", add=precedence.add),
    Rule("simultaneity", add=simultaneity.add),
    Rule("locks", locks.narrow, locks.add),
)

GOALS: tuple[Goal, ...] = (
    Goal("missing_mandatory", False, missing_mandatory.value),
    Goal("placed_weight", True, placed_weight.value),
    Goal("victims", True, victims.value),
    Goal("changes", False, changes.value),
    Goal("project_delay", False, project_delay.value),
    Goal("makespan", False, makespan.value),
    Goal("lateness", False, lateness.value),
    Goal("cost", False, cost.value),
    Goal("burden_permille", False, burden_permille.value),
)
"""All goals, in their strict order."""

OF_PROJECTS = ("project_delay", "makespan")
CHANGES = next(goal for goal in GOALS if goal.name == "changes")


def goals_of(facts: Facts) -> tuple[Goal, ...]:
    """Give the goals that a problem has: without an earlier plan nothing can change, without projects none is late."""
    idle = {
        name
        for name, has in (("changes", facts.kept), *((name, facts.problem.projects) for name in OF_PROJECTS))
        if not has
    }
    return tuple(goal for goal in GOALS if goal.name not in idle)


def build(scope: Scope, rules: tuple[Rule, ...] = RULES) -> Variables:
    """Return the variables of a model in which the given rules hold; no goal is set."""
    variables = Variables(scope)
    for rule in rules:
        if rule.narrow is not None:
            rule.narrow(variables)
    variables.narrow_to_surroundings()
    variables.seal()
    for rule in rules:
        if rule.add is not None:
            rule.add(variables)
    return variables
