"""Documents are prepared without holding up those who ask for other things."""

import asyncio
import time

from opsplan.web.execution import Operations, Outcome
from opsplan.web.limits import Limits
from opsplan.web.requests import GraphQLRequest
from tests.opsplan.web.documents.test_command import SERVED


def _large() -> str:
    """Give a document near the limits, and valid: each condition is looked at with all fields of its input types."""
    conditions = '{name: {eq: "x"}} ' * 500
    return f"{{ compounds(where: {{or: [{conditions}]}}) {{ nodes {{ id }} }} }}"


async def test_a_large_document_does_not_hold_up_the_others() -> None:
    """While hundreds of conditions are validated the event loop turns: no pause is near the whole time."""
    operations = Operations(SERVED.schema, Limits(), SERVED.reads)
    request = GraphQLRequest(_large())
    longest_s = 0.0

    async def watch() -> None:
        nonlocal longest_s
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0)
            longest_s = max(longest_s, time.perf_counter() - begun)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0.05)
    longest_s = 0.0
    begun = time.perf_counter()
    chosen = await operations.chosen(request)
    spent_s = time.perf_counter() - begun
    watching.cancel()
    assert not isinstance(chosen, Outcome), chosen.errors
    assert spent_s > 0.05
    assert longest_s < spent_s / 2, (longest_s, spent_s)
