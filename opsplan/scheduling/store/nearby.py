"""Claims of others near an operation's actions, or near one claim, found by the index of claims."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from opsplan.deconfliction.rules.holds import Hold, Pool, holds_of
from opsplan.deconfliction.rules.index import seeks_for
from opsplan.graph.transaction import Tx
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.problem.clearances import binding, table_of
from opsplan.scheduling.store import statements
from opsplan.scheduling.store.rows import read_blind_notice, read_claim, read_pool_use, span
from opsplan.vocabulary.area import Area, Circle
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.place import GeoPoint


@dataclass(frozen=True, slots=True)
class Reader:
    """An agency that asks for itself, and the operation whose own claims are not to be looked at, if any."""

    agency_id: str
    exercise: bool
    operation_id: str = ""


async def claims_near(tx: Tx, snapshot: read.Snapshot, reader: Reader | None = None) -> tuple[read.ReadClaim, ...]:
    """Read the claims of others that keep any of a snapshot's actions away.

    Those that all readers of the operation may read, or those that one `reader` may. Of the snapshot the operation, the
    actions and the separations in force are looked at.
    """
    points = sorted({action.point for action in snapshot.actions if action.point is not None})
    if not points:
        return ()
    table = table_of(snapshot.separations)
    span = Interval(snapshot.operation.start - table.widest.buffer, snapshot.operation.end + table.widest.buffer)
    areas = (Circle(GeoPoint(*point), 0.0) for point in points)
    found = await _found(tx, areas, span, table.widest.distance_m, reader, snapshot.operation.id)
    return binding(found, snapshot)


async def claims_around(
    tx: Tx, area: Area, span: Interval, within_m: float, reader: Reader
) -> tuple[read.ReadClaim, ...]:
    """Read the claims in a time that may come as near to an area, as far as a reader may; some lie farther off."""
    return tuple(await _found(tx, (area,), span, within_m, reader, reader.operation_id))


async def blind_notices_for(tx: Tx, claim_id: str, reader: Reader) -> tuple[read.ReadBlindNotice, ...]:
    """Read the blind notices in force that a reader holds on a claim."""
    rows = await tx.run(statements.BLIND_NOTICES_FOR, claim=claim_id, reader=reader.agency_id)
    return tuple(read_blind_notice(row) for row in rows)


async def means_claimed(
    tx: Tx, snapshot: read.Snapshot, reader: Reader | None = None
) -> tuple[tuple[read.ReadUnitUse, ...], tuple[read.ReadPoolUse, ...]]:
    """Read what claims of others take of a snapshot's units and pools.

    Those that all readers of the operation may read, or those that one `reader` may. Of the snapshot the operation,
    units and resources are looked at.
    """
    operation = snapshot.operation
    pools = {Pool(each.country, each.kind, each.language or "", operation.exercise) for each in snapshot.resources}
    time = Interval(operation.start, operation.end)
    of_units = _asked_of_units([each.id for each in snapshot.units], time, of_actions_too=False)
    of_pools = _asked_of_pools(pools, time, operation.id)
    if reader is None:
        unit_rows = await tx.run(statements.UNIT_USES, **of_units, operation=operation.id)
        pool_rows = await tx.run(statements.POOL_USES, **of_pools)
    else:
        unit_rows = await tx.run(statements.UNIT_USES_FOR, **of_units, reader=reader.agency_id)
        pool_rows = await tx.run(statements.POOL_USES_FOR, **of_pools, reader=reader.agency_id)
    uses = tuple(read.ReadUnitUse(**span(row)) for row in unit_rows)
    return uses, tuple(read_pool_use(row) for row in pool_rows if row["held"])


@dataclass(frozen=True, slots=True)
class OwnMeans:
    """What a claim holds of pools, and what others take of the same units and pools, as far as a reader may read."""

    holds: tuple[Hold, ...]
    unit_uses: tuple[read.ReadUnitUse, ...]
    pool_uses: tuple[read.ReadPoolUse, ...]


async def means_around(tx: Tx, claim: read.ReadClaim, time: Interval, reader: Reader) -> OwnMeans:
    """Read what others take, in a time, of the units and pools that a claim takes."""
    own = await tx.single(statements.MEANS_OF, claim=claim.id)
    assert own is not None, "it was read in this transaction"
    holds = holds_of(own["capacities"], Interval(claim.start, claim.end), exercise=reader.exercise)
    of_units = _asked_of_units(own["units"], time, of_actions_too=True)
    of_pools = _asked_of_pools({each.pool for each in holds}, time, "")
    unit_rows = await tx.run(statements.UNIT_USES_FOR, **of_units, reader=reader.agency_id) if own["units"] else []
    pool_rows = await tx.run(statements.POOL_USES_FOR, **of_pools, reader=reader.agency_id) if holds else []
    return OwnMeans(
        holds,
        tuple(read.ReadUnitUse(**span(row)) for row in unit_rows if row["id"] != claim.id),
        tuple(read_pool_use(row, but=claim.id) for row in pool_rows),
    )


def _asked_of_units(units: Iterable[str], time: Interval, *, of_actions_too: bool) -> dict[str, Any]:
    start, end = instant_text(time.start), instant_text(time.end)
    return {"units": sorted(units), "start": start, "end": end, "of_actions_too": of_actions_too}


def _asked_of_pools(pools: Iterable[Pool], time: Interval, operation_id: str) -> dict[str, Any]:
    asked = [{**asdict(each), "key": each.key} for each in sorted(pools)]
    return {"pools": asked, "start": instant_text(time.start), "operation": operation_id}


async def separations(tx: Tx) -> tuple[read.ReadSeparation, ...]:
    """Read the rules in force."""
    return tuple(read.ReadSeparation(**row) for row in await tx.run(statements.SEPARATIONS))


async def _found(
    tx: Tx, areas: Iterable[Area], span: Interval, within_m: float, reader: Reader | None, operation_id: str
) -> list[read.ReadClaim]:
    numbers: set[int] = set()
    ranges: set[tuple[int, int]] = set()
    for area in areas:
        seeks = seeks_for(area, span, within_m)
        numbers.update(seeks.numbers)
        ranges.update(seeks.ranges)
    asked: Mapping[str, Any] = {
        "operation": operation_id,
        "numbers": sorted(numbers),
        "ranges": [list(each) for each in sorted(ranges)],
        "start": instant_text(span.start),
        "end": instant_text(span.end),
    }
    if reader is None:
        rows = await tx.run(statements.CLAIMS_NEAR, **asked)
    else:
        rows = await tx.run(statements.CLAIMS_NEAR_FOR, **asked, reader=reader.agency_id, exercise=reader.exercise)
    return [read_claim(row) for row in rows]
