"""No more of a resource is used than there is."""

from __future__ import annotations

from ortools.sat.python import cp_model

from solver.cpsat.variables import Literal, Variables
from solver.draft.profile import Profile


def add(variables: Variables) -> None:
    """Keep each resource's uses below what remains beside the actions that stay placed."""
    used_up: dict[int, list[cp_model.LinearExpr]] = {}
    uses: dict[int, list[tuple[cp_model.IntervalVar, int, int, int]]] = {}
    for (action, mode), chosen in variables.modes.items():
        if not variables.mode_starts[action, mode]:
            continue
        for resource, amount, offset_slots, length_slots in variables.facts.demands[action][mode]:
            if not variables.problem.resources[resource].renewable:
                used_up.setdefault(resource, []).append(amount * chosen)
                continue
            interval = _interval(variables, action, chosen, offset_slots, length_slots)
            low = variables.earliest_start(action) + offset_slots
            high = variables.latest_start(action) + offset_slots + length_slots
            uses.setdefault(resource, []).append((interval, amount, low, high))
    for resource, amounts in used_up.items():
        # All such needs meet at slot 0, see `Facts.demands`.
        variables.model.add(sum(amounts) <= max(0, _profile(variables, resource).remaining_at(0)))
    for resource, wanted in uses.items():
        _add_cumulative(variables, resource, wanted)


def _interval(
    variables: Variables, action: int, chosen: Literal, offset_slots: int, length_slots: int
) -> cp_model.IntervalVar:
    start = variables.starts[action] + offset_slots
    return variables.model.new_optional_fixed_size_interval_var(start, length_slots, chosen, "")


def _add_cumulative(
    variables: Variables, resource: int, wanted: list[tuple[cp_model.IntervalVar, int, int, int]]
) -> None:
    profile = _profile(variables, resource)
    low, high = min(use[2] for use in wanted), max(use[3] for use in wanted)
    segments = [
        (max(from_slot, low), min(until_slot, high), max(remaining, 0))
        for from_slot, until_slot, remaining in profile.segments()
        if from_slot < high and until_slot > low
    ]
    if sum(use[1] for use in wanted) <= min(remaining for _, _, remaining in segments):
        return
    most = max(remaining for _, _, remaining in segments)
    intervals = [use[0] for use in wanted]
    amounts = [use[1] for use in wanted]
    for from_slot, until_slot, remaining in segments:
        if remaining < most:
            # What is not there is used up by an interval of its own.
            intervals.append(variables.model.new_fixed_size_interval_var(from_slot, until_slot - from_slot, ""))
            amounts.append(most - remaining)
    variables.model.add_cumulative(intervals, amounts, most)


def _profile(variables: Variables, resource: int) -> Profile:
    """What there is of a resource beside the actions that stay placed."""
    around = variables.scope.around
    if around is not None:
        return around.profiles[resource]
    return Profile(variables.problem.resources[resource], variables.facts.horizon_slots)
