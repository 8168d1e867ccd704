"""The compiled search over lists as the rest of the solver sees it."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

import numpy as np

from solver.chance import Chance
from solver.compiled.chance import state_of
from solver.compiled.lists.annealing import Present, anneal
from solver.compiled.lists.construction import parallel, push_right, serial
from solver.compiled.lists.decoding import ABORTED, walk_of
from solver.compiled.lists.moves import repair_modes
from solver.compiled.lists.tables import Ints, Tables, tables_of
from solver.facts import Facts
from solver.problem import (
    Action,
    CapacityStep,
    Country,
    Interval,
    Mode,
    Problem,
    Project,
    Resource,
    ResourceNeed,
    Site,
)
from solver.solution import Placement

_REPAIR_TRIES = 200_000
_ROOM = 1.2
"""Lists that take so much longer than the first are not worth their memory."""

Value = tuple[int, int]
"""Delay of all projects, and makespan."""


class ListSearch:
    """The best list so far, and chains of annealing that look for better ones side by side.

    Parameters
    ----------
    facts
        The facts of a problem that `suits`.
    seed
        Of all random choices.
    """

    def __init__(self, facts: Facts, seed: int) -> None:
        self._tables = tables_of(facts)
        self._chance = Chance(seed)
        self._chains: list[Chain] = []
        self._best: tuple[Value, Ints, Ints] | None = None

    @property
    def value(self) -> Value | None:
        """What the best list comes to; None while there is none."""
        return None if self._best is None else self._best[0]

    @property
    def slots(self) -> float:
        """The mean duration of the modes: the scale of temperatures."""
        assert self._tables is not None
        return float(self._tables.duration.mean())

    def construct(self, stop: Callable[[], bool]) -> bool:
        """Make schedules by every rule, serial and parallel, each pushed to the right and back; keep the best.

        False when none was found, as no mode ever fits an action or no choice of modes was found that the stock allows.
        """
        tables = self._tables
        if tables is None:
            return False
        for cheapest_first in (False, True):
            mode, left = self._modes(tables, cheapest_first)
            if not repair_modes(tables, mode, left, state_of(self._chance.bits()), _REPAIR_TRIES):
                continue
            for keys in _priorities(tables, mode, self._chance):
                if self._best is not None and stop():
                    return True
                self._try(tables, _by_priority(tables, keys), mode)
                start = np.zeros(len(mode), dtype=np.int64)
                if parallel(tables, np.array(keys), mode, start):
                    self._try(tables, _by_priority(tables, start), mode)
        return self._best is not None

    def _modes(self, tables: Tables, cheapest_first: bool) -> tuple[Ints, Ints]:
        """Each action's shortest mode, or that which takes least of what the stocks have."""
        takes = np.zeros(len(tables.duration))
        shares = tables.take_amount / np.maximum(1, tables.stock[tables.take_stock])
        for number in range(len(takes)):
            takes[number] = shares[tables.take_first[number] : tables.take_first[number + 1]].sum()
        keys = (tables.duration, takes) if cheapest_first else (takes, tables.duration)
        mode = np.zeros(len(tables.release), dtype=np.int64)
        left = tables.stock.copy()
        for action, (first, last) in enumerate(zip(tables.mode_first[:-1], tables.mode_first[1:], strict=True)):
            mode[action] = first + np.lexsort([key[first:last] for key in keys])[0]
            taken = slice(tables.take_first[mode[action]], tables.take_first[mode[action] + 1])
            np.subtract.at(left, tables.take_stock[taken], tables.take_amount[taken])
        return mode, left

    def _try(self, tables: Tables, order: Ints, mode: Ints) -> None:
        """Schedule a list, push it right and back, and keep it where it is the best."""
        for _ in range(3):
            start = np.zeros(len(order), dtype=np.int64)
            delay, makespan = serial(tables, walk_of(tables), order, mode, start)
            if delay == ABORTED:
                return
            self._offer((int(delay), int(makespan)), order, mode)
            ends = start + tables.duration[mode]
            push_right(tables, _by_priority(tables, -ends, backwards=True), mode, start)
            order = _by_priority(tables, start)

    def _offer(self, value: Value, order: Ints, mode: Ints) -> bool:
        if self._best is not None and value >= self._best[0]:
            return False
        self._best = (value, order.copy(), mode.copy())
        return True

    def justify(self) -> None:
        """Push the best list to the right and back."""
        assert self._tables is not None
        assert self._best is not None
        self._try(self._tables, self._best[1], self._best[2])

    def begin(self, chains: int) -> list[Chain]:
        """Begin as many chains at the best list."""
        assert self._tables is not None
        assert self._best is not None
        (_, makespan), order, mode = self._best
        first = int(self._tables.project_release.min())
        width = min(self._tables.profile.shape[1], int((first + makespan) * _ROOM) + int(self._tables.duration.max()))
        tables = self._tables._replace(profile=np.ascontiguousarray(self._tables.profile[:, :width]))
        self._chains = [Chain(tables, order, mode, self._chance.bits()) for _ in range(chains)]
        return self._chains

    def collect(self) -> bool:
        """Take over the best list of any chain; whether it is better than before."""
        better = [self._offer(*chain.best) for chain in self._chains]
        return any(better)

    def placements(self) -> tuple[Placement, ...]:
        """The best list as a plan."""
        tables = self._tables
        assert tables is not None
        assert self._best is not None
        _, order, mode = self._best
        start = np.zeros(len(order), dtype=np.int64)
        serial(tables, walk_of(tables), order, mode, start)
        return tuple(
            Placement(action, int(tables.mode_number[mode[action]]), int(start[action])) for action in range(len(order))
        )


