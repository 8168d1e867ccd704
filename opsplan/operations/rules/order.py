"""The rules of precedences: two actions of one operation, and no circles."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.records.laws import Draft, Filled
from opsplan.records.problem import Problem
from opsplan.vocabulary.sentences import say

PRECEDENCES_OF_OPERATIONS = Query(
    "operations.precedences_of_operations",
    Mode.READ,
    """
    UNWIND $ids AS id
    MATCH (:Record {id: id})-[:AFTER]->(:Action)-[:PART_OF]->(operation:Operation)
    WITH DISTINCT operation
    MATCH (operation)<-[:PART_OF]-(first:Action)<-[:BEFORE]-(precedence:Precedence)-[:AFTER]->(second:Action)
    WHERE precedence.retired_at IS NULL
    RETURN operation.id AS operation, first.id AS first, second.id AS second
    ORDER BY operation, first, second
    """,
)


def fill_precedence(draft: Draft) -> Filled:
    """Refuse an order of an action before itself, or of actions of two operations."""
    row, before, after = draft.row, draft.only("before"), draft.only("after")
    if before is None or after is None:
        return {}, []
    if before["id"] == after["id"]:
        what = say("an action cannot come before itself")
        return {}, [Problem("after", row.get("after"), what, say("name two different actions"), "after")]
    if before.get("operation") != after.get("operation"):
        what = say("the two actions belong to different operations")
        return {}, [Problem("after", row.get("after"), what, say("name two actions of one operation"), "after")]
    return {}, []


def circles(rows: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Refuse orders that go in a circle; the path is named.

    >>> edge = lambda first, second: {"operation": "o", "first": first, "second": second}
    >>> circles([edge("a", "b"), edge("b", "c")])
    []
    >>> circles([edge("a", "b"), edge("b", "c"), edge("c", "a")])[0].message
    'the order would go in a circle: a, then b, then c, then a'
    """
    by_operation: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        by_operation.setdefault(row["operation"], []).append((row["first"], row["second"]))
    problems: list[Problem] = []
    for edges in by_operation.values():
        circle = circle_in(edges)
        if circle is not None:
            path = ", then ".join((*circle, circle[0]))
            what = say("the order would go in a circle: {path}", path=path)
            problems.append(Problem("after", circle[0], what, say("leave one of these orders out"), "after"))
    return problems


def circle_in(edges: Iterable[tuple[str, str]]) -> list[str] | None:
    """Give the nodes of a circle in a directed graph, in order, or None. Takes time in proportion to the edges.

    >>> circle_in([("a", "b"), ("b", "a")])
    ['a', 'b']
    """
    following: dict[str, list[str]] = {}
    for first, second in edges:
        following.setdefault(first, []).append(second)
    done: set[str] = set()
    for root in following:
        if root in done:
            continue
        path: dict[str, None] = {root: None}
        waiting = [iter(following[root])]
        while waiting:
            node = next(waiting[-1], None)
            if node is None:
                waiting.pop()
                done.add(path.popitem()[0])
            elif node in path:
                nodes = list(path)
                return nodes[nodes.index(node) :]
            elif node not in done and node in following:
                path[node] = None
                waiting.append(iter(following[node]))
    return None
