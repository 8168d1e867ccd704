"""Which records belong to an operation: it, and whatever leads to it over references that a record has once."""

from collections.abc import Iterable, Sequence
from functools import cache

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.operations.model import OPERATION
from opsplan.records.declaration import Catalogue, Direction
from opsplan.vocabulary.errors import NotFound
from opsplan.vocabulary.sentences import say

_MOST_STEPS = 3
"""As a part of a mode of an action."""


async def refuse_no_operation(graph: Graph, operation_id: str) -> None:
    """Refuse an id that is no operation's.

    Raises
    ------
    NotFound
        When there is none.
    """
    found = await graph.read_rows("MATCH (n:Record {id: $id}) WHERE n:Operation RETURN n.id", {"id": operation_id})
    if not found:
        raise NotFound(
            say("There is no Operation {operation_id}.", operation_id=operation_id),
            field="operationId",
            value=operation_id,
            remedy=say("give the id of an operation"),
        )


async def belonging_to(graph: Graph, catalogue: Catalogue, operation_id: str, record_ids: Sequence[str]) -> set[str]:
    """Give those of the records that belong to the operation; records that are no more belong to none."""
    return await graph.read(lambda tx: belonging_within(tx, catalogue, operation_id, record_ids))


async def belonging_within(tx: Tx, catalogue: Catalogue, operation_id: str, record_ids: Sequence[str]) -> set[str]:
    """As `belonging_to`, in a transaction."""
    rows = await tx.run(_belonging(catalogue), operation=operation_id, ids=list(record_ids))
    return {row["id"] for row in rows}


def nouns_belonging(catalogue: Catalogue) -> frozenset[str]:
    """Give the nouns whose records may belong to an operation."""
    return frozenset(_ways(catalogue)) | {OPERATION.name}


@cache
def _ways(catalogue: Catalogue) -> dict[str, set[str]]:
    """Give, by noun, the types of its own references that lead towards an operation in a few steps."""
    ways: dict[str, set[str]] = {}
    for _ in range(_MOST_STEPS):
        reached = {OPERATION.name, *ways}
        for noun in catalogue:
            for relation in noun.relations:
                if relation.direction is Direction.OUT and not relation.many and reached & {*relation.targets}:
                    ways.setdefault(noun.name, set()).add(relation.type)
    ways.pop(OPERATION.name, None)
    return ways


@cache
def _belonging(catalogue: Catalogue) -> Query:
    return Query("operations.belonging", Mode.READ, _text(sorted(set().union(*_ways(catalogue).values()))))


def _text(types: Iterable[str]) -> str:
    return f"""
    UNWIND $ids AS id
    MATCH (n:Record {{id: id}})
    WHERE n.id = $operation OR EXISTS {{ (n)-[:{"|".join(types)}*1..{_MOST_STEPS}]->(:Record {{id: $operation}}) }}
    RETURN n.id AS id
    """
