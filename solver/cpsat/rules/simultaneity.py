"""Groups strike together or not at all."""

from __future__ import annotations

from solver.cpsat.variables import Variables


def add(variables: Variables) -> None:
    """Place all actions of a group or none, with starts inside the tolerance; groups are free as a whole."""
    model = variables.model
    for group in variables.problem.groups:
        members = [action for action in group.actions if action in variables.present]
        if not members:
            continue
        if len(members) < len(group.actions):
            for action in members:
                model.add(variables.present[action] == 0)
            continue
        leader = variables.present[members[0]]
        for action in members[1:]:
            model.add(variables.present[action] == leader)
        if group.tolerance_slots == 0:
            for action in members[1:]:
                model.add(variables.starts[action] == variables.starts[members[0]]).only_enforce_if(leader)
            continue
        low = min(variables.earliest_start(action) for action in members)
        high = max(variables.latest_start(action) for action in members)
        first = model.new_int_var(low, high, f"first start of {members}")
        for action in members:
            model.add(variables.starts[action] >= first).only_enforce_if(leader)
            model.add(variables.starts[action] <= first + group.tolerance_slots).only_enforce_if(leader)
