"""One annealing with its lists: run in chunks, asked for its best plan, given a better one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solver.compiled.chance import state_of
from solver.compiled.lags.annealing import (
    BEST_COST,
    COOLING,
    COST,
    HEATS,
    MEAN_END_WEIGHT,
    MEMBER_SHARE,
    NO_PLAN,
    RANKING_SHARE,
    TEMPERATURE,
    anneal,
    copy_lists,
    cost_of,
)
from solver.compiled.lags.flatten import copied, empty_plan, first_lists, flatten
from solver.compiled.lags.generation import generate
from solver.compiled.lags.tables import Lists, Plan
from solver.network import Arc, LaggedProject, Need, Network, Schedule

_HOT = 1.0
_COLD = 0.05
_MEAN_END_WEIGHT = 0.1
_RANKING_SHARE = 0.3
_MEMBER_SHARE = 0.3
_FIRST_CYCLE = 20_000
_GROWTH = 1.5
_ACTIONS_PER_WORK = 1_000


class Annealer:
    """Simulated annealing in cycles, each longer than the one before and begun from the best lists.

    Parameters
    ----------
    network
        The project.
    offsets
        Starts that fit for each block alone, see `solver.compiled.lags.flatten.empty_plan`.
    seed
        Of all its choices.
    """

    def __init__(self, network: Network, offsets: Sequence[int], seed: int) -> None:
        self._network = network
        self._tables = flatten(network, network.project.horizon_slots)
        self._lists = first_lists(network)
        self._best = copied(self._lists)
        self._plan = empty_plan(self._tables, offsets)
        self._best_plan = empty_plan(self._tables, offsets)
        self._state = state_of(seed)
        skilled = len(self._tables.need_count) > 0
        tied = any(len(block) > 1 for block in network.blocks)
        self._heat = np.zeros(HEATS)
        self._heat[MEAN_END_WEIGHT] = _MEAN_END_WEIGHT
        self._heat[RANKING_SHARE] = _RANKING_SHARE if skilled else 0.0
        self._heat[MEMBER_SHARE] = _MEMBER_SHARE if tied else 0.0
        self._cycle = _FIRST_CYCLE
        self.renewed = False
        self._left = 0
        self._heat[COST] = self._heat[BEST_COST] = self._generated(self._lists, self._best_plan)
        self._begin_cycle()

    def run(self, work: int) -> int:
        """Spend about so much work, to the end of the cycle at most; returns the work done.

        `renewed` then tells whether the best plan is a new one.
        """
        count = len(self._network.project.durations)
        moves = min(self._left, max(1, work * _ACTIONS_PER_WORK // count))
        self.renewed = (
            anneal(self._tables, self._lists, self._plan, self._best, self._best_plan, self._heat, self._state, moves)
            > 0
        )
        self._left -= moves
        return 1 + moves * count // _ACTIONS_PER_WORK

    @property
    def is_cold(self) -> bool:
        """Whether the cycle is over."""
        return self._left == 0

    def begin_cycle(self) -> None:
        """Heat up again, at the best lists."""
        self._cycle = int(self._cycle * _GROWTH)
        self._begin_cycle()

    def _begin_cycle(self) -> None:
        copy_lists(self._best, self._lists)
        self._left = self._cycle
        self._heat[TEMPERATURE], self._heat[COOLING] = _HOT, (_COLD / _HOT) ** (1 / self._cycle)
        self._heat[COST] = self._heat[BEST_COST]

    def adopt(self, schedule: Schedule) -> None:
        """Take the lists of another plan for the best, when the plan that they generate is better than the best."""
        lists = self._lists_of(schedule)
        cost = self._generated(lists, self._plan)
        if cost < self._heat[BEST_COST]:
            copy_lists(lists, self._best)
            self._generated(self._best, self._best_plan)
            self._heat[BEST_COST] = cost

    def schedule(self) -> Schedule | None:
        """Return the best plan; None before there is one."""
        plan, tables = self._best_plan, self._tables
        if self._heat[BEST_COST] >= NO_PLAN:
            return None
        teams = []
        for action, needs in enumerate(self._network.project.needs):
            sent = range(tables.team[action], tables.team[action + 1])
            teams.append(
                tuple(
                    tuple(sorted(int(plan.units[place]) for place in sent if plan.unit_need[place] == number))
                    for number in range(len(needs))
                )
            )
        return Schedule.of(self._network.project, (int(slot) for slot in plan.start), teams)

    def _generated(self, lists: Lists, plan: Plan) -> float:
        return cost_of(self._tables, plan, generate(self._tables, lists, plan), _MEAN_END_WEIGHT)

    def _lists_of(self, schedule: Schedule) -> Lists:
        """Order blocks and actions by their starts; rank each action's own team first."""
        blocks = self._network.blocks
        lists = copied(self._best)
        begins = [min(schedule.starts[action] for action in block) for block in blocks]
        # Numbers of blocks are in the order of lags, which decides between equals.
        lists.blocks[:] = self._in_order_of_lags(begins)
        members: list[int] = []
        for block, paths in zip(blocks, self._network.distances, strict=True):
            order = sorted(
                range(len(block)),
                key=lambda place: (schedule.starts[block[place]], int((paths[:, place] > 0).sum()), place),
            )
            members += [block[place] for place in order]
        lists.members[:] = members
        for action, team in enumerate(schedule.teams):
            own = [unit for units in team for unit in units]
            if own:
                ranking = lists.ranking[action]
                ranking[:] = own + [unit for unit in ranking.tolist() if unit not in own]
        return lists

    def _in_order_of_lags(self, begins: list[int]) -> list[int]:
        """Blocks by their begin, each after those that it follows even where a negative lag lets it begin earlier."""
        follows = self._tables.follows
        waiting = follows.sum(axis=0)
        ready = sorted((begin, block) for block, begin in enumerate(begins) if not waiting[block])
        order = []
        while ready:
            _, block = ready.pop(0)
            order.append(block)
            for after in np.flatnonzero(follows[block]):
                waiting[after] -= 1
                if not waiting[after]:
                    ready.append((begins[after], int(after)))
            ready.sort()
        return order


def warm() -> None:
    """Compile the kernels, or load what is kept of them, by the smallest search that uses them all."""
    needs = ((Need(1, (0,)),), ())
    project = LaggedProject(
        (1, 1), (0, 0), (9, 9), (Arc(0, 1, 1), Arc(1, 0, -5)), ((1,), (1,)), (((0, 1),),), needs, ((),), 10
    )
    Annealer(Network(project), (0, 1), 1).run(1)
