"""From the first release of a project to the end of the last one."""

from __future__ import annotations

from solver.cpsat.goals.project_delay import last_ends
from solver.cpsat.variables import Linear, Variables


def value(variables: Variables) -> Linear:
    """The slots from the first release to the last end of a project, what stays placed included."""
    problem, around = variables.problem, variables.scope.around
    if not problem.projects:
        return 0
    first_slot = min(project.release_slot for project in problem.projects)
    makespan = variables.model.new_int_var(0, max(0, problem.horizon_slots - first_slot), "makespan")
    for end in last_ends(variables).values():
        variables.model.add(makespan >= end - first_slot)
    for action, placed in enumerate(around.placed) if around is not None else ():
        if placed is not None and problem.actions[action].project is not None:
            end_slot = placed.start_slot + variables.facts.durations[action][placed.mode]
            variables.model.add(makespan >= end_slot - first_slot)
    return makespan
