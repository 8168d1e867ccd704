"""Claims of others near an operation's actions, or near one claim, found by the index of claims."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from opsplan.deconfliction.rules.index import seeks_for
from opsplan.graph.transaction import Tx
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.problem.clearances import binding, table_of
from opsplan.scheduling.store import statements
from opsplan.scheduling.store.rows import read_blind_notice, read_claim
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
