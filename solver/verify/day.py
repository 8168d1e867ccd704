"""How a unit's actions follow one another: one at a time, travel, duty and rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from solver.problem import Problem, Unit
from solver.solution import Placement
from solver.verify.breach import Breach


def _by_unit(placements: tuple[Placement, ...]) -> dict[int, list[Placement]]:
    """Each used unit with its placements, ordered by start."""
    served: dict[int, list[Placement]] = {}
    for placement in sorted(placements, key=lambda placed: (placed.start_slot, placed.action)):
        for unit in set(placement.all_units()):
            served.setdefault(unit, []).append(placement)
    return served


def _way_slots(problem: Problem, origin: Placement, destination: Placement) -> int | None:
    actions = problem.actions
    return problem.travel_slots(actions[origin.action].site, actions[destination.action].site)


def one_action_at_a_time(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """No two actions of a unit share a slot."""
    for index, served in _by_unit(placements).items():
        # The latest end so far, not the neighbour's: a long action may cover several short ones.
        busy_until, busy_with = served[0].end_slot(problem), served[0]
        for placement in served[1:]:
            if placement.start_slot < busy_until:
                names = [problem.actions[placed.action].name for placed in (busy_with, placement)]
                message = f"{problem.units[index].name} serves {names[0]} and {names[1]} at once."
                facts: dict[str, int | str] = {
                    "unit": index,
                    "action": placement.action,
                    "other": busy_with.action,
                }
                yield Breach("one_action_at_a_time", message, facts)
            if placement.end_slot(problem) > busy_until:
                busy_until, busy_with = placement.end_slot(problem), placement


def travel(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """Units have time for the way from home in each availability interval, and between consecutive actions."""
    for index, served in _by_unit(placements).items():
        unit = problem.units[index]
        for placement in served:
            yield from _way_from_home(problem, index, unit, placement)
        for earlier, later in pairwise(served):
            way_slots = _way_slots(problem, earlier, later)
            free_slots = later.start_slot - earlier.end_slot(problem)
            if free_slots < 0:
                continue  # said by one_action_at_a_time
            if way_slots is None or way_slots > free_slots:
                names = [problem.actions[placed.action].name for placed in (earlier, later)]
                message = f"{unit.name} cannot be at {names[1]} in time after {names[0]}."
                facts: dict[str, int | str] = {
                    "unit": index,
                    "action": later.action,
                    "other": earlier.action,
                    "free_slots": free_slots,
                    "way_slots": "none" if way_slots is None else way_slots,
                }
                yield Breach("travel", message, facts)


def _way_from_home(problem: Problem, index: int, unit: Unit, placement: Placement) -> Iterator[Breach]:
    action = problem.actions[placement.action]
    way_slots = problem.travel_slots(unit.home, action.site)
    for interval in unit.availability:
        if not interval.holds(placement.start_slot, placement.end_slot(problem)):
            continue
        free_slots = placement.start_slot - interval.start_slot
        if way_slots is None or way_slots > free_slots:
            message = f"{unit.name} cannot be at {action.name} in time from home."
            facts: dict[str, int | str] = {
                "unit": index,
                "action": placement.action,
                "free_slots": free_slots,
                "way_slots": "none" if way_slots is None else way_slots,
            }
            yield Breach("travel", message, facts)


def duty_and_rest(problem: Problem, placements: tuple[Placement, ...]) -> Iterator[Breach]:
    """No duty block of a unit is longer than its limit."""
    for index, served in _by_unit(placements).items():
        unit = problem.units[index]
        if unit.duty is None:
            continue
        block: list[Placement] = []
        for placement in served:
            if block and _rests_between(problem, unit.duty.min_rest_slots, block[-1], placement):
                block = []
            block.append(placement)
            length_slots = placement.end_slot(problem) - block[0].start_slot
            if length_slots > unit.duty.max_duty_slots:
                message = f"{unit.name} is on duty for {length_slots} slots without enough rest."
                facts: dict[str, int | str] = {
                    "unit": index,
                    "action": placement.action,
                    "first": block[0].action,
                    "length_slots": length_slots,
                    "max_duty_slots": unit.duty.max_duty_slots,
                }
                yield Breach("duty_and_rest", message, facts)


def _rests_between(problem: Problem, min_rest_slots: int, earlier: Placement, later: Placement) -> bool:
    way_slots = _way_slots(problem, earlier, later)
    free_slots = later.start_slot - earlier.end_slot(problem)
    return way_slots is not None and free_slots - way_slots >= min_rest_slots
