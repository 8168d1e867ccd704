"""Documents are prepared without holding up those who ask for other things."""

import asyncio

from opsplan.web.execution import Operations, Outcome
from opsplan.web.limits import Limits
from opsplan.web.requests import GraphQLRequest
from tests.opsplan.web.documents.test_command import SERVED


def _large() -> str:
    """Give a document near the limits, and valid: each condition is looked at with all fields of its input types."""
    conditions = '{name: {eq: "x"}} ' * 500
    return f"{{ compounds(where: {{or: [{conditions}]}}) {{ nodes {{ id }} }} }}"


async def test_a_large_document_does_not_hold_up_the_others() -> None:
    """While hundreds of conditions are validated the event loop turns many times; held up, it would turn once."""
    operations = Operations(SERVED.schema, Limits(), SERVED.reads)
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    turning = asyncio.create_task(turn())
    chosen = await operations.chosen(GraphQLRequest(_large()))
    turning.cancel()
    assert not isinstance(chosen, Outcome), chosen.errors
    assert turns > 5
