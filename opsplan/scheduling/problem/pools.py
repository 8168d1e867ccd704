"""Resources as the solver sees them: one pool per host country, kind and language, with its capacity over time.

A need draws on the pool of its own kind and language in the host country; a need without a language draws on
resources without one. Entries of all resources of a pool add up, and outside all entries there is none. What other
operations' published plans use of a pool that shares a resource with ours is taken off in full.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opsplan.scheduling.problem.grid import Grid
from opsplan.scheduling.problem.snapshot import Snapshot
from solver import CapacityStep


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
    pool_of = {row.id: PoolKey(row.country, row.kind, row.language or "") for row in snapshot.resources}
    gains: dict[PoolKey, list[tuple[int, int, int]]] = {pool: [] for pool in pool_of.values()}
    for entry in snapshot.capacities:
        there = grid.inward(entry.start, entry.end)
        if there is not None:
            gains[pool_of[entry.resource_id]].append((there.start_slot, there.end_slot, entry.amount))
    for claim in snapshot.resource_claims:
        pool = PoolKey(claim.country, claim.kind, claim.language or "")
        taken = grid.outward(claim.start, claim.end)
        if pool in gains and taken is not None:
            gains[pool].append((taken.start_slot, taken.end_slot, -claim.amount))
    return {pool: _steps(gains[pool]) for pool in sorted(gains)}


def _steps(gains: Iterable[tuple[int, int, int]]) -> tuple[CapacityStep, ...]:
    """Add the entries up; where more is claimed than there is, nothing is left."""
    turns: Mapping[int, int] = _turns(gains)
    steps: list[CapacityStep] = []
    there = 0
    for slot in sorted(turns):
        there += turns[slot]
        left = max(0, there)
        if (steps[-1].capacity if steps else 0) != left:
            steps.append(CapacityStep(slot, left))
    return tuple(steps)


def _turns(gains: Iterable[tuple[int, int, int]]) -> dict[int, int]:
    turns: dict[int, int] = defaultdict(int)
    for start_slot, end_slot, amount in gains:
        turns[start_slot] += amount
        turns[end_slot] -= amount
    return turns
