"""What the kernels read: one project's network, resources and units as flat arrays."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

NEVER = 1 << 29
"""Stands for a slot that never comes; its negative for a lag that binds nothing."""

Numbers: TypeAlias = NDArray[np.int32]
Words: TypeAlias = NDArray[np.uint64]
Floats: TypeAlias = NDArray[np.float64]


class Tables(NamedTuple):
    """The project as arrays; n actions, b blocks, r resources, u units in w words of 64 bits, k unit needs.

    A *block* is a strongly connected component of the network of lags: actions that maximum lags tie to one another,
    or a single action. Between blocks there are minimum lags only, and no cycle.

    Attributes
    ----------
    duration : (n,)
        Slots.
    earliest, latest : (n,)
        Bounds on each start, from releases, windows and the lags; `NEVER` for no upper bound.
    arcs_from : (n + 1,)
    arc_before, arc_lag : (arcs,)
        Lags from starts of actions in other blocks: those of action j stand from ``arcs_from[j]`` to
        ``arcs_from[j + 1]``.
    distance : (n, n)
        Longest path of lags between the starts of two actions of one block; `-NEVER` for none.
    block_of : (n,)
    block_from : (b + 1,)
        Block c's actions stand in ``[block_from[c], block_from[c + 1])`` of a list of actions by block.
    follows : (b, b)
        1 where a lag leads from the first block to the second.
    demand : (n, r)
    capacity : (slots, r)
    needs_from : (n + 1,)
        Unit needs of action j: ``needs_from[j]`` to ``needs_from[j + 1]``, at most 64 of them.
    need_count : (k,)
    need_units : (k, w)
        Bit sets of the units that will do.
    serves : (n, u)
        Bit set of the action's needs that a unit will do for.
    team : (n + 1,)
        Where the action's units begin in a list of all units sent.
    away : (slots, w)
        Bit sets of the units that are not there.
    """

    duration: Numbers
    earliest: Numbers
    latest: Numbers
    arcs_from: Numbers
    arc_before: Numbers
    arc_lag: Numbers
    distance: Numbers
    block_of: Numbers
    block_from: Numbers
    follows: Numbers
    demand: Numbers
    capacity: Numbers
    needs_from: Numbers
    need_count: Numbers
    need_units: Words
    serves: Words
    team: Numbers
    away: Words


class Lists(NamedTuple):
    """A plan as the search sees it: orders from which serial generation makes starts and teams.

    Attributes
    ----------
    blocks : (b,)
        Order of the blocks; none before one that it follows.
    members : (n,)
        Order of the actions inside each block, block by block.
    ranking : (n, u)
        For each action the units in the order in which they are taken.
    """

    blocks: Numbers
    members: Numbers
    ranking: Numbers


class Plan(NamedTuple):
    """What serial generation makes, and its working space.

    Attributes
    ----------
    start : (n,)
    units, unit_need : (team[n],)
        The units sent, with the number of the action's need that each is for.
    used : (slots, r)
    busy : (slots, w)
        Amounts used and units in action, by slot.
    offset : (n,)
        For blocks that the lists' order does not fit together: starts, relative to the block's first, that do.
    floor : (n,)
        Working space.
    """

    start: Numbers
    units: Numbers
    unit_need: Numbers
    used: Numbers
    busy: Words
    offset: Numbers
    floor: Numbers
