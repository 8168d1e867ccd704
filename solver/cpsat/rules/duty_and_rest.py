"""Units rest before their duty grows too long."""

from __future__ import annotations

from solver.cpsat.stints import Stint, follows, may_follow, stints_of, way_slots
from solver.cpsat.variables import Literal, Truth, Variables
from solver.facts import FAR_SLOTS
from solver.problem import DutyLimit

Link = tuple[Stint, Stint]


def narrow(variables: Variables) -> None:
    """Take away services that alone are longer than the unit's duty."""
    for service in variables.services:
        duty = variables.problem.units[service.unit].duty
        if duty is not None and variables.facts.durations[service.action][service.mode] > duty.max_duty_slots:
            service.starts = 0


def add(variables: Variables) -> None:
    """Give each stint the start of its duty block; one not parted by rest from an earlier one inherits it."""
    for unit, actions in variables.units.items():
        duty = variables.problem.units[unit].duty
        # One free stint among fixed ones is kept by narrowing to the surroundings.
        if duty is None or len(actions) < 2:
            continue
        stints = stints_of(variables, unit)
        links = [
            (one, other)
            for one in stints
            for other in stints
            if one is not other and (one.free or other.free) and _may_link(variables, duty, one, other)
        ]
        if links:
            _add_blocks(variables, duty, links)


def _may_link(variables: Variables, duty: DutyLimit, one: Stint, other: Stint) -> bool:
    """Whether `other` can follow `one` without a rest between them."""
    way = way_slots(variables, one, other)
    if way >= FAR_SLOTS or not may_follow(variables, one, other):
        return False
    latest_end_slot = one.latest_slot + one.longest_slots
    return other.earliest_slot < latest_end_slot + way + duty.min_rest_slots


def _add_blocks(variables: Variables, duty: DutyLimit, links: list[Link]) -> None:
    model = variables.model
    stints = {stint: None for link in links for stint in link}
    earliest_slot = min(stint.earliest_slot for stint in stints)
    latest_end_slot = max(stint.latest_slot + stint.longest_slots for stint in stints)
    if latest_end_slot - earliest_slot <= duty.max_duty_slots:
        return
    block_starts = {}
    for stint in stints:
        block_start = model.new_int_var(earliest_slot, stint.latest_slot, f"block {stint.action}")
        block_starts[stint] = block_start
        model.add(block_start <= stint.start)
        model.add(stint.end - block_start <= duty.max_duty_slots).only_enforce_if(stint.serving)
    for one, other in links:
        joined: list[Truth] = [stint.serving for stint in (one, other) if stint.free]
        joined += [follows(variables, one, other), _rested(variables, duty, one, other).negated()]
        model.add(block_starts[other] <= block_starts[one]).only_enforce_if(joined)


def _rested(variables: Variables, duty: DutyLimit, one: Stint, other: Stint) -> Literal:
    """A literal that, when true, leaves the way and a rest between the two."""
    gap_slots = way_slots(variables, one, other) + duty.min_rest_slots
    if one.free and other.free:
        return variables.apart(one.action, other.action, gap_slots)
    rested = variables.model.new_bool_var("")
    variables.model.add(other.start >= one.end + gap_slots).only_enforce_if(rested)
    return rested
