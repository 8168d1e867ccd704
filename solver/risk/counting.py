"""What is looked for in the courses of a plan: every rule that they may come to break, and lateness.

A course breaks a rule when the times that come about do, by the meaning of the rule in `docs/solver.md` with minutes
for slots. Each function gives one flag per course.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from solver.problem import Anchor, Group, Interval, Problem, Resource
from solver.risk.course import Courses, Flags, Minutes, overrun
from solver.risk.handover import Use
from solver.risk.network import Day, Network, Step
from solver.risk.uncertainty import Uncertainty


def outside(problem: Problem, step: Step, intervals: Sequence[Interval], start: Minutes, end: Minutes) -> Flags:
    """Whether an action lies in none of the intervals."""
    slot = problem.slot_minutes
    inside = np.zeros(len(start), dtype=np.bool_)
    for interval in intervals:
        # It never begins earlier than planned.
        if interval.end_slot > step.placement.start_slot:
            inside |= (start >= interval.start_slot * slot) & (end <= interval.end_slot * slot)
    return ~inside


def outside_windows(problem: Problem, step: Step, start: Minutes, end: Minutes) -> Flags:
    """Whether an action breaks `windows`: it lasts beyond the horizon, or lies in none of its windows."""
    windows = problem.actions[step.placement.action].windows
    return outside(problem, step, windows, start, end) | (end > problem.horizon_slots * problem.slot_minutes)


def in_forbidden_hours(problem: Problem, step: Step, start: Minutes, end: Minutes) -> Flags:
    """Whether an action breaks `forbidden_hours`."""
    return _touches(problem, step, problem.actions[step.placement.action].forbidden, start, end)


def in_claims(problem: Problem, step: Step, start: Minutes, end: Minutes) -> Flags:
    """Whether an action breaks `claims`."""
    return _touches(problem, step, problem.actions[step.placement.action].claimed, start, end)


def _touches(problem: Problem, step: Step, intervals: Sequence[Interval], start: Minutes, end: Minutes) -> Flags:
    slot = problem.slot_minutes
    touched = np.zeros(len(start), dtype=np.bool_)
    for interval in intervals:
        # It never begins earlier than planned.
        if interval.end_slot > step.placement.start_slot:
            touched |= (start < interval.end_slot * slot) & (end > interval.start_slot * slot)
    return touched


def outside_warrants(problem: Problem, step: Step, start: Minutes, end: Minutes) -> Flags:
    """Whether an action breaks `warrants`."""
    warrants = problem.actions[step.placement.action].warrants
    if warrants is None:
        return np.zeros(len(start), dtype=np.bool_)
    return outside(problem, step, warrants, start, end)


def is_late(problem: Problem, step: Step, end: Minutes) -> Flags:
    """Whether an action ends after its due slot."""
    due_slot = problem.actions[step.placement.action].due_slot
    if due_slot is None:
        return np.zeros(len(end), dtype=np.bool_)
    return end > due_slot * problem.slot_minutes


def breaks_lags(problem: Problem, network: Network, courses: Courses) -> dict[int, Flags]:
    """By position of the later action, whether it starts outside the lags to any of its predecessors."""
    found: dict[int, Flags] = {}
    for each in problem.precedences:
        before, after = network.position.get(each.before), network.position.get(each.after)
        if before is None or after is None:
            continue
        anchor = courses.ends[before] if each.anchor is Anchor.END else courses.starts[before]
        # The very sum that was waited for: the difference would be rounded otherwise.
        broken = courses.starts[after] < anchor + each.min_lag_slots * problem.slot_minutes
        if each.max_lag_slots is not None:
            broken |= courses.starts[after] > anchor + each.max_lag_slots * problem.slot_minutes
        found[after] = found[after] | broken if after in found else broken
    return found


def apart(problem: Problem, group: Group, network: Network, courses: Courses) -> Flags | None:
    """Whether the starts of a group lie farther apart than its tolerance; None when it has no two placed."""
    starts = [courses.starts[network.position[action]] for action in group.actions if action in network.position]
    if len(starts) < 2:
        return None
    first, last = starts[0].copy(), starts[0].copy()
    for start in starts[1:]:
        np.minimum(first, start, out=first)
        np.maximum(last, start, out=last)
    return last > first + group.tolerance_slots * problem.slot_minutes


def duty_too_long(problem: Problem, day: Day, courses: Courses) -> Flags:
    """Whether a unit breaks `duty_and_rest`, its rest counted as the journeys come out."""
    duty = problem.units[day.unit].duty
    broken = np.zeros(len(courses.starts[0]), dtype=np.bool_)
    if duty is None:
        return broken
    most, rest = duty.max_duty_slots * problem.slot_minutes, duty.min_rest_slots * problem.slot_minutes
    began = courses.starts[day.positions[0]]
    for number, position in enumerate(day.positions):
        start, end = courses.starts[position], courses.ends[position]
        if number:
            there = courses.ends[day.positions[number - 1]] + courses.ways[position][day.ways[number - 1]]
            began = np.where(start >= there + rest, start, began)
        broken |= end > began + most
    return broken


def too_late_for_next(network: Network, courses: Courses) -> dict[int, Flags]:
    """By position of the earlier action, whether one of its units comes too late for its next one."""
    found: dict[int, Flags] = {}
    for position, step in enumerate(network.steps):
        for wait in step.waits:
            if wait.kind == "unit":
                late = courses.ends[wait.source] + courses.ways[position][wait.way] > step.start_minutes
                found[wait.source] = found[wait.source] | late if wait.source in found else late
    return found


def shortage(
    problem: Problem, resource: int, uses: Sequence[Use], network: Network, courses: Courses, uncertainty: Uncertainty
) -> Minutes | None:
    """By how much a resource lacks at worst, one figure per course; None when it cannot run short.

    Looked at where a use begins and where the capacity falls: nowhere else can it come to lack.
    """
    spans = [_span(problem, use, network, courses, uncertainty, resource) for use in uses]
    steps = problem.resources[resource].steps
    if not problem.resources[resource].renewable:
        taken = sum((span[2] for span in spans), np.zeros(len(spans[0][0])))
        return np.maximum(taken - steps[0].capacity, 0.0)
    begins, untils = np.stack([span[0] for span in spans]), np.stack([span[1] for span in spans])
    amounts = [span[2] for span in spans]
    most = sum(float(np.max(amount)) for amount in amounts)
    first, last = begins.min(axis=1), begins.max(axis=1)
    if (
        steps
        and most <= min(step.capacity for step in steps)
        and first.min() >= steps[0].from_slot * problem.slot_minutes
    ):
        return None
    soonest, latest = untils.min(axis=1), untils.max(axis=1)
    worst = np.zeros(begins.shape[1])
    for moment, there in _moments(problem, problem.resources[resource], begins):
        low, high = float(np.min(moment)), float(np.max(moment))
        used = -there
        for number in np.flatnonzero((first <= high) & (latest > low)):
            if last[number] <= low and soonest[number] > high:
                used = used + amounts[number]
            else:
                under_way = (begins[number] <= moment) & (moment < untils[number])
                used = used + under_way * amounts[number]
        np.maximum(worst, used, out=worst)
    return worst


def _span(
    problem: Problem, use: Use, network: Network, courses: Courses, uncertainty: Uncertainty, resource: int
) -> tuple[Minutes, Minutes, Minutes | float]:
    """Begin, end and amount of a use, as they come out."""
    position = use.position
    begin = courses.starts[position] + use.offset_minutes
    until = begin + use.length_minutes
    if use.stretches:
        until = until + overrun(network.steps[position], courses.starts[position], courses.ends[position])
    found = courses.victims[position]
    if found is None or problem.resources[resource].kind not in uncertainty.victim_resource_kinds:
        return begin, until, float(use.amount)
    expected = problem.actions[network.steps[position].placement.action].expected_victims
    return begin, until, np.ceil(use.amount * found / expected)


def _moments(
    problem: Problem, resource: Resource, begins: NDArray[np.float64]
) -> Iterator[tuple[Minutes | float, Minutes | float]]:
    """Moments at which a resource may come to lack, each with what is there then."""
    froms = np.array([step.from_slot * problem.slot_minutes for step in resource.steps], dtype=np.float64)
    there: NDArray[np.float64] = np.array([0, *(step.capacity for step in resource.steps)], dtype=np.float64)
    for begin in begins:
        yield begin, there[np.searchsorted(froms, begin, side="right")]
    for number, from_minutes in enumerate(froms):
        if there[number + 1] < there[number]:
            yield float(from_minutes), float(there[number + 1])
