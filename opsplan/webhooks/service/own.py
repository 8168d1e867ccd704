"""An endpoint as its own agency finds it; for others there is none."""

from collections.abc import Mapping
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.records.writing import ChangeKind, Writing
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.errors import NotFound, StateConflict
from opsplan.vocabulary.sentences import say
from opsplan.webhooks.dispatch import Receiver
from opsplan.webhooks.model import WEBHOOK_ENDPOINT
from opsplan.webhooks.store.endpoints import CHANGE_ENDPOINT, ENDPOINT, LOCK_ENDPOINT


async def lock_own(writing: Writing, endpoint_id: str) -> Mapping[str, Any]:
    """Lock an endpoint of the actor's agency until the transaction ends, and give its properties.

    Raises
    ------
    NotFound
        When there is none for the actor's agency.
    StateConflict
        When it is retired.
    """
    row = await writing.tx.single(LOCK_ENDPOINT, endpoint=endpoint_id)
    return _own(row, writing.actor, endpoint_id)


async def read_own(graph: Graph, clock: Clock, actor: Actor, endpoint_id: str) -> tuple[Mapping[str, Any], Receiver]:
    """Read an endpoint of the actor's agency: its properties, and how it is sent to. Else as `lock_own`."""

    rows = await graph.read(lambda tx: tx.single(ENDPOINT, endpoint=endpoint_id, now=instant_text(clock())))
    properties = _own(rows, actor, endpoint_id)
    assert rows is not None
    return properties, Receiver(endpoint_id, properties["url"], rows["secrets"])


def no_endpoint(endpoint_id: str) -> NotFound:
    """Say that there is no such endpoint."""
    return NotFound(
        say("There is no WebhookEndpoint {endpoint_id}.", endpoint_id=endpoint_id),
        field="input.endpointId",
        value=endpoint_id,
        remedy=say("give the id of an endpoint of your agency (webhookEndpoints)"),
    )


def _own(row: Mapping[str, Any] | None, actor: Actor, endpoint_id: str) -> Mapping[str, Any]:
    # Not even an administrator of another agency: it would learn where that one listens.
    if row is None or actor.agency_id is None or row["properties"]["owner_id"] != actor.agency_id:
        raise no_endpoint(endpoint_id)
    properties: Mapping[str, Any] = row["properties"]
    if properties.get("retired_at") is not None:
        raise StateConflict(
            say("The endpoint was retired at {retired_at}.", retired_at=properties["retired_at"]),
            field="input.endpointId",
            value=endpoint_id,
            remedy=say("register it anew with registerWebhookEndpoint"),
        )
    return properties


async def change_own(
    writing: Writing,
    endpoint_id: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str | None = None,
) -> None:
    """Change a locked endpoint and note it in the history; None removes a property."""
    stamp = {"changed_at": writing.now, "changed_by": writing.actor.subject}
    await writing.tx.run(CHANGE_ENDPOINT, endpoint=endpoint_id, properties={**after, **stamp})
    kind = ChangeKind.STATE if "state" in after else ChangeKind.CHANGED
    was = {name: before.get(name) for name in after}
    writing.note(endpoint_id, WEBHOOK_ENDPOINT.name, kind, was, dict(after), reason=reason)
