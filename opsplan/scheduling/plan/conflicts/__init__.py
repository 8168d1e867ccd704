"""Conflicts in the graph's words: which rules contradict each other, and which changes would resolve that.

What the solver found comes as its JSON has it (docs/solver.md), about the problem that the words are made from. Here
live the sentences of causes and of changes, and the conflict as it is kept. Here lives no searching (`solver.explain`).
"""

from opsplan.scheduling.plan.conflicts.causes import Asked, CauseTeller
from opsplan.scheduling.plan.conflicts.changes import ChangeTeller
from opsplan.scheduling.plan.conflicts.told import Plain, ToldCause, ToldConflict, ToldRelaxation, conflict_from_json
from opsplan.scheduling.problem.index import Index
from solver import Problem

__all__ = ["Asked", "ToldCause", "ToldConflict", "ToldRelaxation", "conflict_from_json", "told_conflict"]


def told_conflict(found: Plain, problem: Problem, index: Index, asked: Asked | None = None) -> ToldConflict:
    """Say a conflict in the graph's words; `asked` is what its cause of that name is about."""
    causes, changes = CauseTeller(problem, index, asked or Asked()), ChangeTeller(problem, index)
    return ToldConflict(
        found["feasibility"],
        found["minimal"],
        tuple(causes.cause(each) for each in found["causes"]),
        tuple(changes.relaxation(each) for each in found["relaxations"]),
    )
