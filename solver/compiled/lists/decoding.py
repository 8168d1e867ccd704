"""From an activity list to a schedule: serial generation (Kelley 1963; Kolisch 1996), compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solver.compiled.jit import compiled
from solver.compiled.lists.tables import Floats, Ints, Tables, Words

GUARD = np.uint64(0x8000_8000_8000_8000)
ABORTED = -1
SAME = -2


@compiled
def earliest_fit(tables: Tables, profile: Words, mode: int, from_slot: int) -> int:
    """The first slot at or after `from_slot` from which the mode's needs fit for its whole duration.

    The horizon is long enough for that: `tables_of` is given problems whose horizon holds all actions one by one.
    Each window is looked at from its end, so that a slot where it does not fit is skipped with all before it, and
    what has been seen to fit is not looked at again.
    """
    duration = tables.duration[mode]
    first, last = tables.use_first[mode], tables.use_first[mode + 1]
    if first == last:
        return from_slot
    horizon: int = profile.shape[1]
    slot: int = from_slot
    seen_until = from_slot
    word = tables.use_word[first]
    need = tables.use_need[first]
    two = last - first > 1
    word2 = tables.use_word[last - 1]
    need2 = tables.use_need[last - 1]
    while True:
        until = slot + duration
        if until > horizon:
            return horizon
        at = until - 1
        while at >= seen_until:
            if (profile[word, at] - need) & GUARD != GUARD:
                break
            if two:
                if (profile[word2, at] - need2) & GUARD != GUARD:
                    break
                fits = True
                for use in range(first + 1, last - 1):
                    if (profile[tables.use_word[use], at] - tables.use_need[use]) & GUARD != GUARD:
                        fits = False
                        break
                if not fits:
                    break
            at -= 1
        if at < seen_until:
            return slot
        slot = at + 1
        seen_until = until


class Walk(NamedTuple):
    """How far a list is scheduled: its first places, so that a change further on costs nothing before it.

    Parameters
    ----------
    profile
        What remains beside the actions that are scheduled.
    project_end
        Per project: its last end so far, of which what is still to come of it is counted in; at least its least.
    ended, delayed, reached
        Per place that is scheduled: the project's last end, the delay of all and the last slot just before it.
    gone
        One cell: how many places are scheduled.
    """

    profile: Words
    project_end: Ints
    ended: Ints
    delayed: Ints
    reached: Ints
    summed: Floats
    gone: Ints


def walk_of(tables: Tables) -> Walk:
    """Give a walk that has not begun."""
    count = tables.release.shape[0]
    return Walk(
        tables.profile.copy(),
        tables.project_release + tables.project_least,
        np.zeros(count + 1, dtype=np.int64),
        np.zeros(count + 1, dtype=np.int64),
        np.zeros(count + 1, dtype=np.int64),
        np.zeros(count + 1),
        np.zeros(1, dtype=np.int64),
    )


@compiled
def put(tables: Tables, walk: Walk, place: int, action: int, chosen: int, slot: int) -> None:
    """Schedule an action as the next in the list."""
    end = slot + tables.duration[chosen]
    for use in range(tables.use_first[chosen], tables.use_first[chosen + 1]):
        word, need = tables.use_word[use], tables.use_need[use]
        for at in range(slot, end):
            walk.profile[word, at] -= need
    project = tables.project[action]
    ended = walk.project_end[project]
    walk.ended[place] = ended
    least = max(ended, end + tables.tail[action])
    walk.project_end[project] = least
    walk.delayed[place + 1] = walk.delayed[place] + least - ended
    walk.summed[place + 1] = walk.summed[place] + end * tables.part[action]
    walk.reached[place + 1] = max(walk.reached[place], end)


@compiled
def take(tables: Tables, walk: Walk, place: int, action: int, chosen: int, slot: int) -> None:
    """Take the last scheduled action of the list out again."""
    end = slot + tables.duration[chosen]
    for use in range(tables.use_first[chosen], tables.use_first[chosen + 1]):
        word, need = tables.use_word[use], tables.use_need[use]
        for at in range(slot, end):
            walk.profile[word, at] += need
    walk.project_end[tables.project[action]] = walk.ended[place]


@compiled
def walk_to(tables: Tables, walk: Walk, order: Ints, mode: Ints, start: Ints, until: int) -> None:
    """Schedule the first `until` places of a list whose starts are known, and no more."""
    gone = walk.gone[0]
    while gone > until:
        gone -= 1
        action = order[gone]
        take(tables, walk, gone, action, mode[action], start[action])
    while gone < until:
        action = order[gone]
        put(tables, walk, gone, action, mode[action], start[action])
        gone += 1
    walk.gone[0] = gone


@compiled
def decode(
    tables: Tables, walk: Walk, order: Ints, mode: Ints, start: Ints, limit: float, as_before: int, earlier: Ints
) -> tuple[int, int, int]:
    """Schedule the rest of a list, each action at its earliest; give (delay, makespan, actions placed).

    Gives up, with a delay of `ABORTED`, as soon as the delay must exceed `limit`; and with `SAME` when all that was
    placed up to `as_before` starts as it did earlier: then so does the rest. The walk has gone as many places further
    as actions were placed.

    Parameters
    ----------
    walk
        Where the first places are scheduled.
    order
        The actions, each after those before it.
    mode
        Each action's mode.
    start
        Each action's start; those of the first places are read, the others written.
    limit
        See above.
    as_before, earlier
        From this place on the list is the earlier one, with the same modes everywhere; and its starts. A place beyond
        the list says that there is no such thing.
    """
    count, horizon = order.shape[0], walk.profile.shape[1]
    place = walk.gone[0]
    began = place
    differ = 0
    while place < count:
        if place == as_before and not differ:
            walk.gone[0] = place
            return SAME, 0, place - began
        action = order[place]
        chosen = mode[action]
        slot = tables.release[action]
        for link in range(tables.before_first[action], tables.before_first[action + 1]):
            other = tables.before_action[link]
            anchor = start[other] + tables.before_lag[link]
            if tables.before_at_end[link]:
                anchor += tables.duration[mode[other]]
            slot = max(slot, anchor)
        slot = earliest_fit(tables, walk.profile, chosen, slot)
        if slot + tables.duration[chosen] > horizon:
            walk.gone[0] = place
            return ABORTED, 0, place - began
        if slot != earlier[action]:
            differ += 1
        start[action] = slot
        put(tables, walk, place, action, chosen, slot)
        place += 1
        if walk.delayed[place] > limit:
            walk.gone[0] = place
            return ABORTED, 0, place - began
    walk.gone[0] = place
    return int(walk.delayed[count]), int(walk.reached[count] - tables.project_release.min()), place - began
