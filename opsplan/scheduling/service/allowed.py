"""Who may do what with an operation's schedules: looked up and refused in one place, for every verb of this room."""

from opsplan.graph.transaction import Tx
from opsplan.operations.states import OperationState
from opsplan.scheduling.rules import require_coordinator
from opsplan.scheduling.store.standing import Standing, read_standing
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.errors import StateConflict
from opsplan.vocabulary.sentences import say

_OVER = frozenset({OperationState.CLOSED, OperationState.CANCELLED})


async def allow_coordinator(tx: Tx, actor: Actor, operation_id: str) -> Standing:
    """Let an actor pass who coordinates the operation, and give how that stands.

    Raises
    ------
    Forbidden, NotFound
        As `require_coordinator` and `read_standing`.
    """
    standing = await read_standing(tx, operation_id)
    require_coordinator(actor, standing.owner_id, standing.coordinator_ids)
    return standing


async def allow_planning(tx: Tx, actor: Actor, operation_id: str) -> Standing:
    """As `allow_coordinator`, of an operation that is not over.

    Raises
    ------
    StateConflict
        When it is closed or cancelled.
    Forbidden, NotFound
        As `allow_coordinator`.
    """
    standing = await allow_coordinator(tx, actor, operation_id)
    _refuse_over(standing)
    return standing


def _refuse_over(standing: Standing) -> None:
    """Refuse an operation that is closed or cancelled.

    Raises
    ------
    StateConflict
        With its state.
    """
    if OperationState(standing.state) in _OVER:
        raise StateConflict(
            say("The operation is {standing_state}: nothing more is scheduled for it.", standing_state=standing.state),
            field="operationId",
            value=standing.id,
            remedy=say("schedule an operation that is not over"),
        )
