"""Weighted slots that actions end after they are due."""

from __future__ import annotations

from solver.cpsat.variables import Linear, Variables


def value(variables: Variables) -> Linear:
    """Sum weight x late slots over the free actions that can be late."""
    terms = []
    for action, present in variables.present.items():
        due_slot = variables.problem.actions[action].due_slot
        worst_slots = 0 if due_slot is None else variables.latest_end(action) - due_slot
        if due_slot is None or worst_slots <= 0:
            continue
        late = variables.model.new_int_var(0, worst_slots, f"late {action}")
        variables.model.add(late >= variables.end(action) - due_slot).only_enforce_if(present)
        terms.append(variables.problem.actions[action].weight * late)
    return sum(terms)
