"""Orders that are other than in an earlier plan."""

from __future__ import annotations

from solver.cpsat.variables import Linear, Literal, Variables


def value(variables: Variables) -> Linear:
    """Count, over the free actions that the earlier plan has, what `solver.score.changes_of` does.

    Literals may be false where an order does hold; as fewer is better, they are not where it counts.
    """
    terms: list[Linear] = []
    for action in variables.free:
        kept = variables.problem.actions[action].kept
        if kept is None:
            continue
        orders = [(need, unit) for need, units in enumerate(kept.units) for unit in units]
        if kept.start_slot < 0 or not variables.mode_starts[action, kept.mode] >> kept.start_slot & 1:
            terms.append(1 + len(orders))
            continue
        held = _held(variables, action)
        exactly = variables.model.new_bool_var(f"as before {action}")
        variables.model.add_implication(exactly, held)
        terms.append(1 - exactly)
        for need, unit in orders:
            serving = _service(variables, action, kept.mode, need, unit)
            if serving is None:
                variables.model.add(exactly == 0)
                terms.append(1)
                continue
            order = variables.model.new_bool_var(f"order {action} {unit}")
            variables.model.add_implication(order, held)
            variables.model.add_implication(order, serving)
            variables.model.add_implication(exactly, order)
            terms.append(1 - order)
    return sum(terms)


def _held(variables: Variables, action: int) -> Literal:
    """Give a literal that is true only when the action is in its earlier mode at its earlier start."""
    kept = variables.problem.actions[action].kept
    assert kept is not None
    held = variables.model.new_bool_var(f"held {action}")
    variables.model.add_implication(held, variables.modes[action, kept.mode])
    variables.model.add(variables.starts[action] == kept.start_slot).only_enforce_if(held)
    return held


def _service(variables: Variables, action: int, mode: int, need: int, unit: int) -> Literal | None:
    for service in variables.services_of(action, mode, need):
        if service.unit == unit:
            return service.literal
    return None
