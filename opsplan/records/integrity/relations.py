"""Checks of relationships: required ones are there, to one is one, and each points to what it may."""

from collections.abc import Iterator

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Catalogue, Direction, Noun, Relation
from opsplan.records.integrity.finding import Finding
from opsplan.records.integrity.properties import SHOWN, WHY_SCAN
from opsplan.records.writing.statements import arrow


async def check_relations(graph: Graph, noun: Noun, catalogue: Catalogue) -> list[Finding]:
    """Check the relationships that records of one noun hold, in two statements."""
    return [*await _declared(graph, noun), *await _unknown(graph, noun, catalogue)]


async def _declared(graph: Graph, noun: Noun) -> list[Finding]:
    rules = [rule for relation in noun.own_relations for rule in _rules(relation)]
    if not rules:
        return []
    broken = "\n          + ".join(
        f"CASE WHEN {condition} THEN [{place}] ELSE [] END" for place, (_, _, condition, _) in enumerate(rules)
    )
    query = Query(
        f"records.check_relations_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})
        WITH n, {broken} AS broken
        UNWIND broken AS place
        RETURN place, count(*) AS count, collect(n.id)[..{SHOWN}] AS some ORDER BY place
        """,
        why_scan=WHY_SCAN,
    )
    return [
        Finding(rules[place][0], f"{noun.name}.{rules[place][1]}", count, tuple(some), rules[place][3])
        for place, count, some in await graph.read_rows(query)
    ]


def _rules(relation: Relation) -> Iterator[tuple[str, str, str, str]]:
    """Give rule, name, condition under which it is broken, and words, for one relation."""
    name, to = relation.name, arrow(relation)
    may = " OR ".join(f"other:{target}" for target in relation.targets)
    other = f"EXISTS {{ (n){to}(other) WHERE NOT ({may}) }}"
    yield "TARGET", name, other, f"it is no {' or '.join(relation.targets)}"
    if relation.required:
        none = f"NOT EXISTS {{ (n){to}() }}"
        yield "PRESENCE", name, none, "it is required and missing; give it, or retire the record"
    if relation.entered and relation.holds_in_force:
        # What the service makes, such as a plan, outlives what it was made of.
        gone = f"n.retired_at IS NULL AND EXISTS {{ (n){to}(other) WHERE other.retired_at IS NOT NULL }}"
        yield "OUT_OF_FORCE", name, gone, "it is retired while this record, which cannot be without it, is in force"
    if relation.many:
        twice = f"COUNT {{ (n){to}(other) }} <> COUNT {{ MATCH (n){to}(other) RETURN DISTINCT other }}"
        yield "CARDINALITY", name, twice, "the same record stands in it twice"
    else:
        yield "CARDINALITY", name, f"COUNT {{ (n){to}() }} > 1", "it is several, and may be one at most"


async def _unknown(graph: Graph, noun: Noun, catalogue: Catalogue) -> list[Finding]:
    """Relationships between records of types that no noun declares from this one on."""
    out = {each.type for each in noun.relations if each.direction is not Direction.IN}
    out |= {
        each.type
        for other in catalogue
        for each in other.relations
        if each.direction is Direction.IN and noun.name in each.targets
    }
    query = Query(
        f"records.check_unknown_relationships_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})-[tie]->() WHERE NOT type(tie) IN $known
        RETURN type(tie) AS type, count(*) AS count, collect(n.id)[..{SHOWN}] AS some ORDER BY type
        """,
        why_scan=WHY_SCAN,
    )
    what = f"no {noun.name} has relationships of this type; remove them"
    return [
        Finding("UNKNOWN_RELATIONSHIP", f"{noun.name}.{name}", count, tuple(some), what)
        for name, count, some in await graph.read_rows(query, {"known": sorted(out)})
    ]
