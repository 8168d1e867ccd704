"""Compare two plans of one operation."""

from opsplan.graph.driver import Graph
from opsplan.graph.transaction import Tx
from opsplan.scheduling.plan.compare import Difference, differences
from opsplan.scheduling.store.plans import read_placed, read_plan
from opsplan.vocabulary.errors import Invalid


async def compare_plans(graph: Graph, first_id: str, second_id: str) -> tuple[Difference, ...]:
    """Tell, action by action, how the second plan differs from the first.

    Raises
    ------
    NotFound
        When there is no such plan.
    Invalid
        When the plans belong to different operations.
    """

    async def work(tx: Tx) -> tuple[Difference, ...]:
        first, second = await read_plan(tx, first_id), await read_plan(tx, second_id)
        if first.operation_id != second.operation_id:
            raise Invalid(
                "The two plans belong to different operations.",
                field="secondId",
                value=second_id,
                remedy=f"give a plan of the operation {first.operation_id}",
            )
        return differences(await read_placed(tx, first_id), await read_placed(tx, second_id))

    return await graph.read(work)
