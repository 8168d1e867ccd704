"""Send an endpoint a message that tells nothing."""

from opsplan.graph.driver import Graph
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.webhooks.dispatch import Dispatch
from opsplan.webhooks.rules import messages
from opsplan.webhooks.sending import Attempt
from opsplan.webhooks.service.own import read_own
from opsplan.webhooks.service.prove import message_id
from opsplan.webhooks.service.register import agency_of


async def try_endpoint(graph: Graph, actor: Actor, clock: Clock, *, dispatch: Dispatch, endpoint_id: str) -> Attempt:
    """Send a signed test to an endpoint in whatever state, once, and say what came of it; it changes nothing.

    Raises
    ------
    Forbidden, NotFound, StateConflict
        As their names say; StateConflict where it is retired.
    """
    agency_of(actor)
    _, receiver = await read_own(graph, clock, actor, endpoint_id)
    return await dispatch.send(receiver, message_id(), messages.test(endpoint_id, instant_text(clock())))
