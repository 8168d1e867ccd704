"""One consistent snapshot of an operation.

Neo4j reads what is committed, statement by statement, so a transaction of several statements may see half of a commit
that lands between them. Every writer takes the commit sequence as its last act and holds it until it has committed;
so the number is read before and after, each time holding the sequence for a moment (which waits for whoever holds
it): where both are equal, nothing was committed in between. After some failed tries the sequence is held while reading.
"""

from functools import partial

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.records.writing.sequence import hold_sequence
from opsplan.scheduling.problem import snapshot as read
from opsplan.scheduling.rules import Basis
from opsplan.scheduling.store.changes import nouns_changed_since
from opsplan.scheduling.store.kept import Kept
from opsplan.scheduling.store.reading import read_operation

_TRIES = 3
_TIMEOUT_S = 180.0
"""The largest operations are read longer than an ordinary transaction may take."""


async def take_snapshot(
    graph: Graph, operation_id: str, *, basis: Basis | None = None, earlier: read.Snapshot | None = None
) -> read.Snapshot:
    """Read the operation as it stands now, with what the plan of the `basis` says.

    Of what an `earlier` snapshot holds, only what may have changed since is read again.

    Raises
    ------
    NotFound
        When there is no such operation in force.
    OperationTooLarge
        When it has more actions or units than one schedule may hold; found before any of them is read.
    """
    for _ in range(_TRIES):
        before = await graph.write(hold_sequence)
        reading = partial(read_as_of, operation_id, before, basis, earlier)
        found = await graph.read(reading, timeout_s=_TIMEOUT_S)
        if await graph.write(hold_sequence) == before:
            return found

    async def held(tx: Tx) -> read.Snapshot:
        return await read_as_of(operation_id, await hold_sequence(tx), basis, earlier, tx)

    return await graph.write(held, timeout_s=_TIMEOUT_S)


async def read_as_of(
    operation_id: str, commit: int, basis: Basis | None, earlier: read.Snapshot | None, tx: Tx
) -> read.Snapshot:
    """Read the operation in a transaction that holds the sequence, as of the commit that stands last there.

    Raises
    ------
    NotFound, OperationTooLarge
        As `take_snapshot`.
    """
    kept = None
    if earlier is not None:
        kept = Kept(earlier, await nouns_changed_since(tx, earlier.commit, operation_id))
    return await read_operation(tx, operation_id, commit, basis, kept)
