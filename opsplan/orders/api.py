"""`acknowledgeOrder`."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from opsplan.calls.carrying import Key, carry_out, record
from opsplan.calls.context import Context
from opsplan.calls.refusals import payload
from opsplan.calls.urgency import URGENT, URGENT_WORDS
from opsplan.orders.model import TASKING
from opsplan.orders.service import acknowledge_order


@strawberry.input(description="Which order is acknowledged.")
class AcknowledgeOrderInput:
    """Input of `acknowledgeOrder`."""

    order_id: strawberry.ID = strawberry.field(description="The order; one of a unit of your agency.")
    note: str | None = strawberry.field(
        default=None, description="What is to be said with it, in up to 2,000 characters."
    )


def order_mutations(nouns: Mapping[str, Any]) -> type:
    """Make the Strawberry type that has the mutation as its field; `nouns` are the types of records by name."""
    order_type = nouns[TASKING.name]
    acknowledged = payload("AcknowledgeOrderResult", order_type, "The order, acknowledged; or why it is not.")

    @strawberry.type
    class OrderMutations:
        """Part of `Mutation`."""

        acknowledge_order: acknowledged = strawberry.field(  # type: ignore[valid-type]
            resolver=_acknowledge,
            description="Say that your agency has an order to one of its units, and passes it on. " + URGENT_WORDS,
            metadata=URGENT,
        )

    return OrderMutations


async def _acknowledge(
    info: Info[Context, None],
    given: Annotated[AcknowledgeOrderInput, strawberry.argument(name="input", description="Which order.")],
    idempotency_key: Key = None,
) -> Any:
    async def ask(**common: Any) -> str:
        return await acknowledge_order(**common, order_id=given.order_id, note=given.note)

    return await carry_out(info, ask, given, idempotency_key, record(TASKING.name))
