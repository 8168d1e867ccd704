"""Choosing units for an action at a given start."""

from __future__ import annotations

from collections.abc import Sequence

from solver.draft import Draft


def choose_units(
    draft: Draft, action: int, mode: int, start_slot: int, rank: Sequence[float]
) -> tuple[tuple[int, ...], ...] | None:
    """Return free units for every need of the mode at this start, or None when there are not enough.

    Parameters
    ----------
    draft
        Tells who is free.
    action, mode, start_slot
        What is to be staffed.
    rank
        Per unit: smaller is taken first.
    """
    facts = draft.facts
    needs = facts.problem.actions[action].modes[mode].unit_needs
    free: list[list[int]] = []
    for number in range(len(needs)):
        fit = [
            unit
            for unit, available in facts.staff(action, mode, number)
            if available >> start_slot & 1 and draft.free_starts(unit, action, mode, available) >> start_slot & 1
        ]
        if len(fit) < needs[number].count:
            return None
        fit.sort(key=rank.__getitem__)
        free.append(fit)
    return match(free, [need.count for need in needs])


def match(free: list[list[int]], counts: list[int]) -> tuple[tuple[int, ...], ...] | None:
    """Give every need its count of different units, preferring the first ones; None when that is impossible.

    Augmenting paths (Kuhn 1955) over the needs' places; they only move when two needs want the same unit.

    Examples
    --------
    >>> match([[1, 2], [1]], [1, 1])
    ((2,), (1,))
    >>> match([[1], [1]], [1, 1]) is None
    True
    """
    places = [need for need, count in enumerate(counts) for _ in range(count)]
    holder: dict[int, int] = {}

    def seat(place: int, tried: set[int]) -> bool:
        options = free[places[place]]
        for unit in options:
            if unit not in holder:
                holder[unit] = place
                return True
        for unit in options:
            if unit not in tried:
                tried.add(unit)
                if seat(holder[unit], tried):
                    holder[unit] = place
                    return True
        return False

    for place in range(len(places)):
        if not seat(place, set()):
            return None
    chosen: list[list[int]] = [[] for _ in counts]
    for unit, place in holder.items():
        chosen[places[place]].append(unit)
    return tuple(tuple(sorted(units)) for units in chosen)
