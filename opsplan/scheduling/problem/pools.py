"""Resources as the solver sees them: one pool per host country, kind and language, with its capacity over time.

A need draws on the pool of its own kind and language in the host country; a need without a language draws on
resources without one. Entries of all resources of a pool add up, and outside all entries there is none; nor outside
the times for which a participant offers a resource, nor beyond the amount that it offers. What other operations'
published plans use of a pool that shares a resource with ours is taken off in full.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.snapshot import Snapshot
from solver import CapacityStep, Interval


@dataclass(frozen=True, slots=True, order=True)
class PoolKey:
    """Which pool: host country, kind of resource, and language (empty for none)."""

    country: str
    kind: str
    language: str = ""

    @property
    def title(self) -> str:
        """Name it for people.

        >>> PoolKey("KH", "INTERPRETER", "zh").title
        'INTERPRETER (zh) in KH'
        """
        spoken = f" ({self.language})" if self.language else ""
        return f"{self.kind}{spoken} in {self.country}"


def pool_steps(snapshot: Snapshot, grid: Grid) -> dict[PoolKey, tuple[CapacityStep, ...]]:
    """Give each offered pool's capacity as the solver's step function, sorted by pool."""
    pools: dict[PoolKey, _Pool] = {}
    stock_of: dict[str, _Stock] = {}
    for row in snapshot.resources:
        pool = pools.setdefault(PoolKey(row.country, row.kind, row.language or ""), _Pool())
        stock_of[row.id] = _Stock()
        pool.stocks.append(stock_of[row.id])
    for entry in snapshot.capacities:
        turn(stock_of[entry.resource_id].held, grid.inward(entry.start, entry.end), entry.amount)
    for offer in snapshot.resource_offers:
        stock = stock_of[offer.resource_id]
        turns, amount = (stock.whole, 1) if offer.amount is None else (stock.offered, offer.amount)
        turn(turns, grid.inward_open(offer.start, offer.end), amount)
    for claim in snapshot.resource_claims:
        claimed = pools.get(PoolKey(claim.country, claim.kind, claim.language or ""))
        if claimed is not None:
            turn(claimed.used, grid.outward(claim.start, claim.end), claim.amount)
    return {key: _steps(pools[key]) for key in sorted(pools)}


Turns: TypeAlias = dict[int, int]
"""By how much something rises (or falls) at the begin of a slot."""


@dataclass(slots=True)
class _Stock:
    """One resource: how much of it is held, how much is offered, and how many offers are of all that there is."""

    held: Turns = field(default_factory=dict)
    offered: Turns = field(default_factory=dict)
    whole: Turns = field(default_factory=dict)


@dataclass(slots=True)
class _Pool:
    """The resources of a pool, and what other operations use of it."""

    stocks: list[_Stock] = field(default_factory=list)
    used: Turns = field(default_factory=dict)


def turn(turns: Turns, span: Interval | None, amount: int) -> None:
    """Have something rise by an amount at the begin of a span, if there is one, and fall by it at its end."""
    if span is not None:
        turns[span.start_slot] = turns.get(span.start_slot, 0) + amount
        turns[span.end_slot] = turns.get(span.end_slot, 0) - amount


def _steps(pool: _Pool) -> tuple[CapacityStep, ...]:
    """Add the resources up: of each what is offered, of all no more than others leave; where they take more, nothing.

    What others use may come out of the part that is not offered here.
    """
    kinds = [turns for stock in pool.stocks for turns in (stock.held, stock.offered, stock.whole)]
    there = [0] * len(kinds)
    used = 0
    steps: list[CapacityStep] = []
    for slot in sorted({*pool.used, *(slot for turns in kinds for slot in turns)}):
        used += pool.used.get(slot, 0)
        for place, turns in enumerate(kinds):
            there[place] += turns.get(slot, 0)
        held = there[0::3]
        offered = (
            have if all_of_it else min(have, some)
            for have, some, all_of_it in zip(held, there[1::3], there[2::3], strict=True)
        )
        left = max(0, min(sum(offered), sum(held) - used))
        if (steps[-1].capacity if steps else 0) != left:
            steps.append(CapacityStep(slot, left))
    return tuple(steps)
