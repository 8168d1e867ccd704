"""The statements of merges: what refers to a record, moving it, and moving it back."""

from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Noun, Relation
from opsplan.records.writing.statements import arrow

_STAMP = "n.version = n.version + 1, n.changed_at = $now, n.changed_by = $actor"

LATEST_MERGE = Query(
    "records.latest_merge",
    Mode.READ,
    """
    MATCH (change:Change {record_id: $id, kind: 'MERGED'})
    MATCH (made:Commit {id: change.commit_id})
    RETURN change.after AS after, made.number AS number ORDER BY number DESC LIMIT 1
    """,
)
LATER_MERGES = Query(
    "records.later_merges",
    Mode.READ,
    """
    MATCH (:Record {id: $into})<-[:MERGED_INTO]-(other:Record)
    MATCH (change:Change {record_id: other.id, kind: 'MERGED'})
    MATCH (made:Commit {id: change.commit_id}) WHERE made.number > $number
    RETURN other.id AS id ORDER BY made.number DESC LIMIT 1
    """,
)
BRING_BACK = Query(
    "records.bring_back",
    Mode.WRITE,
    f"""
    MATCH (n:Record {{id: $id}}) WHERE n.version = $version AND n.retired_at IS NOT NULL
    WITH n, n.retired_at AS retired_at
    SET {_STAMP}, n.retired_at = null
    REMOVE n:Retired
    RETURN retired_at
    """,
)

_QUERIES: dict[str, Query] = {}


def _ties(other: Noun, noun: Noun) -> list[Relation]:
    """Give the relations to one by which a record may refer to two of the noun's records, or none if fewer than two."""
    ties = [each for each in other.own_relations if noun.name in each.targets and not each.many]
    return ties if len(ties) > 1 else []


def _joins(other: Noun, noun: Noun) -> str:
    types = "|".join(each.type for each in _ties(other, noun))
    return f"EXISTS {{ (n)-[:{types}]->(:Record {{id: $into}}) }}" if types else "false"


def end_joining(other: Noun, noun: Noun) -> Query | None:
    """Retire the records of a noun that join the two that become one; None where none can."""
    ties = _ties(other, noun)
    if not ties:
        return None
    name = f"records.end_{other.name}.of_{noun.name}"
    if name not in _QUERIES:
        types = "|".join(each.type for each in ties)
        _QUERIES[name] = Query(
            name,
            Mode.WRITE,
            f"""
            MATCH (:Record {{id: $merged}})<-[:{types}]-(n:{other.label})
            WHERE n.retired_at IS NULL AND {_joins(other, noun)}
            WITH DISTINCT n ORDER BY n.id
            SET {_STAMP}, n.retired_at = $now, n:Retired
            RETURN n.id AS id, n.version AS version
            """,
        )
    return _QUERIES[name]


def move_references(other: Noun, relation: Relation, noun: Noun) -> Query:
    """Let all records that refer to the merged one refer to the other; tell which referred to both."""
    name = f"records.move_{other.name}.{relation.name}_of_{noun.name}"
    if name not in _QUERIES:
        _QUERIES[name] = Query(
            name,
            Mode.WRITE,
            f"""
            MATCH (merged:Record {{id: $merged}})
            MATCH (into:Record {{id: $into}})
            MATCH (n:{other.label}){arrow(relation, "tie")}(merged)
            WHERE NOT {_joins(other, noun)}
            WITH n, tie, into, EXISTS {{ (n){arrow(relation)}(into) }} AS had ORDER BY n.id
            SET {_STAMP}
            DELETE tie
            FOREACH (_ IN CASE WHEN had THEN [] ELSE [1] END | CREATE (n){arrow(relation)}(into))
            RETURN n.id AS id, had
            """,
        )
    return _QUERIES[name]


def move_back(other: Noun, relation: Relation) -> Query:
    """Undo `move_references` for those records that still refer to where they were moved."""
    name = f"records.move_back_{other.name}.{relation.name}"
    if name not in _QUERIES:
        _QUERIES[name] = Query(
            name,
            Mode.WRITE,
            f"""
            UNWIND $moved AS each
            MATCH (merged:Record {{id: $merged}})
            MATCH (into:Record {{id: $into}})
            MATCH (n:Record {{id: each.id}}){arrow(relation, "tie")}(into)
            WITH n, tie, merged, each ORDER BY n.id
            SET {_STAMP}
            FOREACH (_ IN CASE WHEN each.had THEN [] ELSE [1] END | DELETE tie)
            CREATE (n){arrow(relation)}(merged)
            RETURN n.id AS id
            """,
        )
    return _QUERIES[name]
