"""Small changes of an activity list and of modes; each keeps the list in an order that all precedences allow."""

from __future__ import annotations

from solver.compiled.chance import State, below, share
from solver.compiled.jit import compiled, entry
from solver.compiled.lists.tables import Ints, Tables

_MODE_TRIES = 6


@compiled
def shift(tables: Tables, order: Ints, position: Ints, state: State, here: int) -> int:
    """Move the action at place `here` to another place that its precedences allow.

    Gives the first place that is other than before, or the list's length when nothing was changed.
    """
    count: int = order.shape[0]
    action = order[here]
    low: int = 0
    high: int = count - 1
    for link in range(tables.before_first[action], tables.before_first[action + 1]):
        low = max(low, position[tables.before_action[link]] + 1)
    for link in range(tables.after_first[action], tables.after_first[action + 1]):
        high = min(high, position[tables.after_action[link]] - 1)
    if high <= low:
        return count
    there: int = low + below(state, high - low)
    if there >= here:
        there += 1
    if there > here:
        for place in range(here, there):
            order[place] = order[place + 1]
    else:
        for place in range(here, there, -1):
            order[place] = order[place - 1]
    order[there] = action
    return min(here, there)


@compiled
def other_mode(tables: Tables, mode: Ints, left: Ints, state: State, action: int) -> bool:
    """Give an action of several modes another one, and, where stock then lacks, others modes that take less.

    `left` is what remains of each stock, and follows. False when stock lacks in the end: then the caller takes all
    back.
    """
    _choose_other(tables, mode, left, state, action)
    for _ in range(_MODE_TRIES):
        short = -1
        for stock in range(left.shape[0]):
            if left[stock] < 0:
                short = stock
                break
        if short < 0:
            return True
        first, last = tables.takers_first[short], tables.takers_first[short + 1]
        other = tables.takers[first + below(state, last - first)]
        if other != action:
            _take_less(tables, mode, left, state, other, short)
    return bool(left.shape[0] == 0 or left.min() >= 0)


@compiled
def _choose_other(tables: Tables, mode: Ints, left: Ints, state: State, action: int) -> None:
    first, last = tables.mode_first[action], tables.mode_first[action + 1]
    chosen = first + below(state, last - first - 1)
    if chosen >= mode[action]:
        chosen += 1
    put_mode(tables, mode, left, action, chosen)


@compiled
def _take_less(tables: Tables, mode: Ints, left: Ints, state: State, action: int, stock: int) -> None:
    """Give the action a mode that takes less of the stock, of several any; nothing when there is none."""
    now = taken(tables, mode[action], stock)
    best, seen = -1, 0
    for chosen in range(tables.mode_first[action], tables.mode_first[action + 1]):
        if taken(tables, chosen, stock) < now:
            seen += 1
            if below(state, seen) == 0:
                best = chosen
    if best >= 0:
        put_mode(tables, mode, left, action, best)


@compiled
def put_mode(tables: Tables, mode: Ints, left: Ints, action: int, chosen: int) -> None:
    """Give the action the mode, and let `left` follow."""
    was = mode[action]
    for at in range(tables.take_first[was], tables.take_first[was + 1]):
        left[tables.take_stock[at]] += tables.take_amount[at]
    for at in range(tables.take_first[chosen], tables.take_first[chosen + 1]):
        left[tables.take_stock[at]] -= tables.take_amount[at]
    mode[action] = chosen


@compiled
def taken(tables: Tables, mode: int, stock: int) -> int:
    """What a mode takes of a stock."""
    for at in range(tables.take_first[mode], tables.take_first[mode + 1]):
        if tables.take_stock[at] == stock:
            amount: int = tables.take_amount[at]
            return amount
    return 0


@compiled
def part_projects(tables: Tables, order: Ints, scratch: Ints, state: State) -> None:
    """Of two projects, let all actions of the one stand before all of the other, in the places of both."""
    count = tables.project_release.shape[0]
    first = below(state, count)
    second = below(state, count - 1)
    if second >= first:
        second += 1
    size = 0
    for wanted in (first, second):
        for place in range(order.shape[0]):
            if tables.project[order[place]] == wanted:
                scratch[size] = order[place]
                size += 1
    at = 0
    for place in range(order.shape[0]):
        project = tables.project[order[place]]
        if project in (first, second):
            order[place] = scratch[at]
            at += 1


@compiled
def slide_project(tables: Tables, order: Ints, scratch: Ints, state: State) -> None:
    """Let all actions of one project stand some places earlier or later, in the order that they have."""
    count = order.shape[0]
    wanted = below(state, tables.project_release.shape[0])
    by = below(state, count) + 1
    if share(state) < 0.5:
        by = -by
    # A merge of two sorted rows: the project's, each moved by so many places, and the others'.
    size = 0
    for place in range(count):
        scratch[place] = order[place]
    mine, theirs = 0, 0
    while mine < count and tables.project[scratch[mine]] != wanted:
        mine += 1
    while theirs < count and tables.project[scratch[theirs]] == wanted:
        theirs += 1
    while mine < count or theirs < count:
        if theirs >= count or (mine < count and mine + by <= theirs):
            order[size] = scratch[mine]
            mine += 1
            while mine < count and tables.project[scratch[mine]] != wanted:
                mine += 1
        else:
            order[size] = scratch[theirs]
            theirs += 1
            while theirs < count and tables.project[scratch[theirs]] == wanted:
                theirs += 1
        size += 1


@compiled
def stands(tables: Tables, order: Ints, position: Ints) -> bool:
    """Whether each action stands after those before it; writes the positions."""
    for place in range(order.shape[0]):
        position[order[place]] = place
    for action in range(order.shape[0]):
        for link in range(tables.before_first[action], tables.before_first[action + 1]):
            if position[tables.before_action[link]] > position[action]:
                return False
    return True


@entry
def repair_modes(tables: Tables, mode: Ints, left: Ints, state: State, tries: int) -> bool:
    """Change modes until no stock lacks; whether that was reached within so many tries.

    A random walk: an action that takes of a stock that lacks gets a mode that takes less of it, now and then any.
    """
    for _ in range(tries):
        lacking, short = 0, -1
        for stock in range(left.shape[0]):
            if left[stock] < 0:
                lacking += 1
                if below(state, lacking) == 0:
                    short = stock
        if short < 0:
            return True
        first, last = tables.takers_first[short], tables.takers_first[short + 1]
        action = tables.takers[first + below(state, last - first)]
        if tables.mode_first[action + 1] - tables.mode_first[action] < 2:
            continue
        if share(state) < 0.1:
            _choose_other(tables, mode, left, state, action)
        else:
            _take_less(tables, mode, left, state, action, short)
    return False
