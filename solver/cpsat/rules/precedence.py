"""Lags between actions are kept."""

from __future__ import annotations

from solver.cpsat.variables import Variables
from solver.problem import Anchor


def add(variables: Variables) -> None:
    """Keep the lags between free actions; those towards fixed ones are kept by narrowing to the surroundings."""
    model = variables.model
    for relation in variables.problem.precedences:
        if relation.after not in variables.present:
            continue
        after = variables.present[relation.after]
        if relation.before not in variables.present:
            is_fixed = variables.scope.around is not None and variables.scope.around.placed[relation.before]
            if relation.required and not is_fixed:
                model.add(after == 0)
            continue
        before = variables.present[relation.before]
        if relation.required:
            model.add_implication(after, before)
        at_end = relation.anchor is Anchor.END
        anchor = variables.end(relation.before) if at_end else variables.starts[relation.before]
        lag = variables.starts[relation.after] - anchor
        model.add(lag >= relation.min_lag_slots).only_enforce_if([before, after])
        if relation.max_lag_slots is not None:
            model.add(lag <= relation.max_lag_slots).only_enforce_if([before, after])
