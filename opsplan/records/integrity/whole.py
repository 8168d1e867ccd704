"""Checks over the whole graph: labels, owners, worlds, history, and the schema's constraints and indexes."""

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.records.declaration import Catalogue, Noun
from opsplan.records.integrity.finding import Finding
from opsplan.records.integrity.labels import Label
from opsplan.records.integrity.properties import SHOWN, WHY_SCAN
from opsplan.records.schema import SchemaRule, declared_schema
from opsplan.records.writing.readers import readers_anew

LABEL_SETS = Query(
    "records.check_label_sets",
    Mode.READ,
    f"""
    MATCH (n)
    WITH labels(n) AS found, n
    RETURN found, count(*) AS count, collect(coalesce(n.id, elementId(n)))[..{SHOWN}] AS some ORDER BY found
    """,
    why_scan=WHY_SCAN,
)
OWNERS = Query(
    "records.check_owners",
    Mode.READ,
    f"""
    MATCH (n:Record)
    WHERE n.owner_id IS NOT NULL AND NOT EXISTS {{ MATCH (:Agency {{id: n.owner_id}}) }}
    RETURN count(*) AS count, collect(n.id)[..{SHOWN}] AS some
    """,
    why_scan=WHY_SCAN,
)
WORLD_OF_OWNER = Query(
    "records.check_world_of_owner",
    Mode.READ,
    f"""
    MATCH (agency:Agency)
    MATCH (n:Record {{owner_id: agency.id}}) WHERE n.exercise <> agency.exercise
    RETURN count(*) AS count, collect(n.id)[..{SHOWN}] AS some
    """,
    why_scan=WHY_SCAN,
)
WORLDS_MIXED = Query(
    "records.check_worlds_mixed",
    Mode.READ,
    f"""
    MATCH (n:Record)-->(other:Record) WHERE n.exercise <> other.exercise
    RETURN count(*) AS count, collect(n.id)[..{SHOWN}] AS some
    """,
    why_scan=WHY_SCAN,
)
WITHOUT_HISTORY = Query(
    "records.check_without_history",
    Mode.READ,
    f"""
    MATCH (n:Record)
    WHERE any(label IN labels(n) WHERE label IN $entered) AND NOT EXISTS {{ MATCH (:Change {{record_id: n.id}}) }}
    RETURN count(*) AS count, collect(n.id)[..{SHOWN}] AS some
    """,
    why_scan=WHY_SCAN,
)
RETIRED = Query(
    "records.check_retired",
    Mode.READ,
    f"""
    MATCH (n:Record) WHERE (n.retired_at IS NULL) = (n:Retired)
    RETURN count(*) AS count, collect(n.id)[..{SHOWN}] AS some
    """,
    why_scan=WHY_SCAN,
)
CHANGES_WITHOUT_COMMIT = Query(
    "records.check_changes_without_commit",
    Mode.READ,
    f"""
    MATCH (change:Change) WHERE NOT EXISTS {{ MATCH (:Commit {{id: change.commit_id}}) }}
    RETURN count(*) AS count, collect(change.record_id)[..{SHOWN}] AS some
    """,
    why_scan=WHY_SCAN,
)
COMMIT_NUMBERS = Query(
    "records.check_commit_numbers",
    Mode.READ,
    """
    MATCH (made:Commit)
    WITH count(made) AS count, min(made.number) AS first, max(made.number) AS last
    OPTIONAL MATCH (sequence:CommitSequence {id: 1})
    RETURN count, first, last, sequence.number AS number
    """,
    why_scan=WHY_SCAN,
)
SCHEMA = Query(
    "records.check_schema",
    Mode.READ,
    """
    SHOW INDEXES YIELD name, type, labelsOrTypes, properties, owningConstraint, state WHERE type <> 'LOOKUP'
    RETURN name, CASE WHEN owningConstraint IS NULL THEN type ELSE 'UNIQUENESS' END AS kind,
           labelsOrTypes[0] AS label, properties, state
    """,
)
_OF_AGENCIES = "Agency"


