"""Inviting agencies to an operation, and their replies."""

from collections.abc import Mapping
from typing import Any

from opsplan.operations.model import PARTICIPANT
from opsplan.operations.states import OVER, PARTICIPANT_STEPS, ParticipantState
from opsplan.operations.store import COORDINATORS_OF_PARTICIPANT
from opsplan.records.writing import Writing
from opsplan.vocabulary.errors import Forbidden, NotFound, StateConflict
from opsplan.vocabulary.sentences import say


async def invite(writing: Writing, row: Mapping[str, Any]) -> str:
    """Invite an agency to an operation that the actor's agency coordinates; give the participant's id.

    Parameters
    ----------
    writing
        The transaction.
    row
        Checked values of the participant; its agency becomes the owner.

    Raises
    ------
    Forbidden
        When the actor's agency does not coordinate the operation.
    NotFound, Invalid
        When there is no such agency or operation, or it takes part already.
    """
    made = await writing.create(PARTICIPANT, [{**row, "owner": row["agency"]}], on_behalf=True)
    return made[0]


async def move_participant(
    writing: Writing, participant_id: str, to: ParticipantState, *, reason: str, expected_version: int
) -> str:
    """Accept or decline an invitation, or withdraw; give the participant's id.

    The agency itself replies and withdraws. Coordinators of the operation may withdraw it too, and no more.

    Raises
    ------
    Forbidden
        When the actor's agency may not take this step.
    StateConflict, NotFound, VersionConflict, Conflict, Invalid
        As for `move_action`.
    """
    actor = writing.actor
    row = await writing.tx.single(COORDINATORS_OF_PARTICIPANT, id=participant_id)
    if row is None:
        raise NotFound(
            say("There is no Participant {participant_id}.", participant_id=participant_id),
            field="id",
            value=participant_id,
            remedy=say("give the id of one"),
        )
    may = actor.is_administrator or actor.agency_id == row["owner_id"]
    if not may and not (to is ParticipantState.WITHDRAWN and actor.agency_id in row["coordinator_ids"]):
        raise Forbidden(
            say("Only the agency that is invited may reply.")
            if to is not ParticipantState.WITHDRAWN
            else say("Only the agency itself, or one that coordinates the operation, may withdraw it."),
            field="id",
            value=participant_id,
            remedy=say("ask that agency"),
            owner_id=row["owner_id"],
        )
    if to is ParticipantState.ACCEPTED and row["operation_state"] in {state.name for state in OVER}:
        raise StateConflict(
            say(
                "The operation is {operation_state}: nobody takes part in it any more.",
                operation_state=row["operation_state"],
            ),
            field="to",
            value=str(to),
            remedy=say("decline, or ask a coordinator about another operation"),
        )
    await writing.transition(
        PARTICIPANT, participant_id, to, PARTICIPANT_STEPS, reason, expected_version, by_others=True
    )
    return participant_id
