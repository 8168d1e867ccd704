"""Whether all of certain actions can be placed: a plan, a proof that there is none, or neither in time."""

from __future__ import annotations

from solver.budget import Meter
from solver.cpsat.model import build
from solver.cpsat.run import Limits, Run, run
from solver.cpsat.scope import Scope
from solver.facts import Facts


def decide(facts: Facts, demanded: tuple[int, ...], limits: Limits, meter: Meter) -> Run:
    """Look for any plan that places the demanded actions; of the others it may place some.

    Parameters
    ----------
    facts
        The whole problem's facts; every action is free.
    demanded
        The actions that must be placed; locked ones are so anyway.
    limits, meter
        When to stop.

    Returns
    -------
    Run
        OPTIMAL with placements when there is such a plan; INFEASIBLE when the model has none.
    """
    variables = build(Scope(facts, None, tuple(range(len(facts.sites)))))
    for action in demanded:
        variables.model.add(variables.present[action] == 1)
    return run(variables, variables.model.new_constant(0), False, limits, meter)