async def check_whole(graph: Graph, catalogue: Catalogue, labels: dict[str, Label]) -> list[Finding]:
    """Check what belongs to no single noun."""
    findings = await _labels(graph, catalogue, labels)
    counted = (
        (OWNERS, "OWNER", "Record.owner_id", "there is no agency of this id; give the records to another"),
        (WORLD_OF_OWNER, "WORLD", "Record.exercise", "it is not as its owner's"),
        (WORLDS_MIXED, "WORLD", "Record", "exercise and live data refer to each other"),
        (RETIRED, "RETIRED", "Record.retired_at", "the label Retired is there without it, or it without the label"),
        (WITHOUT_HISTORY, "HISTORY", "Record", "it has no change record: something else than opsplan wrote it"),
        (CHANGES_WITHOUT_COMMIT, "HISTORY", "Change.commit_id", "there is no commit of this id"),
    )
    for query, rule, where, what in counted:
        if query is OWNERS and _OF_AGENCIES not in catalogue:
            continue
        # What the service makes as a part of something, such as a plan's actions, has its history with the whole.
        entered = [noun.label for noun in catalogue if noun.entered]
        parameters = {"entered": entered} if query is WITHOUT_HISTORY else {}
        ((count, some),) = await graph.read_rows(query, parameters)
        if count:
            findings.append(Finding(rule, where, count, tuple(some), what))
    for noun in catalogue:
        findings += await _readers(graph, noun)
    return findings + await _numbers(graph) + await _schema(graph, catalogue)


async def _readers(graph: Graph, noun: Noun) -> list[Finding]:
    """Hold the lists of agencies that are kept for a readership against what they are made of."""
    kept = noun.readership.kept
    if not kept:
        return []
    other = " OR ".join(f"coalesce(n.{each.name} <> {each.name}, true)" for each in kept)
    query = Query(
        f"records.check_readers_of_{noun.name}",
        Mode.READ,
        f"""
        MATCH (n:{noun.label})
        {readers_anew(noun, "n")}
        WITH n WHERE {other}
        RETURN count(*) AS count, collect(n.id)[..{SHOWN}] AS some
        """,
        why_scan=WHY_SCAN,
    )
    ((count, some),) = await graph.read_rows(query)
    if not count:
        return []
    where = f"{noun.name}.{', '.join(each.name for each in kept)}"
    what = "agencies may read it that should not, or the reverse; change one of its values, and it is made anew"
    return [Finding("READERS", where, count, tuple(some), what)]


async def _labels(graph: Graph, catalogue: Catalogue, labels: dict[str, Label]) -> list[Finding]:
    findings: list[Finding] = []
    for found, count, some in await graph.read_rows(LABEL_SETS):
        unknown = sorted(set(found) - labels.keys())
        where = ":".join(sorted(found)) or "(no label)"
        if unknown or not found:
            what = "graph_schema/labels.toml does not know it; remove the nodes, or find out what writes them"
            findings.append(Finding("UNKNOWN_LABEL", ", ".join(unknown) or where, count, tuple(some), what))
            continue
        nouns = [catalogue[name] for name in found if name in catalogue]
        if nouns or {"Record", "Reference"} & set(found):
            wrong = _wrong_labels(set(found), nouns)
            if wrong:
                findings.append(Finding("LABELS", where, count, tuple(some), wrong))
    return findings


def _wrong_labels(found: set[str], nouns: list[Noun]) -> str | None:
    if len(nouns) != 1:
        return "a record has the label of exactly one noun"
    other = "Reference" if nouns[0].system else "Record"
    may_be = {"Retired"} if other == "Record" else set()
    if found - may_be != {nouns[0].label, other}:
        return f"a {nouns[0].name} has the labels {nouns[0].label} and {other}, and no others but Retired"
    return None


async def _numbers(graph: Graph) -> list[Finding]:
    ((count, first, last, number),) = await graph.read_rows(COMMIT_NUMBERS)
    if count and (first != 1 or last != count or number != last):
        what = f"{count} commits have numbers from {first} to {last} and the sequence stands at {number}: some are lost"
        return [Finding("HISTORY", "Commit.number", abs((last or 0) - count) or 1, (), what)]
    return []


async def _schema(graph: Graph, catalogue: Catalogue) -> list[Finding]:
    there = {
        SchemaRule(name, kind, label, tuple(properties)): state
        for name, kind, label, properties, state in await graph.read_rows(SCHEMA)
    }
    findings: list[Finding] = []
    for rule in declared_schema(catalogue):
        state = there.get(rule)
        if state is None:
            what = f"it is missing; make it: {rule.cypher}"
            findings.append(Finding("SCHEMA", rule.name, 1, (), what))
        elif state != "ONLINE":
            findings.append(Finding("SCHEMA", rule.name, 1, (), f"the index is {state}; drop it and make it anew"))
    return findings
