"""Pause an endpoint, and resume it."""

from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.writing import IdempotencyKey, Writing, write
from opsplan.records.writing.sequence import hold_sequence
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.webhooks.model import WebhookEndpointState
from opsplan.webhooks.rules.states import refuse_step
from opsplan.webhooks.service.own import change_own, lock_own
from opsplan.webhooks.service.register import agency_of
from opsplan.webhooks.service.telling import END_OF_COMMIT
from opsplan.webhooks.store.tails import BEGIN_TAIL, HURRY


async def pause_endpoint(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    endpoint_id: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Tell an ACTIVE endpoint nothing until it is resumed, and give its id.

    Raises
    ------
    StateConflict
        When it is not ACTIVE.
    Forbidden, NotFound
        As their names say.
    """
    agency_of(actor)

    async def work(writing: Writing) -> str:
        before = await lock_own(writing, endpoint_id)
        refuse_step(WebhookEndpointState[before["state"]], WebhookEndpointState.PAUSED)
        await change_own(writing, endpoint_id, before, {"state": WebhookEndpointState.PAUSED.name})
        return endpoint_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def resume_endpoint(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    endpoint_id: str,
    from_now: bool,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Go on telling a PAUSED endpoint where it stopped, or `from_now` on; give its id. Else as `pause_endpoint`."""
    agency_of(actor)

    async def work(writing: Writing) -> str:
        before = await lock_own(writing, endpoint_id)
        refuse_step(WebhookEndpointState[before["state"]], WebhookEndpointState.ACTIVE)
        await go_on(writing, endpoint_id, from_now=from_now)
        # Nothing was tried meanwhile, so that it has not failed either.
        after = {"state": WebhookEndpointState.ACTIVE.name, "failing_since": None}
        await change_own(writing, endpoint_id, before, after)
        return endpoint_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)


async def go_on(writing: Writing, endpoint_id: str, *, from_now: bool) -> None:
    """Have what waits sent at once; or leave it out, and all that has happened up to this very commit."""
    if not from_now:
        await writing.tx.run(HURRY, endpoint=endpoint_id, now=writing.now)
        return
    number = await hold_sequence(writing.tx)
    await writing.tx.run(BEGIN_TAIL, endpoint=endpoint_id, number=number + 1, ordinal=END_OF_COMMIT)
