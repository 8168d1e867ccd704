"""Send a delivery again, under the same id."""

from opsplan.graph.driver import Graph
from opsplan.records.laws import Laws
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.errors import NotFound, StateConflict
from opsplan.vocabulary.sentences import say
from opsplan.webhooks.dispatch import Dispatch, Receiver
from opsplan.webhooks.model import WebhookDeliveryState
from opsplan.webhooks.rules import messages
from opsplan.webhooks.sending import Attempt
from opsplan.webhooks.service.attempts import told_of
from opsplan.webhooks.service.register import agency_of
from opsplan.webhooks.service.telling import Stretch, happened_in
from opsplan.webhooks.store.deliveries import DELIVERY, SENT_AGAIN


async def redeliver(
    graph: Graph, actor: Actor, clock: Clock, *, laws: Laws, dispatch: Dispatch, delivery_id: str
) -> Attempt:
    """Send a delivery that is over once more, at once, and say what came of it.

    It tells of what may still be told. It is no part of the order in which the endpoint is told, and is not tried
    again by itself.

    Raises
    ------
    StateConflict
        When it is WAITING (it will be sent), or nothing of it may be told any more.
    Forbidden, NotFound
        As their names say.
    """
    agency_id = agency_of(actor)
    now = clock()
    row = await graph.read(lambda tx: tx.single(DELIVERY, delivery=delivery_id, now=instant_text(now)))
    if row is None or row["properties"]["owner_id"] != agency_id:
        raise NotFound(
            say("There is no WebhookDelivery {delivery_id}.", delivery_id=delivery_id),
            field="input.deliveryId",
            value=delivery_id,
            remedy=say("give the id of a delivery to an endpoint of your agency (webhookDeliveries)"),
        )
    delivery, endpoint = row["properties"], row["endpoint"]
    if delivery["state"] == WebhookDeliveryState.WAITING.name or delivery.get("retired_at") is not None:
        raise StateConflict(
            say("The delivery is still to be sent, or its endpoint is retired."),
            field="input.deliveryId",
            value=delivery_id,
            remedy=say("look at its nextAttemptAt, and at the state of its endpoint"),
        )
    happened = await happened_in(graph, laws, clock, agency_id, Stretch.of(row["range"]), messages.MOST_CHANGES)
    if not happened:
        raise StateConflict(
            say("Nothing of the delivery may be told any more."),
            field="input.deliveryId",
            value=delivery_id,
            remedy=say("read the feed (changes)"),
        )
    body = messages.changed(endpoint["id"], delivery["sequence"], delivery["created_at"], happened)
    attempt = await dispatch.send(Receiver(endpoint["id"], endpoint["url"], row["secrets"]), delivery_id, body)
    properties = told_of(attempt, now)
    await graph.write(lambda tx: tx.run(SENT_AGAIN, delivery=delivery_id, properties=properties, is_ok=attempt.is_ok))
    return attempt
