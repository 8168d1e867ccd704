"""Tests of check-graph: what the writers make is whole, and each fault put in by hand is found by its rule."""

from typing import Any

import pytest
from rich.console import Console

from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE
from opsplan.records.integrity import Finding, check_graph, findings_table
from tests.opsplan.records.world import ADMINISTRATOR, World

# What is put into the graph by hand, and the rules and places that must tell of it. `$id` names a record of the noun.
FAULTS: list[tuple[str, str, set[tuple[str, str]]]] = [
    ("Compound", "REMOVE n.name", {("PRESENCE", "Compound.name")}),
    ("Compound", "REMOVE n.owner_id", {("PRESENCE", "Compound.owner_id")}),
    ("Compound", "REMOVE n.search_text", {("SEARCH", "Compound.search_text")}),
    ("Compound", "SET n.capacity = '400'", {("TYPE", "Compound.capacity")}),
    ("Compound", "SET n.location = 'here'", {("TYPE", "Compound.location")}),
    ("Compound", "SET n.aliases = [1, 2]", {("TYPE", "Compound.aliases")}),
    ("Compound", "SET n.colour = 'red'", {("UNKNOWN_PROPERTY", "Compound.colour")}),
    ("Compound", "SET n.capacity = -1", {("RANGE", "Compound.capacity")}),
    ("Compound", "SET n.status = 'BURNT'", {("CHOICE", "Compound.status")}),
    ("Compound", "SET n.scheme_types = ['ROMANCE', 'LOVE']", {("CHOICE", "Compound.scheme_types")}),
    ("Compound", "SET n.created_at = '2026-11-23'", {("FORM", "Compound.created_at")}),
    ("Compound", "SET n:Extra", {("UNKNOWN_LABEL", "Extra")}),
    ("Compound", "SET n:Target", {("LABELS", "Compound:Record:Target")}),
    ("Compound", "SET n.owner_id = 'agency_0'", {("OWNER", "Record.owner_id")}),
    ("Compound", "SET n.exercise = true", {("WORLD", "Record.exercise"), ("WORLD", "Record")}),
    ("Compound", "CREATE (n)-[:SMELLS_LIKE]->(n)", {("UNKNOWN_RELATIONSHIP", "Compound.SMELLS_LIKE")}),
    (
        "Compound",
        "WITH n MATCH (c:Country {code: 'TH'}) CREATE (n)-[:LIES_IN]->(c)",
        {("CARDINALITY", "Compound.country")},
    ),
    ("Compound", "SET n.retired_at = n.created_at, n:Retired", {("OUT_OF_FORCE", "VictimEstimate.compound")}),
    ("Unit", "SET n:Retired", {("RETIRED", "Record.retired_at")}),
    ("Unit", "SET n.retired_at = n.created_at", {("RETIRED", "Record.retired_at")}),
    (
        "VictimEstimate",
        "WITH n MATCH (n)-[tie:ESTIMATED_AT]->() DELETE tie",
        {("PRESENCE", "VictimEstimate.compound")},
    ),
    (
        "VictimEstimate",
        "WITH n MATCH (n)-[tie:ESTIMATED_AT]->(), (u:Unit) DELETE tie CREATE (n)-[:ESTIMATED_AT]->(u)",
        {("TARGET", "VictimEstimate.compound")},
    ),
    (
        "Action",
        "WITH n MATCH (n)-[:CONCERNS]->(t) CREATE (n)-[:CONCERNS]->(t)",
        {("CARDINALITY", "Action.targets")},
    ),
    ("Unit", "WITH n MATCH (c:Change {record_id: n.id}) DETACH DELETE c", {("HISTORY", "Record")}),
    (
        "Unit",
        "WITH n MATCH (c:Change {record_id: n.id}) SET c.commit_id = 'commit_0'",
        {("HISTORY", "Change.commit_id")},
    ),
    ("Unit", "WITH n MATCH (s:CommitSequence) SET s.number = s.number + 1", {("HISTORY", "Commit.number")}),
    ("Unit", "CREATE (:Stranger)", {("UNKNOWN_LABEL", "Stranger")}),
    ("Unit", "CREATE ()", {("UNKNOWN_LABEL", "(no label)")}),
]


