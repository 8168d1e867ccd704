"""Committing in an emergency what nobody could wait for: announced to all, and justified within a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.deconfliction.model import OVERRIDE, OverrideState
from opsplan.deconfliction.rules.settling import JUSTIFY_WITHIN
from opsplan.deconfliction.service.sides import change
from opsplan.deconfliction.store import settling as store
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.reason import reason_given
from opsplan.records.writing import ChangeKind, IdempotencyKey, Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import Unit
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_from_text, instant_text
from opsplan.vocabulary.errors import NotFound, StateConflict
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say

LONGEST_JUSTIFICATION = 10_000


async def cleared_claims(unit: Unit, claim_ids: Iterable[str]) -> set[str]:
    """Give those of some claims whose action is activated or under way: they are not passed over."""
    rows = await unit.tx.run(store.CLEARED, ids=sorted(set(claim_ids)))
    return {row["id"] for row in rows}


async def announce_override(
    unit: Unit, reason: str, passed: Sequence[Mapping[str, Any]], claims: Mapping[str, tuple[str, bool]]
) -> None:
    """Record that claims were committed without the keys that were missing, for all whom they conflict with to read.

    Parameters
    ----------
    passed
        What is told of each key that was not shown.
    claims
        Of each claim that was committed: its owner, and whether it is of the exercise.
    """
    for owner_id in sorted({owner for owner, _ in claims.values()}):
        own = sorted(claim for claim, (owner, _) in claims.items() if owner == owner_id)
        announced = sorted({each["contact_id"] for each in passed} - {owner_id})
        override_id = mint(OVERRIDE.name)
        told = {
            "state": OverrideState.UNJUSTIFIED.name,
            "reason": reason,
            "conflicts": len(passed),
            "justify_by": _later(unit.now, JUSTIFY_WITHIN),
        }
        standard = unit.standard_of_made(owner_id, exercise=claims[own[0]][1])
        kept = {"id": override_id, "sides": [owner_id, *announced]}
        await unit.tx.run(
            store.CREATE_OVERRIDE, properties={**standard, **told, **kept}, claims=own, announced=announced
        )
        refers = {"claims": own, "announced_to": announced}
        unit.note(override_id, OVERRIDE.name, ChangeKind.CREATED, None, {**told, **refers})


async def justify_override(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    override_id: str,
    justification: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Say why an override was necessary, by the agency that made it; give its id. It is taken late as well.

    Raises
    ------
    NotFound
        When there is none of the actor's agency.
    StateConflict
        When it has been justified.
    Invalid
        When nothing is said.
    Forbidden
        When the actor's roles do not allow it.
    """
    said = reason_given(justification, LONGEST_JUSTIFICATION, "input.justification", say("say why it could not wait"))

    async def work(writing: Writing) -> str:
        require(writing.actor, Verb.MOVE_STATE)
        await hold_sequence(writing.tx)
        found = await writing.tx.single(store.OVERRIDE, id=override_id)
        if found is None or found["properties"]["owner_id"] != writing.actor.agency_id:
            raise NotFound(
                say("There is no override {override_id} of your agency.", override_id=override_id),
                field="input.overrideId",
                value=override_id,
                remedy=say("give the id of one that you read under `overrides`"),
            )
        if found["properties"]["state"] == OverrideState.JUSTIFIED.name:
            raise StateConflict(
                say("input.overrideId: it has been justified."),
                field="input.overrideId",
                value=override_id,
                remedy=say("nothing has to be done"),
            )
        after = {
            "state": OverrideState.JUSTIFIED.name,
            "justification": said,
            "justified_at": writing.now,
            "justified_by": writing.actor.subject,
        }
        await change(writing, OVERRIDE, found["properties"], after)
        return override_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


def _later(now: str, by: timedelta) -> str:
    return instant_text(instant_from_text(now) + by)
