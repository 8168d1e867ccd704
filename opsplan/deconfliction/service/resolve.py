"""Proposing how a conflict ends, signing it, and declining."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from opsplan.access.rules import Verb, require
from opsplan.deconfliction.model import (
    CONFLICT,
    NOTICE,
    RESOLUTION,
    ConflictState,
    NoticeState,
    ResolutionOutcome,
    ResolutionState,
)
from opsplan.deconfliction.rules.settling import RESOLUTION_STEPS, YIELDING, document_of
from opsplan.deconfliction.service.joining import join_plans
from opsplan.deconfliction.service.sides import Sides, acknowledged, advance, change, own_side
from opsplan.deconfliction.service.voiding import void_resolutions
from opsplan.deconfliction.store import settling as store
from opsplan.graph.driver import Graph
from opsplan.jurisdiction.signing import key_that_signed
from opsplan.operations.states import CLEARED, step
from opsplan.records.laws import Laws
from opsplan.records.reason import reason_given
from opsplan.records.values import canonical_json
from opsplan.records.writing import ChangeKind, IdempotencyKey, Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import Forbidden, Invalid, NotFound, StateConflict
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say

LONGEST_WORDS = 10_000


async def propose_resolution(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    notice_id: str,
    outcome: ResolutionOutcome,
    words: str,
    yields_id: str | None = None,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Propose how the conflict of a notice ends, in place of what was proposed before; give the resolution's id.

    Parameters
    ----------
    yields_id
        The agency, by id or code, whose side changes its plan: of DELAY, CANCEL and JOINT, and of no other.

    Raises
    ------
    Invalid
        When the words are missing, or who yields is missing, too much, or none of the two sides.
    StateConflict
        When it is resolved already, or a hidden plan is to be joined.
    NotFound, Forbidden
        As `own_side`.
    """
    said = reason_given(words, LONGEST_WORDS, "input.words", say("say what has been agreed"))

    async def work(writing: Writing) -> str:
        side = await own_side(writing, notice_id, Verb.MOVE_STATE)
        if side.notice["state"] == NoticeState.RESOLVED.name:
            raise StateConflict(
                say("input.noticeId: it is resolved already."),
                field="input.noticeId",
                value=notice_id,
                remedy=say("nothing has to be done; a change of either plan opens it again"),
            )
        yielding = await _yielding(writing, side, yields_id)
        _check_yielding(side, outcome, yielding)
        await acknowledged(writing, side.notice)
        await advance(writing, side.conflicts, ConflictState.IN_DISCUSSION)
        await void_resolutions(writing, [], side.notice_ids)
        return await _create(writing, side, outcome, said, yielding)

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def _yielding(writing: Writing, side: Sides, given: str | None) -> str | None:
    """Give the id of the side that was given by its agency's id or code; as it was given where it is none."""
    if given is None or given in side.agency_ids:
        return given
    rows = await writing.tx.run(store.SIDES_BY_CODE, ids=side.agency_ids, code=given.upper())
    return str(rows[0]["id"]) if rows else given


async def _create(writing: Writing, side: Sides, outcome: ResolutionOutcome, words: str, yields_id: str | None) -> str:
    resolution_id = mint(RESOLUTION.name)
    document = document_of(resolution_id, outcome, words, yields_id, _plans(side))
    told = {
        "outcome": outcome.name,
        "state": ResolutionState.PROPOSED.name,
        "words": words,
        "document": document,
        "fingerprint": hashlib.sha256(document.encode()).hexdigest(),
    }
    standard = writing.standard_of_made(side.notice["owner_id"], exercise=bool(side.notice["exercise"]))
    refers = {"notices": side.notice_ids, "signers": side.agency_ids, "yields": [yields_id] if yields_id else []}
    # Which conflicts it ends is not told: behind a blind notice there may be several.
    kept = {"id": resolution_id, "sides": side.readers, "ends": [each["id"] for each in side.conflicts]}
    await writing.tx.run(store.CREATE_RESOLUTION, properties={**standard, **told, **kept}, **refers)
    writing.note(resolution_id, RESOLUTION.name, ChangeKind.CREATED, None, {**told, **refers})
    return resolution_id


