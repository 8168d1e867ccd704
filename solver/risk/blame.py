"""Whose durations bring breaches about: traced back in each course along what held up what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.problem import Problem
from solver.risk import counting
from solver.risk.course import Courses, Flags, Weather, carry_out
from solver.risk.network import Network, make_network
from solver.risk.uncertainty import Uncertainty
from solver.solution import Placement


@dataclass(frozen=True, slots=True)
class Blame:
    """How often an action took longer than planned on the way to a breach, over so many courses."""

    action: int
    courses: int


def blame(
    problem: Problem, placements: tuple[Placement, ...], uncertainty: Uncertainty, *, runs: int, seed: int
) -> tuple[Blame, ...]:
    """Return the actions whose overruns lead to breaches, the most frequent first.

    An action that breaks a rule of its own, the last of a group that strikes apart, and the actions of a duty that
    grows too long are where it shows; to blame are they and, one after the other, whatever held each of them up last,
    as far as it took longer than planned itself.
    """
    network = make_network(problem, placements)
    if not network.steps:
        return ()
    draws = Weather(problem, network, uncertainty, seed).draw(runs)
    courses = carry_out(network, draws, with_holders=True)
    shown = _shown(problem, network, courses, runs)
    counts = []
    for position in reversed(range(len(network.steps))):
        flags = shown[position]
        for number, wait in enumerate(network.steps[position].waits):
            if wait.source >= 0:
                shown[wait.source] |= flags & (courses.holders[position] == number)
        longer = draws.durations[position] > 1.0
        counts.append(Blame(network.steps[position].placement.action, int(np.count_nonzero(flags & longer))))
    return tuple(sorted((each for each in counts if each.courses), key=lambda each: (-each.courses, each.action)))


def _shown(problem: Problem, network: Network, courses: Courses, runs: int) -> Sequence[Flags]:
    """By position, in which courses the action is where a breach shows."""
    shown = [np.zeros(runs, dtype=np.bool_) for _ in network.steps]
    lags = counting.breaks_lags(problem, network, courses)
    for position, step in enumerate(network.steps):
        start, end = courses.starts[position], courses.ends[position]
        shown[position] |= counting.outside_windows(problem, step, start, end)
        shown[position] |= counting.in_forbidden_hours(problem, step, start, end)
        shown[position] |= counting.in_claims(problem, step, start, end)
        shown[position] |= counting.outside_warrants(problem, step, start, end)
        if position in lags:
            shown[position] |= lags[position]
    for day in network.days:
        availability = problem.units[day.unit].availability
        long = counting.duty_too_long(problem, day, courses)
        for position in day.positions:
            step, start, end = network.steps[position], courses.starts[position], courses.ends[position]
            shown[position] |= long | counting.outside(problem, step, availability, start, end)
    for group in problem.groups:
        flags = counting.apart(problem, group, network, courses)
        if flags is not None:
            for action in group.actions:
                position = network.position[action]
                shown[position] |= flags & (courses.starts[position] > network.steps[position].start_minutes)
    return shown
