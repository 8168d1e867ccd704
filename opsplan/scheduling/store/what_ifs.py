"""What-ifs in the graph, with the runs of their scenarios."""

from dataclasses import dataclass
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.scheduling.model import RunState
from opsplan.vocabulary.errors import NotFound
from opsplan.vocabulary.sentences import say

READ_WHAT_IF = Query(
    "scheduling.read_what_if",
    Mode.READ,
    """
    MATCH (what_if:Record {id: $what_if}) WHERE what_if:WhatIf
    MATCH (what_if)-[:WHAT_IF_OF]->(operation:Operation)
    OPTIONAL MATCH (run:ScheduleRun)-[:SCENARIO_OF]->(what_if)
    WITH what_if, operation, run ORDER BY run.created_at, run.id
    RETURN operation.id AS operation_id,
           [each IN collect(run) | each {.id, .scenario, .changes, .state, .reason, .scenario_number}] AS runs
    """,
)


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """The run of one scenario as it stands; the first of a what-if is its baseline."""

    id: str
    scenario: str
    changes: str
    state: RunState
    reason: str | None


@dataclass(frozen=True, slots=True)
class StoredWhatIf:
    """A what-if as it stands."""

    id: str
    operation_id: str
    runs: tuple[ScenarioRun, ...]


async def read_what_if(tx: Tx, what_if_id: str) -> StoredWhatIf:
    """Read a what-if.

    Raises
    ------
    NotFound
        When there is none of that id.
    """
    row = await tx.single(READ_WHAT_IF, what_if=what_if_id)
    if row is None:
        raise NotFound(
            say("There is no what-if {what_if_id}.", what_if_id=what_if_id),
            field="whatIfId",
            value=what_if_id,
            remedy=say("give the id of a what-if"),
        )
    return StoredWhatIf(what_if_id, row["operation_id"], tuple(_run(each) for each in _in_order(row["runs"])))


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["scenario_number"])


def _run(row: dict[str, Any]) -> ScenarioRun:
    return ScenarioRun(row["id"], row["scenario"], row["changes"], RunState(row["state"]), row["reason"])
