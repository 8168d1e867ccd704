"""Tests of the migrations: together they make exactly the constraints and indexes that the nouns declare."""

from opsplan.graph.driver import Graph
from opsplan.graph.migrations import product_migrations
from opsplan.nouns import CATALOGUE
from opsplan.records.schema import SchemaRule, declared_schema

_GRAPH_ROOM = {"Migration", "MigrationLock"}


def _label(row: list[object]) -> str:
    labels = row[2]
    assert isinstance(labels, list)
    return str(labels[0])


async def test_the_migrations_come_to_what_the_nouns_declare(graph: Graph) -> None:
    """After all migrations the server has each declared constraint and index, of its kind, and no other of ours.

    When it fails because a noun was changed: write a new migration with the statements that it names.
    """
    constraints = await graph.read_rows("SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties")
    there = {
        SchemaRule(row[0], row[1], _label(row), tuple(row[3])) for row in constraints if _label(row) not in _GRAPH_ROOM
    }
    indexes = await graph.read_rows(
        "SHOW INDEXES YIELD name, type, labelsOrTypes, properties, owningConstraint, state, options "
        "WHERE type <> 'LOOKUP' AND owningConstraint IS NULL "
        "RETURN name, type, labelsOrTypes, properties, state, options"
    )
    there |= {SchemaRule(row[0], row[1], _label(row), tuple(row[3])) for row in indexes}
    wanted = set(declared_schema(CATALOGUE))
    missing = "\n".join(rule.cypher for rule in sorted(wanted - there))
    assert not missing, f"a new migration must hold:\n{missing}"
    assert there - wanted == await _of_other_rooms(graph)
    assert {row[4] for row in indexes} == {"ONLINE"}
    searched = [row for row in indexes if row[1] == "FULLTEXT"]
    assert {row[5]["indexConfig"]["fulltext.analyzer"] for row in searched} == {"whitespace"}


async def _of_other_rooms(graph: Graph) -> set[SchemaRule]:
    """Give what migrations of other rooms make for labels that no noun has."""
    ours = {noun.label for noun in CATALOGUE} | {"Record", "Reference", "Commit", "Change", "CommitSequence"}
    ours |= {"IdempotencyKey", *_GRAPH_ROOM}
    rows = await graph.read_rows(
        "SHOW INDEXES YIELD name, type, labelsOrTypes, properties, owningConstraint WHERE type <> 'LOOKUP' "
        "RETURN name, CASE WHEN owningConstraint IS NULL THEN type ELSE 'UNIQUENESS' END, labelsOrTypes, properties"
    )
    return {SchemaRule(row[0], row[1], _label(row), tuple(row[3])) for row in rows if _label(row) not in ours}


def test_each_statement_of_ours_is_what_its_rule_says() -> None:
    """The migrations' text holds each declared statement in the form that its rule gives, so that none drifts."""
    text = "\n".join(statement for migration in product_migrations() for statement in migration.statements)
    for rule in declared_schema(CATALOGUE):
        assert rule.cypher.removesuffix(";") in text


async def test_what_was_offered_before_participants_is_offered_by_them(empty_graph: Graph) -> None:
    """Migration 7 makes one accepted participant with one offer per owner and operation, and does so once only."""
    await empty_graph.run_outside(
        """
        UNWIND ['one', 'two'] AS name
        CREATE (agency:Record:Agency {id: 'agency_' + name, exercise: true})
        CREATE (operation:Record:Operation {id: 'operation_' + name, created_at: '2026-11-01T00:00:00.000Z'})
        """
    )
    await empty_graph.run_outside(
        """
        MATCH (operation:Operation)
        UNWIND [['unit_1', 'one'], ['unit_2', 'one'], ['unit_3', 'two']] AS pair
        MERGE (unit:Record:Unit {id: pair[0], owner_id: 'agency_' + pair[1]})
        CREATE (unit)-[:OFFERED_TO]->(operation)
        """
    )
    await empty_graph.run_outside(
        """
        MATCH (operation:Operation {id: 'operation_one'})
        CREATE (:Record:Resource {id: 'resource_1', owner_id: 'agency_two'})-[:RESOURCE_OFFERED_TO]->(operation)
        """
    )
    (migration,) = (each for each in product_migrations() if each.number == 7)
    for _ in range(2):
        for statement in migration.statements:
            await empty_graph.run_outside(statement)
    rows = await empty_graph.read_rows(
        """
        MATCH (operation:Operation)<-[:PARTICIPATES_IN]-(participant:Participant {state: 'ACCEPTED'})
        MATCH (participant)-[:PARTICIPANT_IS]->(agency:Agency {id: participant.owner_id})
        MATCH (participant)<-[:OFFERED_BY]-(offer:Offer {owner_id: agency.id, exercise: true, version: 1})
        RETURN operation.id, agency.id,
               COLLECT { MATCH (offer)-[:OFFERS|OFFERS_RESOURCE]->(n) RETURN n.id ORDER BY n.id }
        ORDER BY operation.id, agency.id
        """
    )
    assert rows == [
        ["operation_one", "agency_one", ["unit_1", "unit_2"]],
        ["operation_one", "agency_two", ["resource_1", "unit_3"]],
        ["operation_two", "agency_one", ["unit_1", "unit_2"]],
        ["operation_two", "agency_two", ["unit_3"]],
    ]
    assert await empty_graph.read_rows("MATCH ()-[tie:OFFERED_TO|RESOURCE_OFFERED_TO]->() RETURN tie LIMIT 1") == []
