"""The network of lags: its blocks, longest paths inside them, and what follows for starts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from solver.network.project import LaggedProject

NEVER = 1 << 29
"""Stands for a slot that never comes; its negative for a lag that binds nothing."""


class Network:
    """Blocks and distances of one project.

    A *block* is a strongly connected component: actions that maximum lags tie to one another (a cycle structure), or a
    lone action. Between blocks there are minimum lags only and no cycle, so that a project whose blocks can each be
    scheduled alone can be scheduled as a whole, given time (Neumann and Zhan 1995).

    Parameters
    ----------
    project
        Its lags.

    Attributes
    ----------
    blocks
        The actions of each block, ascending; a block comes after those that it follows.
    block_of
        The block of each action.
    distances
        Per block, a matrix over its actions: the longest path of lags from start to start, `-NEVER` for none.
    impossible
        The first block with a cycle of positive length, which no starts can keep; None when there is none.
    first_starts, last_starts
        The project's, narrowed by the lags.
    """

    def __init__(self, project: LaggedProject) -> None:
        self.project = project
        self.arcs_to: list[list[tuple[int, int]]] = [[] for _ in project.durations]
        self.arcs_from: list[list[tuple[int, int]]] = [[] for _ in project.durations]
        for arc in project.arcs:
            self.arcs_to[arc.after].append((arc.before, arc.lag_slots))
            self.arcs_from[arc.before].append((arc.after, arc.lag_slots))
        self.blocks = _components(self.arcs_from)
        self.block_of = [0] * len(project.durations)
        for number, block in enumerate(self.blocks):
            for action in block:
                self.block_of[action] = number
        self.distances = [self._distances(block) for block in self.blocks]
        self.impossible = next(
            (block for block, paths in zip(self.blocks, self.distances, strict=True) if paths.diagonal().max() > 0),
            None,
        )
        self.first_starts = self._swept(project.first_starts, self.blocks, self.arcs_to, lambda paths: paths)
        # The latest starts are the earliest of the project seen from its end.
        mirrored = [-slot for slot in project.last_starts]
        backwards = self._swept(mirrored, self.blocks[::-1], self.arcs_from, lambda paths: paths.T)
        self.last_starts = [-slot for slot in backwards]

    def holds(self) -> bool:
        """Whether starts that keep all lags and the project's own limits exist, resources aside."""
        if self.impossible is not None:
            return False
        return all(first <= last for first, last in zip(self.first_starts, self.last_starts, strict=True))

    def _distances(self, block: tuple[int, ...]) -> NDArray[np.int64]:
        """Longest paths by Floyd's and Warshall's algorithm."""
        place = {action: position for position, action in enumerate(block)}
        paths = np.full((len(block), len(block)), -NEVER, np.int64)
        np.fill_diagonal(paths, 0)
        for action in block:
            for after, lag_slots in self.arcs_from[action]:
                if after in place:
                    paths[place[action], place[after]] = lag_slots
        for through in range(len(block)):
            np.maximum(paths, paths[:, through : through + 1] + paths[through : through + 1, :], out=paths)
            # Sums with no path in them, and cycles that grow, stay where they mean something.
            np.clip(paths, -NEVER, NEVER, out=paths)
        return paths

    def _swept(
        self,
        starts: tuple[int, ...] | list[int],
        blocks: list[tuple[int, ...]],
        arcs: list[list[tuple[int, int]]],
        seen: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    ) -> list[int]:
        """Raise starts, block by block, to the least that keep all lags."""
        swept = list(starts)
        for block in blocks:
            number = self.block_of[block[0]]
            for action in block:
                for other, lag_slots in arcs[action]:
                    if self.block_of[other] != number:
                        swept[action] = max(swept[action], swept[other] + lag_slots)
            if len(block) > 1:
                own = np.array([swept[action] for action in block])
                for action, slot in zip(block, (own[:, None] + seen(self.distances[number])).max(axis=0), strict=True):
                    swept[action] = int(slot)
        return swept


def _components(followers: list[list[tuple[int, int]]]) -> list[tuple[int, ...]]:
    """Strongly connected components in topological order (Tarjan 1972, without recursion)."""
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[tuple[int, ...]] = []
    for root in range(len(followers)):
        if root in order:
            continue
        path = [(root, iter(followers[root]))]
        order[root] = lowest[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while path:
            action, rest = path[-1]
            for after, _ in rest:
                if after not in order:
                    order[after] = lowest[after] = len(order)
                    stack.append(after)
                    on_stack.add(after)
                    path.append((after, iter(followers[after])))
                    break
                if after in on_stack:
                    lowest[action] = min(lowest[action], order[after])
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[action])
                if lowest[action] == order[action]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == action:
                            break
                    found.append(tuple(sorted(component)))
    return found[::-1]
