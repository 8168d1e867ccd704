"""Whether what is used is there: capacity."""

from __future__ import annotations

from collections.abc import Iterator

from solver.problem import Problem
from solver.solution import Placement
from solver.verify.breach import Breach


def capacity(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """At no slot is more of a resource used than there is; each stretch of excess is one breach.

    Of what is used up, no more is taken in all than there is.
    """
    yield from _used_up(problem, placements)
    changes: dict[int, dict[int, int]] = {}
    for placement in placements:
        for need in problem.actions[placement.action].modes[placement.mode].resource_needs:
            if not problem.resources[need.resource].renewable:
                continue
            from_slot = placement.start_slot + need.offset_slots
            change = changes.setdefault(need.resource, {})
            change[from_slot] = change.get(from_slot, 0) + need.amount
            until_slot = from_slot + need.length_slots
            change[until_slot] = change.get(until_slot, 0) - need.amount
    for index, change in changes.items():
        resource = problem.resources[index]
        for step in resource.steps:
            change.setdefault(step.from_slot, 0)
        used, exceeded = 0, False
        for slot in sorted(change):
            used += change[slot]
            offered = resource.capacity_at(slot)
            if used > offered and not exceeded:
                message = f"{used} of {resource.name} are used in slot {slot}, {offered} are there."
                facts: dict[str, int | str] = {
                    "resource": index,
                    "slot": slot,
                    "used": used,
                    "capacity": offered,
                }
                yield Breach("capacity", message, facts)
            exceeded = used > offered


def _used_up(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    taken: dict[int, int] = {}
    for placement in placements:
        for need in problem.actions[placement.action].modes[placement.mode].resource_needs:
            if not problem.resources[need.resource].renewable:
                taken[need.resource] = taken.get(need.resource, 0) + need.amount
    for index, used in taken.items():
        resource = problem.resources[index]
        offered = resource.steps[0].capacity
        if used > offered:
            message = f"{used} of {resource.name} are used up, {offered} are there."
            facts: dict[str, int | str] = {"resource": index, "used": used, "capacity": offered}
            yield Breach("capacity", message, facts)
