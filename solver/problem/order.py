"""The order that precedences ask for: whether they form a cycle, and how deep each action lies in it."""

from __future__ import annotations

from collections.abc import Iterable


def find_cycle(size: int, arcs: Iterable[tuple[int, int]]) -> tuple[int, ...] | None:
    """Return the nodes along one directed cycle, the first repeated at the end, or None.

    Parameters
    ----------
    size
        Nodes are 0 to ``size - 1``.
    arcs
        Pairs (from, to).

    Examples
    --------
    >>> find_cycle(3, [(0, 1), (1, 2), (2, 0)])
    (0, 1, 2, 0)
    >>> find_cycle(3, [(0, 1), (0, 2)]) is None
    True
    """
    following: list[list[int]] = [[] for _ in range(size)]
    for origin, destination in arcs:
        following[origin].append(destination)
    finished = [False] * size
    on_path = [False] * size
    for root in range(size):
        if finished[root]:
            continue
        # An explicit stack: ten thousand chained actions would exhaust Python's recursion.
        path = [root]
        on_path[root] = True
        pending = [iter(following[root])]
        while pending:
            step = next(pending[-1], None)
            if step is None:
                pending.pop()
                done = path.pop()
                on_path[done] = False
                finished[done] = True
            elif on_path[step]:
                return (*path[path.index(step) :], step)
            elif not finished[step]:
                path.append(step)
                on_path[step] = True
                pending.append(iter(following[step]))
    return None


def topological_ranks(size: int, arcs: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Return for each node the length of the longest path that ends there, counted in arcs, which form no cycle.

    Every arc leads from a smaller rank to a larger one.

    Examples
    --------
    >>> topological_ranks(3, [(2, 0), (0, 1), (2, 1)])
    (1, 2, 0)
    """
    following: list[list[int]] = [[] for _ in range(size)]
    waiting = [0] * size
    for origin, destination in arcs:
        following[origin].append(destination)
        waiting[destination] += 1
    ranks = [0] * size
    ready = [node for node in range(size) if not waiting[node]]
    while ready:
        node = ready.pop()
        for other in following[node]:
            ranks[other] = max(ranks[other], ranks[node] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return tuple(ranks)
