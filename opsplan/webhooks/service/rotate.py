"""Give an endpoint another secret; the one before goes on signing for a while, so that the receiver can change over."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_from_text, instant_text
from opsplan.vocabulary.errors import Invalid, StateConflict
from opsplan.vocabulary.ids import mint
from opsplan.vocabulary.sentences import say
from opsplan.webhooks.rules.messages import secret_text
from opsplan.webhooks.sealing import Sealing
from opsplan.webhooks.service.own import change_own, lock_own
from opsplan.webhooks.service.register import agency_of
from opsplan.webhooks.store.endpoints import ADD_SECRET, COUNT_SECRETS, END_SECRETS

USUAL_OVERLAP: Final = timedelta(hours=24)
LONGEST_OVERLAP: Final = timedelta(days=7)
MOST_SECRETS: Final = 2
"""That sign at once."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """The new secret, None where the call was a repeated one; and until when those before sign as well."""

    endpoint_id: str
    secret: str | None
    previous_until: str


async def rotate_secret(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    sealing: Sealing,
    endpoint_id: str,
    overlap: timedelta = USUAL_OVERLAP,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> Rotated:
    """Make a new secret; those before sign beside it for `overlap`, or end at once where that is nothing.

    Raises
    ------
    StateConflict
        When two secrets overlap already.
    Forbidden, NotFound, Invalid
        As their names say.
    """
    agency_of(actor)
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise Invalid(
            say("input.overlap: it must be from nothing to {days} days.", days=LONGEST_OVERLAP.days),
            field="input.overlap",
            value=str(overlap),
            remedy=say("give a duration such as PT24H; PT0S ends the old secret at once"),
        )
    secret, secret_id = sealing.new_secret(), mint("WebhookSecret")

    async def work(writing: Writing) -> dict[str, str]:
        before = await lock_own(writing, endpoint_id)
        there = await writing.tx.single(COUNT_SECRETS, endpoint=endpoint_id, now=writing.now)
        if there is not None and there["count"] >= MOST_SECRETS and overlap:
            raise StateConflict(
                say("Two secrets of the endpoint overlap already, until {until}.", until=there["until"]),
                field="input.endpointId",
                value=endpoint_id,
                remedy=say("wait until then; or rotate with the overlap PT0S, which ends both at once"),
            )
        until = instant_text(instant_from_text(writing.now) + overlap)
        await writing.tx.run(END_SECRETS, endpoint=endpoint_id, now=writing.now, until=until)
        sealed = base64.b64encode(sealing.seal(secret, endpoint_id)).decode("ascii")
        await writing.tx.run(ADD_SECRET, endpoint=endpoint_id, id=secret_id, sealed=sealed, now=writing.now)
        await change_own(writing, endpoint_id, before, {"secret_rotated_at": writing.now})
        return {"secret": secret_id, "until": until}

    made = await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)
    told = secret_text(secret) if made["secret"] == secret_id else None
    return Rotated(endpoint_id, told, made["until"])
