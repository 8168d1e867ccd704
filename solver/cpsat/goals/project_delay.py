"""How much longer projects take than they would at best."""

from __future__ import annotations

from solver.cpsat.variables import Linear, Variables


def value(variables: Variables) -> Linear:
    """Sum the delays of the projects that have free actions, what stays placed of them included."""
    terms: list[Linear] = []
    problem = variables.problem
    for project, end in last_ends(variables).items():
        wanted = problem.projects[project]
        delay = variables.model.new_int_var(0, max(0, problem.horizon_slots - wanted.release_slot), f"delay {project}")
        variables.model.add(delay >= end - wanted.release_slot - wanted.least_slots)
        terms.append(delay)
    return sum(terms)


def last_ends(variables: Variables) -> dict[int, Linear]:
    """Give, per project with free actions, a variable that is at least the end of each of its placed actions.

    Where none is placed it may lie before the project's release, so that it asks for nothing.
    """
    problem, around = variables.problem, variables.scope.around
    ends: dict[int, Linear] = {}
    for action in variables.free:
        project = problem.actions[action].project
        if project is None:
            continue
        if project not in ends:
            low = min(0, problem.projects[project].release_slot)
            ends[project] = variables.model.new_int_var(low, problem.horizon_slots, f"project {project} ends")
        variables.model.add(ends[project] >= variables.end(action)).only_enforce_if(variables.present[action])
    for action, placed in enumerate(around.placed) if around is not None else ():
        project = problem.actions[action].project
        if placed is not None and project in ends:
            end_slot = placed.start_slot + variables.facts.durations[action][placed.mode]
            variables.model.add(ends[project] >= end_slot)
    return ends
