"""Moving operations and actions through their states."""

from opsplan.operations.model import ACTION, OPERATION
from opsplan.operations.states import ACTION_STEPS, OPERATION_STEPS, ActionState, OperationState
from opsplan.records.writing import Writing


async def move_action(writing: Writing, action_id: str, to: ActionState, *, reason: str, expected_version: int) -> str:
    """Move an action to another state, as the table of its steps allows; give its id.

    Raises
    ------
    StateConflict
        When the table does not allow the step.
    NotFound, Forbidden, VersionConflict, Conflict, Invalid
        As for a change.
    """
    await writing.transition(ACTION, action_id, to, ACTION_STEPS, reason, expected_version)
    return action_id


async def move_operation(
    writing: Writing, operation_id: str, to: OperationState, *, reason: str, expected_version: int
) -> str:
    """Move an operation to another state; raises as `move_action`."""
    await writing.transition(OPERATION, operation_id, to, OPERATION_STEPS, reason, expected_version)
    return operation_id
