"""The exercise's own statements: whether one is in the graph, and taking it out."""

from functools import cache

from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Noun

EXERCISE_AGENCIES = Query(
    "exercise.agencies",
    Mode.READ,
    "MATCH (n:Agency) WHERE n.exercise RETURN n.id AS id ORDER BY id",
    why_scan="there are some thousand agencies at most, and this runs once when an exercise is loaded or removed",
)
TERRITORIAL_AGENCIES = Query(
    "exercise.territorial_agencies",
    Mode.READ,
    """
    MATCH (n:Agency)-[:BASED_IN]->(:Country)<-[:LIES_IN]-(:Compound)
    WHERE n.exercise AND n.territorial
    RETURN DISTINCT n.code AS code ORDER BY code LIMIT 3
    """,
    why_scan="there are some thousand agencies at most, and this runs once when an exercise is served",
)
"""The first agencies, by their codes, that have jurisdiction over some site."""
REMOVE_KEYS = Query(
    "exercise.remove_idempotency_keys",
    Mode.WRITE,
    """
    UNWIND $owners AS owner
    MATCH (key:IdempotencyKey) WHERE key.key STARTS WITH owner + '|'
    DELETE key
    """,
)


@cache
def remove_records(label: str) -> Query:
    """Give the statement that takes out up to `$limit` records of a noun, with history and whatever hangs on them.

    What hangs on a record and is none itself (files of a run, its lease) has no other tie.
    """
    return Query(
        f"exercise.remove_{label}",
        Mode.WRITE,
        f"""
        MATCH (n:{label}) WHERE n.owner_id IN $owners
        WITH n LIMIT $limit
        CALL (n) {{
          OPTIONAL MATCH (change:Change {{record_id: n.id}})
          DELETE change
        }}
        CALL (n) {{
          OPTIONAL MATCH (n)--(part) WHERE NOT part:Record AND NOT part:Reference
          DETACH DELETE part
        }}
        DETACH DELETE n
        RETURN count(*) AS removed
        """,
    )


def removal_order(nouns: tuple[Noun, ...], loading: tuple[Noun, ...]) -> tuple[Noun, ...]:
    """Give owned nouns in the order in which their records go: each before what it refers to, agencies last."""
    made = tuple(noun for noun in nouns if not noun.system and noun not in loading)
    return (*reversed(made), *reversed(loading))
