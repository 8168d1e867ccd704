"""Checks of relationships: required ones are there, to one is one, and each points to what it may."""

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Catalogue, Direction, Noun, Relation
from opsplan.records.integrity.finding import Finding
from opsplan.records.integrity.properties import SHOWN, WHY_SCAN
from opsplan.records.writing.statements import arrow


async def check_relations(graph: Graph, noun: Noun, catalogue: Catalogue) -> list[Finding]:
    """Check the relationships that records of one noun hold."""
    findings: list[Finding] = []
    for relation in noun.own_relations:
        findings += await _one(graph, noun, relation)
    return findings + await _unknown(graph, noun, catalogue)


async def _one(graph: Graph, noun: Noun, relation: Relation) -> list[Finding]:
    where = f"{noun.name}.{relation.name}"
    may = " OR ".join(f"other:{target}" for target in relation.targets)
    tests = [("TARGET", f"EXISTS {{ (n){arrow(relation)}(other) WHERE NOT ({may}) }}", f"it is no {may[6:]}")]
    if relation.required:
        none = f"NOT EXISTS {{ (n){arrow(relation)}() }}"
        tests.append(("PRESENCE", none, "it is required and missing; give it, or retire the record"))
        gone = f"n.retired_at IS NULL AND EXISTS {{ (n){arrow(relation)}(other) WHERE other.retired_at IS NOT NULL }}"
        tests.append(("OUT_OF_FORCE", gone, "it is required, and is retired while this record is in force"))
    if not relation.many:
        several = f"COUNT {{ (n){arrow(relation)}() }} > 1"
        tests.append(("CARDINALITY", several, "it is several, and may be one at most"))
    doubled = f"size(COLLECT {{ MATCH (n){arrow(relation)}(other) RETURN other.id }}) <> "
    doubled += f"size(COLLECT {{ MATCH (n){arrow(relation)}(other) RETURN DISTINCT other.id }})"
    if relation.many:
        tests.append(("CARDINALITY", doubled, "the same record stands in it twice"))
    findings: list[Finding] = []
    for rule, condition, what in tests:
        query = Query(
            f"records.check_{rule.lower()}_{noun.name}.{relation.name}",
            Mode.READ,
            f"MATCH (n:{noun.label}) WHERE {condition} RETURN count(*) AS count, collect(n.id)[..{SHOWN}] AS some",
            why_scan=WHY_SCAN,
        )
        ((count, some),) = await graph.read_rows(query)
        if count:
            findings.append(Finding(rule, where, count, tuple(some), what))
    return findings


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
