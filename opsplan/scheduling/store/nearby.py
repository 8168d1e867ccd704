"""Claims of others near an operation's actions, found by the index of claims."""

from opsplan.deconfliction.rules.index import seeks_for
from opsplan.graph.transaction import Tx
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.problem.clearances import binding, table_of
from opsplan.scheduling.store import statements
from opsplan.scheduling.store.rows import read_claim
from opsplan.vocabulary.area import Circle
from opsplan.vocabulary.clock import instant_text
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.place import GeoPoint


async def claims_near(tx: Tx, snapshot: read.Snapshot) -> tuple[read.ReadClaim, ...]:
    """Read the claims of others that keep any of a snapshot's actions away, as far as they may be known here.

    Of the snapshot the operation, the actions and the separations in force are looked at.
    """
    points = sorted({action.point for action in snapshot.actions if action.point is not None})
    if not points:
        return ()
    widest = table_of(snapshot.separations).widest
    start, end = snapshot.operation.start - widest.buffer, snapshot.operation.end + widest.buffer
    numbers: set[int] = set()
    ranges: set[tuple[int, int]] = set()
    for point in points:
        seeks = seeks_for(Circle(GeoPoint(*point), 0.0), Interval(start, end), widest.distance_m)
        numbers.update(seeks.numbers)
        ranges.update(seeks.ranges)
    rows = await tx.run(
        statements.CLAIMS_NEAR,
        operation=snapshot.operation.id,
        numbers=sorted(numbers),
        ranges=[list(each) for each in sorted(ranges)],
        start=instant_text(start),
        end=instant_text(end),
    )
    return binding((read_claim(row) for row in rows), snapshot)
