"""Prove an endpoint: it has to give back a word that only who reads our messages there can know."""

import secrets
from dataclasses import replace

from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.writing import Writing, write
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.sentences import say
from opsplan.webhooks.dispatch import Dispatch
from opsplan.webhooks.model import WebhookEndpointState, WebhookOutcome
from opsplan.webhooks.rules.messages import answers, challenge
from opsplan.webhooks.rules.states import refuse_proof
from opsplan.webhooks.sending import Attempt
from opsplan.webhooks.service.own import change_own, lock_own, read_own
from opsplan.webhooks.service.register import agency_of
from opsplan.webhooks.service.steps import go_on


async def prove_endpoint(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    dispatch: Dispatch,
    endpoint_id: str,
    from_now: bool,
    request_id: str,
) -> Attempt:
    """Send an endpoint a challenge, make it ACTIVE if it answers rightly, and say what came of it.

    One that is proven for the first time is told of what happens from now on; one that was DISABLED goes on where it
    stopped, unless `from_now`.

    Raises
    ------
    StateConflict
        When it is neither PENDING nor DISABLED; also where that came about meanwhile.
    Forbidden, NotFound
        As their names say.
    """
    agency_of(actor)
    properties, receiver = await read_own(graph, clock, actor, endpoint_id)
    refuse_proof(WebhookEndpointState[properties["state"]])
    word = secrets.token_urlsafe(32)
    body = challenge(endpoint_id, instant_text(clock()), word)
    attempt = await dispatch.send(receiver, message_id(), body)
    if not attempt.is_ok:
        return attempt
    if not answers(word, attempt.answer):
        return replace(attempt, outcome=WebhookOutcome.WRONG_ANSWER)

    async def work(writing: Writing) -> str:
        before = await lock_own(writing, endpoint_id)
        now = WebhookEndpointState[before["state"]]
        refuse_proof(now)
        await go_on(writing, endpoint_id, from_now=from_now or now is WebhookEndpointState.PENDING)
        after = {
            "state": WebhookEndpointState.ACTIVE.name,
            "state_reason": None,
            "proven_at": writing.now,
            "failing_since": None,
        }
        await change_own(writing, endpoint_id, before, after, say("it has answered the challenge"))
        return endpoint_id

    await write(graph, actor, clock, work, laws=laws, request_id=request_id)
    return attempt


def message_id() -> str:
    """Make the id of a message that is sent once."""
    return f"msg_{secrets.token_hex(16)}"
