"""Retire an endpoint: nothing is sent to it any more, and its secrets are gone."""

from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.records.writing import ChangeKind, IdempotencyKey, Writing, write
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.webhooks.model import WEBHOOK_ENDPOINT
from opsplan.webhooks.service.own import lock_own
from opsplan.webhooks.service.register import agency_of
from opsplan.webhooks.store.endpoints import END_SECRETS, RETIRE_DELIVERIES, RETIRE_ENDPOINT


async def retire_endpoint(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    endpoint_id: str,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Take an endpoint out of force for good, with what was sent to it, and give its id.

    Raises
    ------
    Forbidden, NotFound, StateConflict
        As their names say.
    """
    agency_of(actor)

    async def work(writing: Writing) -> str:
        await lock_own(writing, endpoint_id)
        stamp = {"retired_at": writing.now, "changed_at": writing.now, "changed_by": writing.actor.subject}
        await writing.tx.run(RETIRE_ENDPOINT, endpoint=endpoint_id, properties=stamp)
        await writing.tx.run(END_SECRETS, endpoint=endpoint_id, now=writing.now, until=writing.now)
        await writing.tx.run(RETIRE_DELIVERIES, endpoint=endpoint_id, now=writing.now)
        after = {"retired_at": writing.now}
        writing.note(endpoint_id, WEBHOOK_ENDPOINT.name, ChangeKind.RETIRED, {"retired_at": None}, after)
        return endpoint_id

    return await write(graph, actor, clock, work, laws=laws, request_id=request_id, idempotency=idempotency)
