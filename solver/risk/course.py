"""Many courses of one plan at once: each action begins when it is planned to, or as soon after that as it can.

An array has an entry per course; the actions follow one another as in `Network.steps`, so that each is worked out in
all courses together. The draws of an action depend on the seed and its index alone, those of a way on its two ends:
two plans are held against each other in the same weather.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from solver.problem import Problem
from solver.risk.network import Network, Step, Wait
from solver.risk.spread import Spread
from solver.risk.uncertainty import Uncertainty

Minutes: TypeAlias = NDArray[np.float64]
Ratios: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

_DURATION, _WAY, _VICTIMS = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Draws:
    """What chance brings, per action by position: ratios to what is planned, one per course.

    Parameters
    ----------
    durations
        Of the action's duration.
    ways
        Of each of its ways (`Step.ways`).
    victims
        Victims found; None where nothing depends on them.
    """

    durations: Sequence[Ratios]
    ways: Sequence[Sequence[Ratios]]
    victims: Sequence[NDArray[np.float64] | None]


@dataclass(frozen=True, slots=True)
class Courses:
    """Start, end and journeys of each action by position, in minutes from the epoch, one entry per course.

    Parameters
    ----------
    starts, ends
        Of the actions.
    ways
        Minutes of each of an action's ways.
    victims
        As drawn.
    holders
        By which of `Step.waits` each start was held up last, -1 for none; empty unless asked for.
    """

    starts: Sequence[Minutes]
    ends: Sequence[Minutes]
    ways: Sequence[Sequence[Minutes]]
    victims: Sequence[NDArray[np.float64] | None]
    holders: Sequence[NDArray[np.int16]] = ()


class Weather:
    """The source of draws: one stream of chance per action and way, so that more courses continue the same streams.

    Parameters
    ----------
    problem, network, uncertainty
        What is carried out.
    seed
        Of all chance; equal seeds give equal draws.
    """

    def __init__(self, problem: Problem, network: Network, uncertainty: Uncertainty, seed: int) -> None:
        spreads = {(each.origin, each.destination): each.spread for each in uncertainty.ways}
        self._durations: list[_Stream] = []
        self._ways: list[list[_Stream]] = []
        self._victims: list[_Stream | None] = []
        self._expected: list[int] = []
        for step in network.steps:
            index = step.placement.action
            action = problem.actions[index]
            self._durations.append(_Stream(uncertainty.of_action(index), (seed, _DURATION, index)))
            self._ways.append(
                [
                    _Stream(spreads.get((way.origin, action.site), uncertainty.way), (seed, _WAY, index, way.origin))
                    for way in step.ways
                ]
            )
            self._expected.append(action.expected_victims)
            needs = action.modes[step.placement.mode].resource_needs
            kinds = {problem.resources[need.resource].kind for need in needs}
            counts = action.expected_victims > 0 and not kinds.isdisjoint(uncertainty.victim_resource_kinds)
            self._victims.append(_Stream(uncertainty.victims, (seed, _VICTIMS, index)) if counts else None)

    def draw(self, size: int) -> Draws:
        """Draw for `size` further courses."""
        return Draws(
            [stream.draw(size) for stream in self._durations],
            [[stream.draw(size) for stream in streams] for streams in self._ways],
            [
                None if stream is None else np.rint(stream.draw(size) * expected)
                for stream, expected in zip(self._victims, self._expected, strict=True)
            ],
        )


class _Stream:
    """The draws of one thing, from a generator of its own."""

    def __init__(self, spread: Spread, key: tuple[int, ...]) -> None:
        self._spread = spread
        self._chance = np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))

    def draw(self, size: int) -> Ratios:
        return self._spread.draw(self._chance, size)


def carry_out(network: Network, draws: Draws, *, with_holders: bool = False) -> Courses:
    """Carry the plan out in as many courses as there are draws."""
    starts: list[Minutes] = []
    ends: list[Minutes] = []
    ways: list[list[Minutes]] = []
    holders: list[NDArray[np.int16]] = []
    for position, step in enumerate(network.steps):
        ratios = draws.durations[position]
        journeys = [way.minutes * ratio for way, ratio in zip(step.ways, draws.ways[position], strict=True)]
        start = np.full(len(ratios), float(step.start_minutes))
        holder = np.full(len(ratios) if with_holders else 0, -1, dtype=np.int16)
        for number, wait in enumerate(step.waits):
            ready = _ready(network.steps, wait, starts, ends, journeys)
            if with_holders:
                holder[ready > start] = number
            np.maximum(start, ready, out=start)
        starts.append(start)
        ends.append(start + step.duration_minutes * ratios)
        ways.append(journeys)
        holders.append(holder)
    return Courses(starts, ends, ways, draws.victims, holders if with_holders else ())


def _ready(
    steps: Sequence[Step], wait: Wait, starts: Sequence[Minutes], ends: Sequence[Minutes], journeys: Sequence[Minutes]
) -> Minutes:
    """When what is waited for is there."""
    if wait.kind == "home":
        return journeys[wait.way] + wait.minutes
    if wait.kind == "unit":
        return ends[wait.source] + journeys[wait.way]
    if wait.kind == "handover":
        ready = starts[wait.source] + wait.minutes
        return ready + overrun(steps[wait.source], starts[wait.source], ends[wait.source]) if wait.stretches else ready
    return (ends if wait.at_end else starts)[wait.source] + wait.minutes


def overrun(step: Step, start: Minutes, end: Minutes) -> Minutes:
    """By how many minutes an action takes longer than planned; 0 where it does not."""
    return np.maximum(end - start - step.duration_minutes, 0.0)
