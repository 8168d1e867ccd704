"""Optimising several goals in strict order over one model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from solver.budget import Meter
from solver.cpsat.model import GOALS, Goal
from solver.cpsat.run import Limits, Run, Status, run
from solver.cpsat.variables import Linear, Variables
from solver.solution import Placement

_LARGEST_OBJECTIVE = 1 << 50


@dataclass(frozen=True, slots=True)
class Ordered:
    """What came of optimising goals in order.

    Parameters
    ----------
    runs
        One run per goal, as far as they went; a goal is proven when its run and all before it are OPTIMAL.
    placements
        The free actions as placed in the last solution; None when there is none.
    """

    runs: tuple[Run, ...]
    placements: tuple[Placement, ...] | None

    def proven(self, goals: int) -> bool:
        """Whether the first `goals` goals are proven best."""
        return len(self.runs) >= goals and all(run.status is Status.OPTIMAL for run in self.runs[:goals])


def optimise_in_order(
    variables: Variables,
    goals: tuple[Goal, ...],
    limits: Callable[[], Limits],
    meter: Meter,
    hint: Iterable[Placement],
    on_stage: Callable[[Goal, Run], None] | None = None,
) -> Ordered:
    """Optimise goal after goal, each under the values reached in those before it.

    Parameters
    ----------
    variables
        The built model; constraints on the goals are added to it.
    goals
        In order of importance.
    limits
        Asked before each goal.
    meter
        Stops between and during goals.
    hint
        A plan to start from.
    on_stage
        Told of every finished goal.
    """
    runs: list[Run] = []
    placements: tuple[Placement, ...] | None = None
    for goal in goals:
        if meter.over():
            break
        expression = goal.expression(variables)
        found = run(variables, expression, goal.more_is_better, limits(), meter, placements or hint)
        runs.append(found)
        if on_stage is not None:
            on_stage(goal, found)
        if found.value is None:
            break
        placements = found.placements
        if goal.more_is_better:
            variables.model.add(expression >= found.value)
        else:
            variables.model.add(expression <= found.value)
    return Ordered(tuple(runs), placements)


def _placing_value(variables: Variables) -> Linear:
    """The first three goals as one number to minimise: exact, because each step outweighs all that follows."""
    actions = variables.problem.actions
    weight_range = sum(actions[action].weight for action in variables.free) + 1
    victims_range = sum(actions[action].expected_victims for action in variables.free) + 1
    mandatory = sum(actions[action].mandatory for action in variables.free)
    if (mandatory + 1) * weight_range * victims_range > _LARGEST_OBJECTIVE:
        victims_range = 0
    missing, weight, victims = (goal.expression(variables) for goal in GOALS[:3])
    if victims_range:
        return missing * (weight_range * victims_range) - weight * victims_range - victims
    return missing * weight_range - weight


PLACING = Goal("placing", False, _placing_value)
"""Goals one to three in one objective, for neighbourhoods; victims are left out where the number would be too large."""

POLISHING = tuple(goal for goal in GOALS if goal.name in ("changes", "project_delay", "makespan", "lateness", "cost"))
"""What a neighbourhood improves, in this order, once the placed actions stand."""
