"""A unit's agency says that it has an order."""

from opsplan.access.rules import Verb, require
from opsplan.graph.driver import Graph
from opsplan.operations.states import step
from opsplan.orders.model import LONGEST_NOTE, TASKING, OrderState
from opsplan.orders.rules import ORDER_STEPS, refuse_other_agencies
from opsplan.orders.store import CHANGE_ORDERS, LOCK_ORDER
from opsplan.records.laws import Laws
from opsplan.records.reason import reason_given
from opsplan.records.writing import ChangeKind, IdempotencyKey, Writing, write
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.clock import Clock
from opsplan.vocabulary.errors import NotFound, StateConflict
from opsplan.vocabulary.sentences import say


async def acknowledge_order(
    graph: Graph,
    actor: Actor,
    clock: Clock,
    *,
    laws: Laws,
    order_id: str,
    note: str | None = None,
    request_id: str,
    idempotency: IdempotencyKey | None = None,
) -> str:
    """Acknowledge an order, and give its id.

    Raises
    ------
    Forbidden
        When the unit is another agency's.
    StateConflict
        When another order has replaced it, which is named, or it was acknowledged before.
    NotFound, Invalid
        As their names say.
    """
    require(actor, Verb.CHANGE)
    said = (
        None if note is None else reason_given(note, LONGEST_NOTE, "input.note", say("leave it out, or say something"))
    )

    async def work(writing: Writing) -> str:
        order = await writing.tx.single(LOCK_ORDER, id=order_id)
        if order is None:
            raise NotFound(
                say("There is no Tasking {order_id}.", order_id=order_id),
                field="input.orderId",
                value=order_id,
                remedy=say("read the orders of your units (Unit.orders)"),
            )
        refuse_other_agencies(actor, order["owner_id"], "input.orderId", order_id)
        state = OrderState[order["state"]]
        if state is OrderState.REPLACED:
            raise StateConflict(
                say("input.orderId: the order was replaced by {order_id}.", order_id=order["next"]),
                field="input.orderId",
                value=order_id,
                remedy=say("read and acknowledge {order_id}", order_id=order["next"]),
            )
        step(ORDER_STEPS, state, OrderState.ACKNOWLEDGED)
        told = {
            "state": OrderState.ACKNOWLEDGED.name,
            "acknowledged_at": writing.now,
            "acknowledged_by": actor.subject,
            "note": said,
        }
        stamp = {"changed_at": writing.now, "changed_by": actor.subject}
        await writing.tx.run(CHANGE_ORDERS, ids=[order_id], properties={**told, **stamp})
        writing.note(order_id, TASKING.name, ChangeKind.STATE, {"state": state.name}, told)
        return order_id

    return await write(
        graph, actor, clock, work, laws=laws, request_id=request_id, reason=said, idempotency=idempotency
    )
