"""Making one of two plans, as agreed: the one that yields ends, and its agency takes part in the other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from opsplan.deconfliction.model import CLAIM
from opsplan.deconfliction.store import joining as store
from opsplan.operations.model import ACTION, PARTICIPANT, ParticipantRole
from opsplan.operations.states import ACTION_STEPS, PARTICIPANT_STEPS, ActionState, ParticipantState
from opsplan.records.writing import Writing
from opsplan.vocabulary.actor import Actor, Role

_BY_AGREEMENT = Actor("machine:deconfliction", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)
"""Changes both sides' plans, which both have signed for."""


async def join_plans(
    writing: Writing, notices: Sequence[Mapping[str, Any]], yields_id: str, resolution_id: str
) -> None:
    """Join the plan of the side that yields into the other's, in the transaction of the last signature.

    What yields is cancelled, or withdrawn where it is planned elsewhere. What stays gets its targets, and, where it is
    an action here, its agency as a contributor to the operation; a claim of what is planned elsewhere gets its units.

    Raises
    ------
    StateConflict
        When an action that is to end has begun.
    """
    joined = replace(writing, actor=_BY_AGREEMENT)
    (yielding,) = {row["claim_id"] for row in notices if row["properties"]["owner_id"] == yields_id}
    (staying,) = {row["claim_id"] for row in notices if row["properties"]["owner_id"] != yields_id}
    one = await joined.tx.single(store.PLAN, id=staying)
    other = await joined.tx.single(store.PLAN, id=yielding)
    assert one is not None
    assert other is not None
    reason = f"joined by resolution {resolution_id}"
    if other["action_id"] is not None:
        await joined.transition(ACTION, other["action_id"], ActionState.CANCELLED, ACTION_STEPS, reason, by_others=True)
    else:
        await joined.retire(CLAIM, [(yielding, None)], reason)
    targets = sorted({*one["targets"], *other["targets"]})
    if one["action_id"] is not None:
        await _take_in(joined, one, yields_id, reason)
        if targets != sorted(one["targets"]):
            await joined.change(ACTION, [{"id": one["action_id"], "targets": targets}])
    else:
        units = sorted({*one["units"], *other["units"]})
        await joined.change(CLAIM, [{"id": staying, "targets": targets, "units": units}])


async def _take_in(writing: Writing, plan: Mapping[str, Any], agency_id: str, reason: str) -> None:
    """Have an agency take part in the operation of a plan, if it does not."""
    if agency_id in plan["takes_part"]:
        return
    row = {
        "operation": plan["operation_id"],
        "agency": agency_id,
        "owner": agency_id,
        "role": ParticipantRole.CONTRIBUTOR.name,
    }
    (participant,) = await writing.create(PARTICIPANT, [row], on_behalf=True)
    await writing.transition(
        PARTICIPANT, participant, ParticipantState.ACCEPTED, PARTICIPANT_STEPS, reason, by_others=True
    )
