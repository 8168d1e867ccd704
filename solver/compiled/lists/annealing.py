"""Simulated annealing over activity lists and modes (Kirkpatrick, Gelatt, Vecchi 1983), compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.compiled.chance import State, below, share
from solver.compiled.jit import entry
from solver.compiled.lists.decoding import ABORTED, SAME, Walk, decode, walk_to
from solver.compiled.lists.moves import other_mode, part_projects, shift, slide_project, stands
from solver.compiled.lists.tables import Ints, Tables

_MODES = 0.40
_PROJECTS = 0.15
_COMPACT = 0.05


class Present(NamedTuple):
    """A list under change and the best that it has been; `value` is (delay, makespan)."""

    order: Ints
    mode: Ints
    left: Ints
    """What remains of each stock."""
    start: Ints
    value: Ints
    best_order: Ints
    best_mode: Ints
    best_value: Ints


@entry
def anneal(
    tables: Tables, present: Present, walk: Walk, state: State, heat: float, cooler: float, work: int
) -> tuple[int, int]:
    """Anneal until `work` actions have been placed; give (moves, actions placed).

    What is lowered is the delay of all projects, with the makespan for a tie-break and, weakly, the mean end of each
    project's actions: where nothing else tells two lists apart, the more compact one leads on.

    Parameters
    ----------
    tables
        The problem.
    present, walk
        The list, and how far it is scheduled; changed.
    state
        Of chance.
    heat, cooler
        Temperature at the beginning and at the end of this call, in slots of delay; geometric between.
    work
        When to return.
    """
    order, mode, left, start = present.order, present.mode, present.left, present.start
    count = order.shape[0]
    tie = 0.5 / walk.profile.shape[1]
    position = np.empty(count, dtype=np.int64)
    scratch = np.empty(count, dtype=np.int64)
    stands(tables, order, position)
    new_order, new_mode, new_left, new_start = order.copy(), mode.copy(), left.copy(), start.copy()
    walk_to(tables, walk, order, mode, start, count)
    now = present.value[0] + tie * present.value[1] + _COMPACT * walk.summed[count]
    modes_below = _MODES if tables.many_modes.shape[0] else 0.0
    projects_below = modes_below + (_PROJECTS if tables.project_release.shape[0] > 1 else 0.0)
    moves = 0
    done = 0
    while done < work:
        moves += 1
        kind = share(state)
        here = below(state, count)
        changed_modes = False
        # The list is as before up to `unchanged` and, where that is known, again from `as_before` on.
        unchanged, as_before = count, count + 1
        if kind < modes_below:
            action = order[here]
            if tables.mode_first[action + 1] - tables.mode_first[action] > 1:
                changed_modes = True
                if other_mode(tables, new_mode, new_left, state, action):
                    for other in tables.many_modes:
                        if new_mode[other] != mode[other]:
                            unchanged = min(unchanged, position[other])
        elif kind < projects_below:
            if share(state) < 0.5:
                part_projects(tables, new_order, scratch, state)
            else:
                slide_project(tables, new_order, scratch, state)
            if tables.projects_are_tied and not stands(tables, new_order, scratch):
                new_order[:] = order
            unchanged = 0
            while unchanged < count and new_order[unchanged] == order[unchanged]:
                unchanged += 1
        else:
            unchanged = shift(tables, new_order, position, state, here)
            as_before = count
            while as_before > unchanged and new_order[as_before - 1] == order[as_before - 1]:
                as_before -= 1
        if unchanged == count:
            if changed_modes:
                new_mode[:] = mode
                new_left[:] = left
            done += 1
            continue
        temperature = heat * (cooler / heat) ** (done / work)
        limit = now - temperature * np.log(1.0 - share(state))
        walk_to(tables, walk, order, mode, start, unchanged)
        delay, makespan, placed = decode(tables, walk, new_order, new_mode, new_start, limit, as_before, start)
        done += placed
        if delay == SAME:
            for place in range(unchanged, as_before):
                order[place] = new_order[place]
                position[order[place]] = place
            continue
        cost = delay + tie * makespan + _COMPACT * walk.summed[walk.gone[0]]
        if delay == ABORTED or cost > limit:
            walk_to(tables, walk, new_order, new_mode, new_start, unchanged)
            new_order[unchanged:] = order[unchanged:]
            if changed_modes:
                new_mode[:] = mode
                new_left[:] = left
            new_start[:] = start
            continue
        now = cost
        present.value[0], present.value[1] = delay, makespan
        start[:] = new_start
        order[unchanged:] = new_order[unchanged:]
        for place in range(unchanged, count):
            position[order[place]] = place
        if changed_modes:
            mode[:] = new_mode
            left[:] = new_left
        best = present.best_value
        if delay < best[0] or (delay == best[0] and makespan < best[1]):
            best[0], best[1] = delay, makespan
            present.best_order[:] = order
            present.best_mode[:] = mode
    return moves, done
