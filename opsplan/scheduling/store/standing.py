"""What a service needs to know of an operation before it lets somebody schedule it."""

from dataclasses import dataclass

from opsplan.graph.transaction import Tx
from opsplan.scheduling.store import statements
from opsplan.vocabulary.errors import NotFound
from opsplan.vocabulary.sentences import say


@dataclass(frozen=True, slots=True)
class Standing:
    """What a service needs to know of an operation before it lets somebody schedule it."""

    id: str
    name: str
    state: str
    owner_id: str
    exercise: bool
    coordinator_ids: tuple[str, ...]
    actions: int
    units: int


async def read_standing(tx: Tx, operation_id: str) -> Standing:
    """Read who may schedule the operation, and how large it is.

    Raises
    ------
    NotFound
        When there is no such operation in force.
    """
    operation = await tx.single(statements.OPERATION, operation=operation_id)
    sizes = await tx.single(statements.SIZES, operation=operation_id)
    if operation is None or sizes is None:
        raise no_operation(operation_id)
    return Standing(
        operation["id"],
        operation["name"],
        operation["state"],
        operation["owner_id"],
        bool(operation["exercise"]),
        tuple(operation["coordinator_ids"]),
        sizes["actions"],
        sizes["units"],
    )


def no_operation(operation_id: str) -> NotFound:
    """Make the refusal of an operation that is not there."""
    return NotFound(
        say("There is no operation {operation_id} in force.", operation_id=operation_id),
        field="operationId",
        value=operation_id,
        remedy=say("give the id of an operation that is not retired"),
    )
