"""Cost of modes, and of units' slots in action and on the road."""

from __future__ import annotations

from solver.cpsat.stints import Stint, follows, may_follow, stints_of, way_slots
from solver.cpsat.variables import Linear, Literal, Truth, Variables
from solver.facts import FAR_SLOTS
from solver.problem import Interval

Road = tuple[int, Literal]


def value(variables: Variables) -> Linear:
    """Sum the costs of the free actions and all roads of the units that could serve them."""
    problem, facts = variables.problem, variables.facts
    terms: list[Linear] = [
        problem.actions[action].modes[mode].cost * chosen for (action, mode), chosen in variables.modes.items()
    ]
    for service in variables.services:
        slots = facts.durations[service.action][service.mode]
        terms.append(problem.units[service.unit].cost_per_slot * slots * service.literal)
    for unit in variables.units:
        cost_per_slot = problem.units[unit].cost_per_slot
        if cost_per_slot:
            for shift in _shifts(variables, unit):
                roads = _roads(variables, unit, shift)
                terms.extend(cost_per_slot * slots * taken for slots, taken in roads)
    return sum(terms)


def _shifts(variables: Variables, unit: int) -> list[dict[Stint, Truth]]:
    """Per availability interval of the unit: its possible stints, each with whether it happens in there."""
    availability = variables.problem.units[unit].availability
    inside: list[dict[Stint, Truth]] = [{} for _ in availability]
    for stint in stints_of(variables, unit):
        shifts = [number for number, interval in enumerate(availability) if _may_lie_in(stint, interval)]
        if len(shifts) == 1:
            inside[shifts[0]][stint] = stint.serving
            continue
        here = {number: variables.model.new_bool_var("") for number in shifts}
        for number, literal in here.items():
            inside[number][stint] = literal
            variables.model.add(stint.start >= availability[number].start_slot).only_enforce_if(literal)
            variables.model.add(stint.start < availability[number].end_slot).only_enforce_if(literal)
        variables.model.add(sum(here.values()) == stint.serving)
    return [shift for shift in inside if shift]


def _may_lie_in(stint: Stint, interval: Interval) -> bool:
    return stint.earliest_slot < interval.end_slot and stint.latest_slot >= interval.start_slot


def _roads(variables: Variables, unit: int, shift: dict[Stint, Truth]) -> list[Road]:
    """The possible roads of one shift: those taken form one path from home through every stint, in time."""
    model, facts = variables.model, variables.facts
    home = variables.problem.units[unit].home
    roads: list[Road] = []
    into: dict[Stint, list[Literal]] = {stint: [] for stint in shift}
    out_of: dict[Stint, list[Literal]] = {stint: [] for stint in shift}
    firsts = []
    for stint in shift:
        from_home_slots = facts.way(home, facts.sites[stint.action])
        if from_home_slots < FAR_SLOTS:
            first = model.new_bool_var("")
            firsts.append(first)
            into[stint].append(first)
            roads.append((from_home_slots, first))
    for one in shift:
        for other in shift:
            way = way_slots(variables, one, other)
            if one is other or way >= FAR_SLOTS or not may_follow(variables, one, other):
                continue
            road = model.new_bool_var("")
            if one.free or other.free:
                model.add_implication(road, follows(variables, one, other))
            out_of[one].append(road)
            into[other].append(road)
            roads.append((way, road))
    for stint, serving in shift.items():
        model.add(sum(into[stint]) == serving)
        model.add(sum(out_of[stint]) <= serving)
    model.add_at_most_one(firsts)
    return roads
