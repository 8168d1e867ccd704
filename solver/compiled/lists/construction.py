"""Other ways to a schedule: parallel generation, and pushing everything to the right."""

from __future__ import annotations

import numpy as np

from solver.compiled.jit import compiled, entry
from solver.compiled.lists.decoding import GUARD, Walk, decode, earliest_fit
from solver.compiled.lists.tables import Floats, Ints, Tables, Words

NOT_YET = -1


@entry
def serial(tables: Tables, walk: Walk, order: Ints, mode: Ints, start: Ints) -> tuple[int, int]:
    """Schedule a whole list from nothing; give (delay, makespan), see `decode`. The walk has not begun."""
    delay, makespan, _ = decode(tables, walk, order, mode, start, np.inf, order.shape[0] + 1, start)
    return delay, makespan


@entry
def parallel(tables: Tables, priority: Floats, mode: Ints, start: Ints) -> bool:
    """Schedule slot after slot (Kelley 1963): of what may start, the smallest priority first, whatever fits.

    Writes the starts; False when the horizon ends before all is placed.
    """
    count, horizon = mode.shape[0], tables.profile.shape[1]
    profile = tables.profile.copy()
    by_priority = np.argsort(priority)
    start[:] = NOT_YET
    placed = 0
    for slot in range(horizon):
        for action in by_priority:
            if start[action] != NOT_YET or _ready_at(tables, mode, start, action) > slot:
                continue
            chosen = mode[action]
            if slot + tables.duration[chosen] <= horizon and earliest_fit(tables, profile, chosen, slot) == slot:
                start[action] = slot
                _use(tables, profile, chosen, slot)
                placed += 1
        if placed == count:
            return True
    return False


@compiled
def _ready_at(tables: Tables, mode: Ints, start: Ints, action: int) -> int:
    """The first slot that release and predecessors allow; the horizon while one of these is not placed."""
    slot: int = tables.release[action]
    for link in range(tables.before_first[action], tables.before_first[action + 1]):
        other = tables.before_action[link]
        if start[other] == NOT_YET:
            return int(tables.profile.shape[1])
        anchor = start[other] + tables.before_lag[link]
        if tables.before_at_end[link]:
            anchor += tables.duration[mode[other]]
        slot = max(slot, anchor)
    return slot


@compiled
def _use(tables: Tables, profile: Words, chosen: int, slot: int) -> None:
    for use in range(tables.use_first[chosen], tables.use_first[chosen + 1]):
        for at in range(slot, slot + tables.duration[chosen]):
            profile[tables.use_word[use], at] -= tables.use_need[use]


@entry
def push_right(tables: Tables, by_end: Ints, mode: Ints, start: Ints) -> None:
    """Start each action as late as possible without a later end of its project (Valls, Ballestin, Quintanilla 2005).

    Scheduled again from the left in the order of the new starts, the list is never worse and often better.

    Parameters
    ----------
    by_end
        The actions, the last end first, each before all those before it.
    start
        The starts of a valid schedule; changed.
    """
    profile = tables.profile.copy()
    until = np.zeros(tables.project_release.shape[0], dtype=np.int64)
    for action in by_end:
        project = tables.project[action]
        until[project] = max(until[project], start[action] + tables.duration[mode[action]])
    for action in by_end:
        chosen = mode[action]
        latest = until[tables.project[action]] - tables.duration[chosen]
        for link in range(tables.after_first[action], tables.after_first[action + 1]):
            other = start[tables.after_action[link]] - tables.after_lag[link]
            if tables.after_at_end[link]:
                other -= tables.duration[chosen]
            latest = min(latest, other)
        slot = latest
        while slot > start[action] and not _fits(tables, profile, chosen, slot):
            slot -= 1
        start[action] = slot
        _use(tables, profile, chosen, slot)


@compiled
def _fits(tables: Tables, profile: Words, chosen: int, slot: int) -> bool:
    for use in range(tables.use_first[chosen], tables.use_first[chosen + 1]):
        word, need = tables.use_word[use], tables.use_need[use]
        for at in range(slot, slot + tables.duration[chosen]):
            if (profile[word, at] - need) & GUARD != GUARD:
                return False
    return True
