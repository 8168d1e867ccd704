"""Leave to cross a zone: asked for by the claim's owner, given, refused and taken back by the zone's."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from opsplan.access.rules import Verb, require
from opsplan.deconfliction.model import CLAIM, DECISIONS, ZONE_CROSSING, CrossingState
from opsplan.deconfliction.rules.footprint import footprint_of
from opsplan.deconfliction.rules.zone import claim_shape
from opsplan.deconfliction.store import claims as claim_store
from opsplan.deconfliction.store import zones as store
from opsplan.graph.driver import Graph
from opsplan.operations.states import LOCKED
from opsplan.records.laws import Laws
from opsplan.records.reason import reason_given
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.records.writing.change import expect_version, meet_own, refuse_retired
from opsplan.records.writing.locking import lock_and_read
from opsplan.records.writing.sequence import hold_sequence
from opsplan.records.writing.unit import ChangeKind
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import StateConflict
from opsplan.vocabulary.sentences import say

LONGEST_REASON: Final = 2_000
_TO_ASK: Final = frozenset({CrossingState.OPEN, CrossingState.REFUSED})


async def request_release(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    claim_id: str,
    contact_id: str,
    expected_version: int,
    reason: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Ask an agency to let a claim cross all its zones that the claim's owner is told of; give the claim's id.

    A claim that is hidden is shown to that agency from then on, until it changes: nobody gives leave to what he may
    not know.

    Raises
    ------
    StateConflict
        When the claim crosses none of that agency's zones, or all is asked for or released.
    NotFound, Forbidden, VersionConflict, Conflict, Invalid
        As for a change of the claim.
    """
    require(actor, Verb.CHANGE)
    why = reason_given(reason, LONGEST_REASON)

    async def work(writing: Writing) -> str:
        # Before anything is locked, as whoever keeps crossings holds it when he locks them.
        await hold_sequence(writing.tx)
        await lock_claim(writing, claim_id, expected_version)
        rows = await writing.tx.run(store.TO_ASK_ABOUT, claim=claim_id, contact=contact_id)
        asked = [row["properties"] for row in rows if CrossingState(row["properties"]["state"]) in _TO_ASK]
        if not asked:
            raise _nothing_to_ask(claim_id, contact_id, is_crossed=bool(rows))
        told = {"state": CrossingState.REQUESTED.name, "asked": why, "asked_at": writing.now}
        rows = [each for before in asked for each in writing.changed(ZONE_CROSSING, before, told, reason=why)]
        await writing.tx.run(store.CHANGE_CROSSINGS, rows=rows)
        await show_claim(writing, claim_id, [contact_id])
        return claim_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, reason=why, idempotency=idempotency)


async def decide_crossing(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    crossing_id: str,
    to: CrossingState,
    expected_version: int,
    reason: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Give a claim leave to cross a zone, as both are now, or refuse it; give the crossing's id.

    Raises
    ------
    Forbidden
        When the zone is another agency's, or the actor's roles do not allow it.
    StateConflict
        When the claim does not cross it any more, that is decided already, or a release would be taken back after the
        action has been activated.
    NotFound, VersionConflict, Invalid
        As for a change.
    """
    require(actor, Verb.MOVE_STATE)
    why = reason_given(reason, LONGEST_REASON)

    async def work(writing: Writing) -> str:
        await hold_sequence(writing.tx)
        await writing.transition(ZONE_CROSSING, crossing_id, to, DECISIONS, why, expected_version)
        was_released = f'"{CrossingState.RELEASED.name}"' in (writing.changes[-1]["before"] or "")
        row = await writing.tx.single(store.ACTION_OF_CROSSING, id=crossing_id)
        if was_released and row is not None and row["action_state"] in LOCKED:
            raise StateConflict(
                say("The action is {state}: what it was released for stands.", state=row["action_state"]),
                field="input.id",
                value=crossing_id,
                remedy=say("call the agency that owns the claim; it may abort the action"),
            )
        told = {"decided": why, "decided_at": writing.now, "decided_in_place": None}
        await writing.tx.run(store.DECIDE, id=crossing_id, properties=told)
        return crossing_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, reason=why, idempotency=idempotency)


async def lock_claim(
    writing: Writing, claim_id: str, expected_version: int, *, by_others: bool = False
) -> Mapping[str, Any]:
    """Lock a claim in force, of the actor's agency or `by_others`, and give its stored properties.

    Raises
    ------
    NotFound, Forbidden, VersionConflict, Conflict
        As for a change.
    """
    met = await meet_own(writing, CLAIM, [claim_id], by_others=by_others)
    (stands,) = await lock_and_read(writing, CLAIM, met)
    expect_version(CLAIM, stands, expected_version)
    refuse_retired(CLAIM, stands)
    return stands.properties


async def show_claim(writing: Writing, claim_id: str, agency_ids: Iterable[str]) -> None:
    """Show a hidden claim, until it changes, to agencies that are asked for a release."""
    (row,) = await writing.tx.run(claim_store.CLAIMS, ids=[claim_id])
    footprint = footprint_of(row)
    new = {each for each in agency_ids if not footprint.is_read_by(each)}
    if not new:
        return
    shown = sorted({*(row["shown_for_release"] or ()), *new})
    properties = {
        "shown_for_release": shown,
        "shown_as": claim_shape(footprint),
        "changed_at": writing.now,
        "changed_by": writing.actor.subject,
    }
    await writing.tx.run(store.SHOW_CLAIM, id=claim_id, properties=properties)
    writing.note(claim_id, CLAIM.name, ChangeKind.CHANGED, {}, {})


def _nothing_to_ask(claim_id: str, contact_id: str, *, is_crossed: bool) -> StateConflict:
    return StateConflict(
        say("Agency {agency_id} has been asked already, or has given its release.", agency_id=contact_id)
        if is_crossed
        else say(
            "Claim {claim_id} crosses no zone of agency {agency_id} that you are told of.",
            claim_id=claim_id,
            agency_id=contact_id,
        ),
        field="input.contactId",
        value=contact_id,
        remedy=say("read the claim's zone crossings and notices"),
    )