def _plans(side: Sides) -> list[dict[str, Any]]:
    """Give, for each side, the keys by which the other knows its plan; its own, where it stands alone."""
    if len(side.agency_ids) == 1:
        return [{"agency": side.agency_ids[0], "keys": sorted({row["key"] for row in side.notices})}]
    told = [row["properties"] for row in side.notices]
    return [
        {"agency": agency, "keys": sorted({each["key"] for each in told if each["owner_id"] != agency})}
        for agency in side.agency_ids
    ]


def _check_yielding(side: Sides, outcome: ResolutionOutcome, yields_id: str | None) -> None:
    field = "input.yieldsId"
    if (outcome in YIELDING) is not (yields_id is not None):
        what = (
            say("{field}: {outcome} needs a side that changes its plan.", field=field, outcome=outcome)
            if yields_id is None
            else say("{field}: with {outcome} nobody changes a plan.", field=field, outcome=outcome)
        )
        remedy = say("name the agency of one side") if yields_id is None else say("leave it out")
        raise Invalid(what, field=field, value=yields_id, remedy=remedy)
    if yields_id is not None and yields_id not in side.agency_ids:
        raise Invalid(
            say("{field}: {yields_id} is no side of it that knows of it.", field=field, yields_id=yields_id),
            field=field,
            value=yields_id,
            remedy=say("name one of: {sides}", sides=side.agency_ids),
        )
    is_hidden = not side.is_known_to_the_other or any(row["properties"]["is_blind"] for row in side.notices)
    if outcome is ResolutionOutcome.JOINT and (is_hidden or len(side.agency_ids) == 1):
        raise StateConflict(
            say("input.outcome: a plan that is hidden from the other side cannot be joined with."),
            field="input.outcome",
            value=outcome.name,
            remedy=say("have its owner make it OPEN first, or choose another outcome"),
        )


async def sign_resolution(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    resolution_id: str,
    signature: str,
    for_agency_id: str | None = None,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Sign a resolution for one side, and give its id; with the last signature it holds.

    Parameters
    ----------
    signature
        Detached, over the resolution's document, with a key of the actor's agency for approvals.
    for_agency_id
        A side that cannot be reached, for which the watch centre signs: one whose notice came to it and is still not
        acknowledged. Of a plan that is activated only its own agency disposes.

    Raises
    ------
    SignatureRefused
        When the signature does not hold.
    StateConflict
        When it has been signed, declined or made void.
    Forbidden
        When the actor's agency is no side of it, nor the watch centre.
    NotFound
        When there is none.
    """

    async def work(writing: Writing) -> str:
        found = await _to_be_answered(writing, resolution_id, Verb.APPROVE)
        properties = found["properties"]
        step(RESOLUTION_STEPS, ResolutionState(properties["state"]), ResolutionState.SIGNED)
        notices = await writing.tx.run(store.NOTICES_OF, conflicts=properties["ends"])
        signer = _signer(writing.actor, found, notices, for_agency_id)
        signed = json.loads(properties.get("signatures") or "[]")
        if signer in {each.get("forAgencyId") or each["agencyId"] for each in signed}:
            raise StateConflict(
                say("input.resolutionId: your side has signed it already."),
                field="input.resolutionId",
                value=resolution_id,
                remedy=say("wait for the other side"),
            )
        signed.append(await _signature(writing, properties["document"], signature, for_agency_id))
        done = {each.get("forAgencyId") or each["agencyId"] for each in signed}
        after: dict[str, Any] = {"signatures": canonical_json(signed)}
        if done >= {each["id"] for each in found["signers"]}:
            after |= {"state": ResolutionState.SIGNED.name, "decided_at": writing.now}
        await change(writing, RESOLUTION, properties, after)
        if "state" in after:
            await _settle(writing, found, notices)
        return resolution_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def decline_resolution(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    resolution_id: str,
    reason: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Decline a resolution that is proposed, for one side or by who proposed it; give its id.

    Raises
    ------
    StateConflict, Forbidden, NotFound, Invalid
        As `sign_resolution`; a reason has to be given.
    """
    why = reason_given(reason, LONGEST_WORDS, remedy=say("say why it is declined"))

    async def work(writing: Writing) -> str:
        found = await _to_be_answered(writing, resolution_id, Verb.MOVE_STATE)
        properties = found["properties"]
        if writing.actor.agency_id not in {each["id"] for each in found["signers"]}:
            raise _no_side(resolution_id)
        step(RESOLUTION_STEPS, ResolutionState(properties["state"]), ResolutionState.DECLINED)
        after = {"state": ResolutionState.DECLINED.name, "decided_at": writing.now}
        await change(writing, RESOLUTION, properties, after, reason=why)
        return resolution_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency, reason=why)


