"""The whole translation: a snapshot in, a `solver.Problem` and its `Index` out; equal snapshots give equal bytes."""

from opsplan.scheduling.problem.actions import Workshop, make_action, pool_of
from opsplan.scheduling.problem.clearances import clearances_of
from opsplan.scheduling.problem.grid import SLOT_MINUTES, Grid
from opsplan.scheduling.problem.index import Hindrance, Index
from opsplan.scheduling.problem.lookup import Lookup
from opsplan.scheduling.problem.pools import PoolKey, pool_steps
from opsplan.scheduling.problem.quiet import Quiet
from opsplan.scheduling.problem.relations import cyclic, make_groups, make_precedences
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.scheduling.problem.units import make_units
from opsplan.scheduling.problem.ways import make_ways
from solver import CapacityStep, Country, InvalidProblem, Problem, Resource

LARGEST_COST = 1_000_000_000
"""The largest cost of a mode that the solver takes."""


def make_problem(snapshot: Snapshot, slot_minutes: int = SLOT_MINUTES) -> tuple[Problem, Index]:
    """Turn the snapshot into what the solver is asked.

    Nothing that the graph may hold makes it fail but a circle of precedences: what can have no place is left in the
    problem without windows, and the index says why.

    Raises
    ------
    CyclicPrecedence
        When precedences form a circle; the message names the actions along it.
    """
    grid = Grid.over(snapshot.operation.start, snapshot.operation.end, slot_minutes)
    lookup = Lookup(snapshot)
    ways = make_ways(snapshot, lookup)
    steps = pool_steps(snapshot, grid)
    pools = tuple(sorted({*steps, *_needed_pools(snapshot, lookup)}))
    scale = _cost_scale(snapshot, slot_minutes)
    numbers = {pool: number for number, pool in enumerate(pools)}
    clearances = clearances_of(snapshot, grid)
    shop = Workshop(snapshot, lookup, grid, ways, Quiet(lookup, grid), numbers, scale, clearances)
    hindrances: dict[int, list[Hindrance]] = {number: [] for number in range(len(snapshot.actions))}
    precedences, precedence_ids = make_precedences(snapshot, lookup, grid, hindrances)
    groups, group_ids = make_groups(snapshot, grid)
    resource_kinds = tuple(sorted({pool.kind for pool in pools}))
    try:
        problem = Problem(
            slot_minutes=slot_minutes,
            # The solver wants a horizon; where the operation has no whole slot, no action has a window in it either.
            horizon_slots=max(1, grid.horizon_slots),
            countries=tuple(Country(code) for code in lookup.countries),
            unit_kinds=lookup.unit_kinds,
            skills=lookup.languages,
            resource_kinds=resource_kinds,
            sites=ways.sites,
            travel=ways.travel,
            units=make_units(snapshot, lookup, grid, ways, scale),
            resources=tuple(_resource(pool, steps.get(pool, ()), resource_kinds, lookup) for pool in pools),
            actions=tuple(
                make_action(action, shop, hindrances[number]) for number, action in enumerate(snapshot.actions)
            ),
            precedences=precedences,
            groups=groups,
        )
    except InvalidProblem as refusal:
        if refusal.path == "precedences":
            raise cyclic(str(refusal.value)) from refusal
        raise
    modes = [lookup.modes.get(action.id, []) for action in snapshot.actions]
    index = Index(
        grid=grid,
        operation_id=snapshot.operation.id,
        h_hour=snapshot.operation.h_hour,
        cost_scale=scale,
        action_ids=tuple(action.id for action in snapshot.actions),
        zones=tuple(ways.zones[action.id] for action in snapshot.actions),
        mode_ids=tuple(tuple(mode.id for mode in each) for each in modes),
        mode_minutes=tuple(tuple(mode.duration_minutes for mode in each) for each in modes),
        need_ids=tuple(
            tuple(tuple(need.id for need in lookup.unit_needs.get(mode.id, ())) for mode in each) for each in modes
        ),
        unit_ids=tuple(unit.id for unit in snapshot.units),
        pools=pools,
        group_ids=group_ids,
        precedence_ids=precedence_ids,
        hindrances={number: tuple(found) for number, found in hindrances.items() if found},
        clearances={lookup.action[action]: those for action, those in clearances.items()},
    )
    return problem, index


def _needed_pools(snapshot: Snapshot, lookup: Lookup) -> set[PoolKey]:
    """Every pool that some mode needs: where nothing of it is offered, its capacity is nought throughout."""
    return {
        pool_of(need, action)
        for action in snapshot.actions
        for mode in lookup.modes.get(action.id, ())
        for need in lookup.resource_needs.get(mode.id, ())
    }


def _resource(
    pool: PoolKey, steps: tuple[CapacityStep, ...], resource_kinds: tuple[str, ...], lookup: Lookup
) -> Resource:
    return Resource(pool.title, resource_kinds.index(pool.kind), lookup.country(pool.country or None), steps)


def _cost_scale(snapshot: Snapshot, slot_minutes: int) -> int:
    """Parts of the currency's unit: as many as an hour has slots, unless some mode's cost is too large for that."""
    parts = 60 // slot_minutes
    dearest = max((mode.cost for mode in snapshot.modes), default=0)
    return parts if dearest * parts <= LARGEST_COST else 1
