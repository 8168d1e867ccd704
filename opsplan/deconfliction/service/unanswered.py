"""Leave to cross a zone whose owner does not answer: the watch centre is asked, and gives it in the owner's place."""

from collections.abc import Mapping, Sequence
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.deconfliction.model import ZONE_CROSSING, CrossingState
from opsplan.deconfliction.rules.settling import RELEASE_WITHIN
from opsplan.deconfliction.service.releases import LONGEST_REASON, lock_claim, show_claim
from opsplan.deconfliction.store import zones as store
from opsplan.deconfliction.store.settling import WATCH_CENTRES
from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.reason import reason_given
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_from_text, instant_text, minute_text
from opsplan.vocabulary.errors import Forbidden, StateConflict
from opsplan.vocabulary.sentences import say

_WAITS = CrossingState.REQUESTED.name


async def ask_watch_centre(
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
    """Ask the watch centre for what an agency was asked for and has not answered in time; give the claim's id.

    A claim that is hidden is shown to the watch centre from then on, until it changes.

    Raises
    ------
    StateConflict
        When nothing was asked of that agency that is not answered, it still has time, or there is no watch centre.
    NotFound, Forbidden, VersionConflict, Conflict, Invalid
        As for a change of the claim.
    """
    require(actor, Verb.CHANGE)
    why = reason_given(reason, LONGEST_REASON)

    async def work(writing: Writing) -> str:
        await hold_sequence(writing.tx)
        claim = await lock_claim(writing, claim_id, expected_version)
        rows = await writing.tx.run(store.TO_ASK_ABOUT, claim=claim_id, contact=contact_id)
        waiting = [row["properties"] for row in rows if row["properties"]["state"] == _WAITS]
        latest = instant_text(instant_from_text(writing.now) - RELEASE_WITHIN)
        late = [each for each in waiting if _asked_at(each) <= latest and not each.get("watch_asked_at")]
        if not late:
            raise _nothing_is_late(contact_id, waiting)
        centres = await _centres(writing, exercise=bool(claim["exercise"]))
        if not centres:
            raise StateConflict(
                say("No agency is a watch centre."),
                field="input.contactId",
                value=contact_id,
                remedy=say("have an administrator name one (`watchCentre`), or release the zone"),
            )
        told = {"watch_asked_at": writing.now, "asked": why}
        changed = [each for before in late for each in writing.changed(ZONE_CROSSING, before, told, reason=why)]
        await writing.tx.run(store.CHANGE_CROSSINGS, rows=changed)
        await show_claim(writing, claim_id, centres)
        return claim_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, reason=why, idempotency=idempotency)


async def release_in_place(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    claim_id: str,
    for_agency_id: str,
    expected_version: int,
    reason: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Let a claim cross what an agency was asked for and has not answered, as its watch centre; give the claim's id.

    It holds like a release of the zone's owner, who may take it back until the claim's action is activated.

    Raises
    ------
    Forbidden
        When the actor's agency is no watch centre, or the claim is its own.
    StateConflict
        When the watch centre was not asked, or the agency has answered meanwhile.
    NotFound, VersionConflict, Conflict, Invalid
        As for a change of the claim.
    """
    require(actor, Verb.MOVE_STATE)
    why = reason_given(reason, LONGEST_REASON)

    async def work(writing: Writing) -> str:
        await hold_sequence(writing.tx)
        claim = await lock_claim(writing, claim_id, expected_version, by_others=True)
        centres = await _centres(writing, exercise=bool(claim["exercise"]))
        if writing.actor.agency_id not in centres or claim["owner_id"] == writing.actor.agency_id:
            raise Forbidden(
                say("Only the watch centre may release in another agency's place, and not for a claim of its own."),
                field="input.forAgencyId",
                value=for_agency_id,
                remedy=say("ask it (`askWatchCentre`), or wait for the zone's owner"),
            )
        rows = await writing.tx.run(store.TO_ASK_ABOUT, claim=claim_id, contact=for_agency_id)
        asked = [
            row["properties"]
            for row in rows
            if row["properties"]["state"] == _WAITS and row["properties"].get("watch_asked_at")
        ]
        if not asked:
            raise StateConflict(
                say("Nothing of agency {agency_id} is left for the watch centre to release.", agency_id=for_agency_id),
                field="input.forAgencyId",
                value=for_agency_id,
                remedy=say("read the claim's zone crossings: it has been answered, or nobody asked you"),
            )
        told = {
            "state": CrossingState.RELEASED.name,
            "decided": why,
            "decided_at": writing.now,
            "decided_in_place": True,
        }
        changed = [each for before in asked for each in writing.changed(ZONE_CROSSING, before, told, reason=why)]
        await writing.tx.run(store.CHANGE_CROSSINGS, rows=changed)
        return claim_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, reason=why, idempotency=idempotency)


async def _centres(writing: Writing, *, exercise: bool) -> set[str]:
    """Give the watch centres of one of the two worlds."""
    return {row["id"] for row in await writing.tx.run(WATCH_CENTRES) if bool(row["exercise"]) is exercise}


def _nothing_is_late(contact_id: str, waiting: Sequence[Mapping[str, Any]]) -> StateConflict:
    """Say that an agency was asked for nothing, or has still time, or the watch centre has been asked."""
    not_handed_on = [_asked_at(each) for each in waiting if not each.get("watch_asked_at")]
    if not waiting:
        what = say("Agency {agency_id} was asked for nothing that it has not answered.", agency_id=contact_id)
        remedy = say("ask it first (`requestZoneRelease`)")
    elif not not_handed_on:
        what, remedy = say("The watch centre has been asked already."), say("call the watch centre")
    else:
        until = minute_text(instant_from_text(max(not_handed_on)) + RELEASE_WITHIN)
        what = say("Agency {agency_id} has until {until} to answer.", agency_id=contact_id, until=until)
        remedy = say("call it, and ask the watch centre when that time is over")
    return StateConflict(what, field="input.contactId", value=contact_id, remedy=remedy)


def _asked_at(crossing: Mapping[str, Any]) -> str:
    """Give when a crossing's release was asked for; before that was kept, asking was what changed it last."""
    return str(crossing.get("asked_at") or crossing["changed_at"])
