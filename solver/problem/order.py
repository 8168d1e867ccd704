"""Whether precedences form a cycle."""

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
