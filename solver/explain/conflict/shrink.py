"""Shrinking: from members that are impossible together to a minimal set of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from solver.explain.conflict.decide import Feasibility

Member = TypeVar("Member")
Ask = Callable[[tuple[Member, ...]], Feasibility]
"""Says whether some of the members are possible together; fewer are never less possible than more."""


def shrink(members: Sequence[Member], ask: Ask[Member]) -> tuple[tuple[Member, ...], bool]:
    """Return members that are impossible together, as few as can be, and whether that is shown.

    QuickXplain (Junker 2004): members are halved, so that k of n are found with about ``k log2(n / k)`` questions,
    and earlier members are preferred. What is undecided counts as possible, hence the final look: every member is
    left out once more, and the set is minimal when the rest is possible each time.

    Parameters
    ----------
    members
        Impossible together: that has been shown.
    ask
        The oracle.

    Examples
    --------
    >>> def ask(some):
    ...     return Feasibility.IMPOSSIBLE if {2, 5} <= set(some) else Feasibility.POSSIBLE
    >>> shrink(range(9), ask)
    ((2, 5), True)
    """
    known: dict[frozenset[int], Feasibility] = {}

    def impossible(chosen: tuple[int, ...]) -> bool:
        key = frozenset(chosen)
        if key not in known:
            known[key] = ask(tuple(members[position] for position in sorted(chosen)))
        return known[key] is Feasibility.IMPOSSIBLE

    def explain(background: tuple[int, ...], added: bool, options: tuple[int, ...]) -> tuple[int, ...]:
        if added and impossible(background):
            return ()
        if len(options) == 1:
            return options
        half = len(options) // 2
        first, second = options[:half], options[half:]
        later = explain((*background, *first), True, second)
        sooner = explain((*background, *later), bool(later), first)
        return (*sooner, *later)

    everything = tuple(range(len(members)))
    kept = () if not everything or impossible(()) else explain((), False, everything)
    minimal = True
    for position in reversed(kept):
        rest = tuple(other for other in kept if other != position)
        if impossible(rest):
            kept = rest
        else:
            minimal = minimal and known[frozenset(rest)] is Feasibility.POSSIBLE
    # What was left out early may have been tried in a larger set than the last one.
    for position in kept:
        rest = tuple(other for other in kept if other != position)
        impossible(rest)
        minimal = minimal and known[frozenset(rest)] is Feasibility.POSSIBLE
    return tuple(members[position] for position in sorted(kept)), minimal
