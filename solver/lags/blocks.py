"""Each block alone: whether it can be at all, and starts at which it fits."""

from __future__ import annotations

from dataclasses import dataclass

from solver.chance import Chance
from solver.cpsat.lags.solve import ExactSolver, Shown
from solver.lags.metering import Metering
from solver.network import Network

_FIRST_WORK = 0.5
_GROWTH = 4.0
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Blocks:
    """What solving the blocks has shown.

    Parameters
    ----------
    impossible
        A block that has no plan even alone; None when none is known.
    offsets
        Per action, a start relative to its block's first, at which the block fits where it is known.
    """

    impossible: tuple[int, ...] | None
    offsets: tuple[int, ...]


def decide_blocks(network: Network, exact: ExactSolver, chance: Chance, metering: Metering) -> Blocks:
    """Solve each block of several actions alone, the small ones first; those that take long get more work in turn.

    Blocks are tied by minimum lags alone, so these answers decide whether the whole can be, given time and constant
    capacities (Neumann and Zhan 1995).
    """
    offsets = list(network.first_starts)
    waiting = sorted((block for block in network.blocks if len(block) > 1), key=lambda block: (len(block), block))
    limit = _FIRST_WORK
    for _ in range(_TRIES):
        left = []
        for block in waiting:
            if metering.over():
                return Blocks(None, tuple(offsets))
            answer = exact.block(block, metering.effort(limit, chance.below(1 << 30)))
            metering.spend(answer.deterministic_seconds)
            if answer.shown is Shown.NONE:
                return Blocks(block, tuple(offsets))
            if answer.starts is None:
                left.append(block)
                continue
            first = min(answer.starts.values())
            for action, slot in answer.starts.items():
                offsets[action] = slot - first
        waiting, limit = left, limit * _GROWTH
    return Blocks(None, tuple(offsets))