async def a_little_of_everything(world: World) -> None:
    """Make records of many nouns, with every kind of property and relation."""
    compound = await world.compound(aliases=["金边"], scheme_types=["ROMANCE"], capacity=40)
    estimate = {"nationality": "VN", "low": 1, "likely": 2, "high": 3, "as_of": "2026-11-01T00:00:00Z"}
    await world.create("VictimEstimate", compound=compound, **estimate)
    target = await world.target(nationalities=["KH", "TH"])
    await world.create("Link", kind="OPERATES", **{"from": target, "to": compound})
    await world.create("Identifier", scheme="PHONE", value="+85510000001", target=target)
    operation = await world.operation()
    action = await world.action(operation, compound=compound, targets=[target, await world.target()])
    mode = await world.create("ActionMode", name="team", duration_minutes="PT3H", action=action)
    await world.create("UnitNeed", unit_kind="TACTICAL", mode=mode, languages=["km"])
    await world.create("Unit", name="T1", kind="TACTICAL", type=1, home=(104.9, 11.6), agency=world.agencies["A"])
    await world.create("QuietHours", from_local="21:00", until_local="06:00", country="KH")
    await world.create("Target", actor=ADMINISTRATOR, name="EXERCISE Quill", kind="PERSON", owner=world.agencies["X"])


def places(findings: list[Finding]) -> set[tuple[str, str]]:
    """Give rule and place of findings."""
    return {(each.rule, each.where) for each in findings}


async def test_what_the_writers_make_is_whole_and_each_fault_is_found(empty_world: World) -> None:
    """A graph written by the writers has no finding; each of 26 single faults is found by its rule and place alone."""
    graph = empty_world.graph
    await a_little_of_everything(empty_world)
    assert await check_graph(graph, CATALOGUE) == []
    for noun, fault, expected in FAULTS:
        concerned = {noun} | {where.split(".")[0] for _, where in expected}
        found = await _with_fault(graph, noun, fault, concerned)
        assert expected <= places(found), fault
        # A fault may be seen from several sides, as a wrong owner is; but only at the records that it is in.
        assert all(where.split(".")[0] in concerned | {"Record"} for _, where in places(found)), fault


async def _with_fault(graph: Graph, noun: str, fault: str, concerned: set[str]) -> list[Finding]:
    """Put a fault in, check, and put the graph back as it was: the whole check inside one transaction rolled back."""

    class PutBack(Exception):
        """Ends the transaction without committing."""

    class InTransaction:
        """Reads through the open transaction, as check_graph reads through a graph."""

        def __init__(self, tx: Any) -> None:
            self.tx = tx

        async def read_rows(self, query: Any, parameters: dict[str, Any] | None = None) -> list[list[Any]]:
            if "SHOW INDEXES" in query.text:
                return await graph.read_rows(query, parameters)
            rows: list[list[Any]] = await self.tx.rows(query.text, **(parameters or {}))
            return rows

    found: list[Finding] = []

    async def work(tx: Any) -> None:
        await tx.run(f"MATCH (n:{noun}) WITH n ORDER BY n.id LIMIT 1 {fault}")
        found.extend(await check_graph(InTransaction(tx), CATALOGUE, only=concerned))  # type: ignore[arg-type]
        raise PutBack

    with pytest.raises(PutBack):
        await graph.write(work, attempts=1, timeout_s=100.0)
    return found


def test_findings_are_printed_as_a_table() -> None:
    """The table names rule, place, number and some records."""
    finding = Finding("TYPE", "Compound.capacity", 7, ("compound_1",), "it is STRING and must be INTEGER")
    console = Console(width=200, record=True, file=None)
    with console.capture() as capture:
        console.print(findings_table([finding]))
    assert "Compound.capacity" in capture.get()
    assert finding.sentence == "TYPE Compound.capacity: 7 (compound_1, …): it is STRING and must be INTEGER"
