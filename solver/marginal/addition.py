"""A problem with one more of something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from solver.errors import InvalidProblem
from solver.problem import CapacityStep, Problem
from solver.problem.limits import LARGEST_COST, LONGEST_NAME


@dataclass(frozen=True, slots=True)
class OneMoreUnit:
    """One more unit like the unit of index `like`: of its kind, type, skills, home, owner, times, limits and cost."""

    like: int


@dataclass(frozen=True, slots=True)
class MoreOfResource:
    """`amount` more of a resource, at all times at which there is a capacity (from its first step on)."""

    resource: int
    amount: int = 1


Addition: TypeAlias = OneMoreUnit | MoreOfResource


def with_addition(problem: Problem, addition: Addition) -> Problem:
    """Give the problem with the addition; every plan of the problem is one of it.

    Raises
    ------
    InvalidProblem
        When the unit or resource does not exist, or the amount is out of range.
    """
    if isinstance(addition, OneMoreUnit):
        if not 0 <= addition.like < len(problem.units):
            raise InvalidProblem("addition.like", addition.like, f"name one of the {len(problem.units)} units, from 0")
        unit = problem.units[addition.like]
        more = replace(unit, name=f"one more like {unit.name}"[:LONGEST_NAME])
        return replace(problem, units=(*problem.units, more))
    if not 0 <= addition.resource < len(problem.resources):
        remedy = f"name one of the {len(problem.resources)} resources, from 0"
        raise InvalidProblem("addition.resource", addition.resource, remedy)
    if not 1 <= addition.amount <= LARGEST_COST:
        raise InvalidProblem("addition.amount", addition.amount, f"give 1 to {LARGEST_COST}")
    resource = problem.resources[addition.resource]
    steps = resource.steps or (CapacityStep(0, 0),)
    raised = tuple(CapacityStep(step.from_slot, step.capacity + addition.amount) for step in steps)
    resources = list(problem.resources)
    resources[addition.resource] = replace(resource, steps=raised)
    return replace(problem, resources=tuple(resources))
