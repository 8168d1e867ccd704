"""The Cypher that writes and reads the records of one noun, made from its declaration, once per noun.

Labels, relationship types and property names come from declarations in the code; values enter as parameters only.
"""

from dataclasses import dataclass

from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Direction, Kind, Noun, Relation


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of one noun.

    `create` takes ``$rows`` of ``{properties, points, to: {relation: [handles]}}``; `change` takes ``$rows`` of
    ``{handle, properties, points, given, to, gone: {relation: [ids]}}``; `read` takes ``$handles``. A handle is Neo4j's
    element id: good within one transaction, and reached without a lock on an index.
    """

    create: Query
    change: Query
    read: Query
    points: tuple[str, ...]


_STATEMENTS: dict[int, tuple[Noun, Statements]] = {}


def statements_of(noun: Noun) -> Statements:
    """Give the statements of a noun."""
    known = _STATEMENTS.get(id(noun))
    if known is None or known[0] is not noun:
        known = _STATEMENTS[id(noun)] = (noun, _compile(noun))
    return known[1]


def arrow(relation: Relation, variable: str = "") -> str:
    """Give the pattern of a relation between ``(n)`` and ``(other)``, seen from the noun that declares it."""
    inner = f"[{variable}:{relation.type}]"
    return f"<-{inner}-" if relation.direction is Direction.IN else f"-{inner}->"


def shape(noun: Noun) -> str:
    """Give the columns ``properties`` and ``relations`` (ids by own relation) of a record ``n``."""
    relations = ", ".join(f"{each.name}: [(n){arrow(each)}(other) | other.id]" for each in noun.own_relations)
    return f"properties(n) AS properties, {{{relations}}} AS relations"


def _compile(noun: Noun) -> Statements:
    points = tuple(each.name for each in noun.all_properties if each.kind is Kind.POINT)
    kept = noun.own_relations
    put = "".join(f", n.{name} = point(row.points.{name})" for name in points)
    move = "".join(
        f", n.{name} = CASE WHEN '{name}' IN row.given THEN point(row.points.{name}) ELSE n.{name} END"
        for name in points
    )
    link = "\n".join(
        f"CALL (n, row) {{ UNWIND row.to.{each.name} AS handle MATCH (other) WHERE elementId(other) = handle "
        f"CREATE (n){arrow(each)}(other) }}"
        for each in kept
    )
    unlink = "\n".join(
        f"CALL (n, row) {{ UNWIND row.gone.{each.name} AS gone MATCH (n){arrow(each, 'tie')}(other) "
        "WHERE other.id = gone DELETE tie }"
        for each in kept
    )
    return Statements(
        create=Query(
            f"records.create_{noun.name}",
            Mode.WRITE,
            f"UNWIND $rows AS row\nCREATE (n:Record:{noun.label})\nSET n = row.properties{put}{_tail(link)}",
        ),
        change=Query(
            f"records.change_{noun.name}",
            Mode.WRITE,
            "UNWIND $rows AS row\nMATCH (n) WHERE elementId(n) = row.handle\n"
            f"SET n += row.properties{move}{_tail(unlink, link)}",
        ),
        read=Query(
            f"records.read_{noun.name}",
            Mode.READ,
            f"UNWIND $handles AS handle\nMATCH (n) WHERE elementId(n) = handle\nRETURN handle, {shape(noun)}",
        ),
        points=points,
    )


def _tail(*calls: str) -> str:
    """Put subqueries behind a clause that writes; nothing where there are none."""
    given = [each for each in calls if each]
    return "\nWITH n, row\n" + "\n".join(given) if given else ""
