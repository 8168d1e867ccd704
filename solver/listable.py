"""Which problems activity lists can express: asked without loading the compiled search."""

from __future__ import annotations

from solver.facts import Facts

LARGEST_AMOUNT = (1 << 15) - 1
"""The largest need of a renewable resource that the compiled search can hold."""


def suits(facts: Facts) -> bool:
    """Whether activity lists can express all that the problem asks.

    They know modes, resources of both kinds with steps, minimum lags, releases, projects. They know nothing of units,
    groups, maximum lags, ends of windows, and not of leaving actions out.
    """
    problem = facts.problem
    return (
        bool(problem.actions)
        and bool(problem.projects)
        and not problem.groups
        and all(relation.max_lag_slots is None for relation in problem.precedences)
        and all(
            action.mandatory
            and action.project is not None
            and action.lock is None
            and action.kept is None
            and action.due_slot is None
            and len(action.windows) == 1
            and action.windows[0].end_slot >= facts.horizon_slots
            and not action.forbidden
            and not action.claimed
            and action.warrants is None
            for action in problem.actions
        )
        and all(
            not mode.unit_needs
            and not mode.cost
            and all(
                not problem.resources[need.resource].renewable
                or (need.offset_slots == 0 and need.length_slots == mode.duration_slots)
                for need in mode.resource_needs
            )
            for action in problem.actions
            for mode in action.modes
        )
        and all(
            need.amount <= LARGEST_AMOUNT
            for action in problem.actions
            for mode in action.modes
            for need in mode.resource_needs
            if problem.resources[need.resource].renewable
        )
    )