async def _to_be_answered(writing: Writing, resolution_id: str, verb: Verb) -> Mapping[str, Any]:
    require(writing.actor, verb)
    await hold_sequence(writing.tx)
    found = await writing.tx.single(store.RESOLUTION, id=resolution_id)
    if found is None or writing.actor.agency_id not in found["properties"]["sides"]:
        raise NotFound(
            say("There is no resolution {resolution_id}.", resolution_id=resolution_id),
            field="input.resolutionId",
            value=resolution_id,
            remedy=say("give the id of one that you read under your notices"),
        )
    return found


def _signer(actor: Actor, found: Mapping[str, Any], notices: list[dict[str, Any]], for_agency_id: str | None) -> str:
    """Give the side that the actor signs for."""
    signers = {each["id"] for each in found["signers"]}
    if for_agency_id is None:
        if actor.agency_id is None or actor.agency_id not in signers:
            raise _no_side(found["properties"]["id"])
        return actor.agency_id
    theirs = [row for row in notices if row["properties"]["owner_id"] == for_agency_id]
    is_unreachable = bool(theirs) and all(
        row["properties"]["state"] == NoticeState.SENT.name
        and actor.agency_id in (row["properties"].get("escalated_to") or ())
        for row in theirs
    )
    if for_agency_id not in signers or not is_unreachable:
        raise Forbidden(
            say("Only an agency whose notice came to you, and that has not acknowledged it, may be signed for."),
            field="input.forAgencyId",
            value=for_agency_id,
            remedy=say("wait for that agency to sign"),
        )
    if any(row["action_state"] in CLEARED for row in theirs):
        raise Forbidden(
            say("What {agency} plans is activated: nobody else disposes of it.", agency=for_agency_id),
            field="input.forAgencyId",
            value=for_agency_id,
            remedy=say("have the other side change its plan"),
        )
    return for_agency_id


def _no_side(resolution_id: str) -> Forbidden:
    return Forbidden(
        say("Your agency is no side of this conflict."),
        field="input.resolutionId",
        value=resolution_id,
        remedy=say("leave it to the two sides"),
    )


async def _signature(writing: Writing, document: str, signature: str, for_agency_id: str | None) -> dict[str, Any]:
    agency_id = str(writing.actor.agency_id)
    key_id = await key_that_signed(
        writing.tx,
        agency_id,
        document,
        signature,
        writing.now,
        remedy=say("sign `Resolution.document`, byte for byte, with a key that is registered for your agency"),
    )
    given = {"agencyId": agency_id, "keyId": key_id, "at": writing.now, "signature": signature}
    return given if for_agency_id is None else {**given, "forAgencyId": for_agency_id}


async def _settle(writing: Writing, found: Mapping[str, Any], notices: list[dict[str, Any]]) -> None:
    """Have the conflicts be resolved, and each notice with the last of its conflicts; join the plans where agreed."""
    for conflict in await writing.tx.run(store.CONFLICTS, ids=found["properties"]["ends"]):
        await change(writing, CONFLICT, conflict["properties"], {"state": ConflictState.RESOLVED.name})
    ids = [row["properties"]["id"] for row in notices]
    left = {each["id"] for each in await writing.tx.run(store.UNRESOLVED, ids=ids)}
    for row in notices:
        if row["properties"]["id"] not in left:
            await change(writing, NOTICE, row["properties"], {"state": NoticeState.RESOLVED.name})
    if found["properties"]["outcome"] == ResolutionOutcome.JOINT.name:
        await join_plans(writing, notices, str(found["yields"]), found["properties"]["id"])