class Chain:
    """One chain of annealing; its calls may run in a thread of their own."""

    def __init__(self, tables: Tables, order: Ints, mode: Ints, seed: int) -> None:
        self._tables = tables
        self._walk = walk_of(tables)
        self._state = state_of(seed)
        start = np.zeros(len(order), dtype=np.int64)
        value = np.array(serial(tables, self._walk, order, mode, start), dtype=np.int64)
        left = tables.stock.copy()
        for chosen in mode:
            taken = slice(tables.take_first[chosen], tables.take_first[chosen + 1])
            np.subtract.at(left, tables.take_stock[taken], tables.take_amount[taken])
        self._present = Present(order.copy(), mode.copy(), left, start, value, order.copy(), mode.copy(), value.copy())

    def anneal(self, heat: float, cooler: float, work: int) -> int:
        """Anneal for so many actions placed, from one temperature to the other; give the moves made."""
        return int(anneal(self._tables, self._present, self._walk, self._state, heat, cooler, work)[0])

    @property
    def best(self) -> tuple[Value, Ints, Ints]:
        """The best list so far: its value, order and modes."""
        delay, makespan = self._present.best_value
        return (int(delay), int(makespan)), self._present.best_order, self._present.best_mode


def warm() -> None:
    """Have every kernel of this room compiled, by a search for two actions."""
    mode = Mode(1, (), (ResourceNeed(0, 1, 0, 1), ResourceNeed(1, 1, 0, 1)))
    actions = tuple(
        Action(f"action {n}", 0, (mode, mode), (Interval(0, 9),), mandatory=True, project=n) for n in range(2)
    )
    resources = tuple(Resource("any", 0, None, (CapacityStep(0, 9),), renewable) for renewable in (True, False))
    projects = (Project("one"), Project("two"))
    places = ((Country("any"),), (), (), ("any",), (Site("any", 0),))
    search = ListSearch(Facts(Problem(1, 9, *places, resources=resources, actions=actions, projects=projects)), 1)
    search.construct(lambda: False)
    for chain in search.begin(1):
        chain.anneal(1.0, 0.1, 50)


def _by_priority(tables: Tables, keys: Sequence[float] | Ints, backwards: bool = False) -> Ints:
    """The actions, each after those before it (backwards: after those behind it), else the smallest key first."""
    if backwards:
        following_first, following = tables.before_first, tables.before_action
        waiting = np.diff(tables.after_first).tolist()
    else:
        following_first, following = tables.after_first, tables.after_action
        waiting = np.diff(tables.before_first).tolist()
    ready = [(keys[action], action) for action, count in enumerate(waiting) if not count]
    heapq.heapify(ready)
    order = []
    while ready:
        _, action = heapq.heappop(ready)
        order.append(action)
        for link in range(following_first[action], following_first[action + 1]):
            later = int(following[link])
            waiting[later] -= 1
            if not waiting[later]:
                heapq.heappush(ready, (keys[later], later))
    return np.array(order, dtype=np.int64)


def _priorities(tables: Tables, mode: Ints, chance: Chance) -> list[list[float]]:
    """Priorities, the smallest first, by several rules of the literature (Kolisch 1996; Kurtulus, Davis 1982).

    Latest start, latest finish, most that follows; and project after project, by latest start inside: the shortest
    critical path first, the least work first, and by chance.
    """
    count = len(tables.release)
    duration = tables.duration[mode]
    due = (tables.project_release + tables.project_least)[tables.project]
    finish = (due - tables.tail).astype(float)
    start = finish - duration
    followers = [-float(n) for n in _followers(tables)]
    work = np.zeros(len(tables.project_release))
    for action in range(count):
        uses = tables.use_first[mode[action] + 1] - tables.use_first[mode[action]]
        work[tables.project[action]] += duration[action] * max(1, uses)
    wide = float(finish.max() - start.min() + 1)
    keys = [start.tolist(), finish.tolist(), followers]
    shuffled = list(range(len(work)))
    chance.shuffle(shuffled)
    for rank in (tables.project_least, work, np.array(shuffled)):
        place = np.argsort(np.argsort(rank, kind="stable"), kind="stable")
        keys.append((place[tables.project] * wide + start).tolist())
    return keys


def _followers(tables: Tables) -> list[int]:
    """How many actions follow each, near or far."""
    behind: list[set[int]] = [set() for _ in range(len(tables.release))]
    for action in reversed(_by_priority(tables, [0.0] * len(behind)).tolist()):
        for link in range(tables.after_first[action], tables.after_first[action + 1]):
            other = int(tables.after_action[link])
            behind[action] |= behind[other] | {other}
    return [len(those) for those in behind]
