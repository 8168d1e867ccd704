"""Amounts of resources as they go from one action to the next: who takes over what from whom.

The amounts of a resource are handed on as the plan foresees, as in the resource flow networks of Artigues, Michelon
and Reusser (2003: Insertion techniques for static and dynamic resource-constrained project scheduling): whoever has
been done with an amount for longest gives it first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.problem import Problem, Resource
from solver.solution import Placement


@dataclass(frozen=True, slots=True)
class Use:
    """What a placed action takes up of a resource.

    Parameters
    ----------
    position
        Of the action, in the order in which the plan is carried out.
    amount
        As planned.
    offset_minutes, length_minutes
        From the action's start to where the use begins, and for how long.
    stretches
        Whether it is planned to last at least to the action's end, and so grows when the action takes longer.
    waits
        Whether it begins before the action's end, so that the action does not start without it.
    start_minutes
        Where it begins, as planned.
    """

    position: int
    amount: int
    offset_minutes: int
    length_minutes: int
    stretches: bool
    waits: bool
    start_minutes: int


@dataclass(frozen=True, slots=True)
class Handover:
    """The action at position `giver` is planned to be done with an amount before that at `taker` takes it up.

    Parameters
    ----------
    release_minutes
        When the giver is done with it, as planned.
    offset_minutes
        From the taker's start to where it takes it up.
    stretches
        Whether the giver holds it longer when it takes longer itself.
    """

    giver: int
    taker: int
    release_minutes: int
    offset_minutes: int
    stretches: bool


def uses_of(problem: Problem, ordered: Sequence[Placement]) -> dict[int, tuple[Use, ...]]:
    """Give the uses of each resource by placements in the order in which they are carried out."""
    found: dict[int, list[Use]] = {}
    slot = problem.slot_minutes
    for position, placement in enumerate(ordered):
        mode = problem.actions[placement.action].modes[placement.mode]
        for need in mode.resource_needs:
            use = Use(
                position,
                need.amount,
                need.offset_slots * slot,
                need.length_slots * slot,
                need.offset_slots + need.length_slots >= mode.duration_slots,
                need.offset_slots < mode.duration_slots,
                (placement.start_slot + need.offset_slots) * slot,
            )
            found.setdefault(need.resource, []).append(use)
    return {resource: tuple(found[resource]) for resource in sorted(found)}


@dataclass(slots=True)
class _Free:
    """An amount that nobody has, and who had it; None where nobody ever had."""

    amount: int
    had: Use | None


def handovers(resource: Resource, uses: Sequence[Use], slot_minutes: int) -> Iterator[Handover]:
    """Give who takes over from whom; where the uses do not keep the capacity, what lacks comes from nowhere."""
    free: deque[_Free] = deque()
    held: list[tuple[int, int, _Free]] = []
    turns = {step.from_slot * slot_minutes: step.capacity for step in resource.steps}
    capacity = 0
    starts = {use.start_minutes for use in uses}
    by_start = sorted(uses, key=lambda use: (use.start_minutes, use.position))
    waiting = deque(by_start)
    for now in sorted({*turns, *starts}):
        done = sorted((each for each in held if each[0] <= now), key=lambda each: each[:2])
        held = [each for each in held if each[0] > now]
        free.extend(each[2] for each in done)
        if now in turns:
            _change(free, turns[now] - capacity)
            capacity = turns[now]
        while waiting and waiting[0].start_minutes == now:
            use = waiting.popleft()
            yield from _taken(free, use)
            until = use.start_minutes + use.length_minutes
            held.append((until, use.position, _Free(use.amount, use)))


def _change(free: deque[_Free], more: int) -> None:
    """Let the capacity grow, or shrink by what was free last: it is what others would have to wait for longest."""
    if more > 0:
        free.appendleft(_Free(more, None))
    while more < 0 and free:
        taken = min(-more, free[-1].amount)
        free[-1].amount -= taken
        more += taken
        if not free[-1].amount:
            free.pop()


def _taken(free: deque[_Free], use: Use) -> Iterator[Handover]:
    left = use.amount
    while left and free:
        first = free[0]
        taken = min(left, first.amount)
        first.amount -= taken
        left -= taken
        had = first.had
        # Who is planned to start later cannot be waited for.
        if had is not None and use.waits and had.position < use.position:
            release = had.start_minutes + had.length_minutes
            yield Handover(had.position, use.position, release, use.offset_minutes, had.stretches)
        if not first.amount:
            free.popleft()
