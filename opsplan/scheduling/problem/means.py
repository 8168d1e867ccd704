"""Means that others' claims take: units and pools as they are left to whoever keeps away from what others claim.

As with places (`clearances`), the claims are those that all readers of the operation may read, and what they take bars
no plan: conflicts in units and pools are settled by keys. So a search is made to leave it alone, and no plan that
stands is judged by it. Who came first holds first: what is decided already keeps its units, and what it uses of pools.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from opsplan.deconfliction.rules.holds import Hold
from opsplan.scheduling.problem.index import Index
from opsplan.scheduling.problem.pools import PoolKey, Turns, turn
from opsplan.scheduling.problem.snapshot import ReadPoolUse, Snapshot
from opsplan.vocabulary.interval import Interval as Span
from solver import CapacityStep, Interval, Placement, Problem, Resource, Unit


def sparing(problem: Problem, index: Index, snapshot: Snapshot, decided: Iterable[Placement] | None = None) -> Problem:
    """Give the problem in which what others claim of units and pools is not there.

    Parameters
    ----------
    problem, index, snapshot
        What was made of the snapshot; its `unit_uses` and `pool_uses` are looked at.
    decided
        Placements that stay as they are; those that the problem locks, where None.
    """
    if not snapshot.unit_uses and not snapshot.pool_uses:
        return problem
    fixed = _locked(problem) if decided is None else tuple(decided)
    return replace(
        problem, units=_units(problem, index, snapshot, fixed), resources=_pools(problem, index, snapshot, fixed)
    )


def _locked(problem: Problem) -> tuple[Placement, ...]:
    """Give what is locked to a start and a mode."""
    return tuple(
        Placement(number, lock.mode, lock.start_slot, lock.units or ())
        for number, action in enumerate(problem.actions)
        if (lock := action.lock) is not None and lock.start_slot is not None and lock.mode is not None
    )


def _units(problem: Problem, index: Index, snapshot: Snapshot, decided: Iterable[Placement]) -> tuple[Unit, ...]:
    """Cut what claims take out of the times of units; a unit that is decided on keeps all its time."""
    kept = {unit for each in decided for unit in each.all_units()}
    taken: dict[str, list[Interval]] = {}
    for use in snapshot.unit_uses:
        span = index.grid.outward(use.start, use.end)
        if span is not None:
            taken.setdefault(use.unit_id, []).append(span)
    return tuple(
        replace(unit, availability=_without(unit.availability, taken[unit_id]))
        if unit_id in taken and number not in kept
        else unit
        for number, (unit, unit_id) in enumerate(zip(problem.units, index.unit_ids, strict=True))
    )


def _without(times: Iterable[Interval], taken: Iterable[Interval]) -> tuple[Interval, ...]:
    left = list(times)
    for span in taken:
        before = {(each.start_slot, min(each.end_slot, span.start_slot)) for each in left}
        after = {(max(each.start_slot, span.end_slot), each.end_slot) for each in left}
        left = [Interval(*part) for part in sorted(before | after) if part[0] < part[1]]
    return tuple(left)


def _pools(problem: Problem, index: Index, snapshot: Snapshot, decided: Iterable[Placement]) -> tuple[Resource, ...]:
    """Bound pools by what claims leave of all that there is."""
    uses = _by_pool(snapshot.pool_uses)
    fixed = _used(problem, decided)
    return tuple(
        replace(resource, steps=_bounded(resource.steps, _free(uses[key], index), fixed.get(number, {})))
        if key in uses and uses[key].held
        else resource
        for number, (resource, key) in enumerate(zip(problem.resources, index.pools, strict=True))
    )


def _by_pool(uses: Iterable[ReadPoolUse]) -> dict[PoolKey, ReadPoolUse]:
    return {PoolKey(each.country, each.kind, each.language or ""): each for each in uses}


def _used(problem: Problem, decided: Iterable[Placement]) -> Mapping[int, Turns]:
    """Give what placements use of each pool: by how much it rises, or falls, at the begin of a slot."""
    turns: dict[int, Turns] = {}
    for each in decided:
        for need in problem.actions[each.action].modes[each.mode].resource_needs:
            start = each.start_slot + need.offset_slots
            turn(turns.setdefault(need.resource, {}), Interval(start, start + need.length_slots), need.amount)
    return turns


def _free(use: ReadPoolUse, index: Index) -> Turns:
    """Give what claims leave of all that there is of a pool, as turns: rounded to whole slots, to the safe side."""
    turns: Turns = {}
    for start, end, amount in use.available:
        turn(turns, index.grid.inward(start, end), amount)
    for start, end, amount in use.held:
        turn(turns, index.grid.outward(start, end), -amount)
    return turns


def _bounded(
    steps: tuple[CapacityStep, ...], free: Mapping[int, int], fixed: Mapping[int, int]
) -> tuple[CapacityStep, ...]:
    """Bound a capacity by what is free, but not below what is decided on."""
    there = {each.from_slot: each.capacity for each in steps}
    capacity = left = used = 0
    found: list[CapacityStep] = []
    for slot in sorted({*there, *free, *fixed}):
        capacity = there.get(slot, capacity)
        left += free.get(slot, 0)
        used += fixed.get(slot, 0)
        bounded = min(capacity, max(left, used, 0))
        if (found[-1].capacity if found else 0) != bounded:
            found.append(CapacityStep(slot, bounded))
    return tuple(found)


def times_without_means(
    claim: Span, holds: Iterable[Hold], uses: Iterable[ReadPoolUse], within: Span
) -> Iterator[tuple[datetime, datetime]]:
    """Give the times that a claim of the same length may not touch, as there is too little left of what it holds.

    Parameters
    ----------
    claim, holds
        When it is now, and what it holds then; both move together.
    uses
        What others hold of the same pools, and what there is.
    within
        The time that is looked at.
    """
    by_pool = _by_pool(uses)
    length = claim.end - claim.start
    for hold in holds:
        use = by_pool[PoolKey(hold.pool.country, hold.pool.kind, hold.pool.language)]
        first, last = hold.start - claim.start, hold.end - claim.start
        for since, until in _lacking(use, hold.amount, Span(within.start + first, within.end + last)):
            yield since - last + length, until - first


def _lacking(use: ReadPoolUse, amount: int, within: Span) -> Iterator[tuple[datetime, datetime]]:
    """Give the spells within a time in which there is less left of a pool than an amount."""
    turns = {within.start: 0, within.end: 0}
    for sign, spells in ((1, use.available), (-1, use.held)):
        for start, end, each in spells:
            turns[start] = turns.get(start, 0) + sign * each
            turns[end] = turns.get(end, 0) - sign * each
    left = 0
    begun: datetime | None = None
    for instant in sorted(turns):
        left += turns[instant]
        if not within.start <= instant <= within.end:
            continue
        is_lacking = left < amount and instant < within.end
        if is_lacking and begun is None:
            begun = instant
        elif not is_lacking and begun is not None:
            yield begun, instant
            begun = None
