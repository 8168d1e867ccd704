"""Neighbourhoods of plans that place all actions of several projects."""

from __future__ import annotations

from ortools.sat.python import cp_model

from solver.cpsat.goals import makespan, project_delay
from solver.cpsat.model import build
from solver.cpsat.scope import Scope
from solver.cpsat.variables import Variables
from solver.draft import Draft
from solver.facts import Facts


def all_placed(facts: Facts, around: Draft, free: tuple[int, ...]) -> tuple[Variables, cp_model.LinearExpr]:
    """Give a model in which the free actions are all placed beside the others, and what is to be lowered in it.

    That is the delay of all projects and, between plans of one delay, the makespan: one number, as no makespan is
    longer than the horizon.
    """
    variables = build(Scope(facts, around, free))
    for action in free:
        variables.model.add(variables.present[action] == 1)
    delay = variables.model.new_constant(0) + project_delay.value(variables)
    return variables, (facts.horizon_slots + 1) * delay + makespan.value(variables)
