"""Runs in the graph: queued, taken under a lease, renewed, ended.

A lease is a node of its own beside the run, `(:RunLease {worker, attempt, until_ms})-[:LEASE_OF]->(run)`: renewing it
twice a second is no change of the record. Its time is Neo4j's, so that the clocks of several machines do not matter.
What a worker writes about its run holds only while the lease carries the worker's own attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.records.writing import ChangeKind, Writing
from opsplan.scheduling.model import SCHEDULE_RUN, RunState
from opsplan.vocabulary.errors import NotFound
from opsplan.vocabulary.sentences import say

_RUN = "MATCH (run:Record {id: $run}) WHERE run:ScheduleRun"

LOCK_OPERATION = Query(
    "scheduling.lock_operation",
    Mode.WRITE,
    "MATCH (operation:Record {id: $operation}) SET operation.lock = true REMOVE operation.lock",
)
OPEN_RUNS = Query(
    "scheduling.open_runs",
    Mode.READ,
    """
    MATCH (operation:Record {id: $operation})<-[:RUN_FOR]-(run:ScheduleRun)
    WHERE run.state IN ['QUEUED', 'RUNNING'] AND run.scenario IS NULL
    RETURN count(run) AS open
    """,
)
OPEN_SCENARIOS = Query(
    "scheduling.open_scenarios",
    Mode.READ,
    """
    MATCH (operation:Record {id: $operation})<-[:RUN_FOR]-(run:ScheduleRun)
    WHERE run.state IN ['QUEUED', 'RUNNING'] AND run.scenario IS NOT NULL
    RETURN count(run) AS open
    """,
)
LOCK_RUN = Query(
    "scheduling.lock_run",
    Mode.WRITE,
    f"{_RUN} SET run.lock = true REMOVE run.lock",
)
READ_RUN = Query(
    "scheduling.read_run",
    Mode.READ,
    f"""
    {_RUN}
    MATCH (run)-[:RUN_FOR]->(operation:Operation)
    OPTIONAL MATCH (lease:RunLease)-[:LEASE_OF]->(run)
    RETURN properties(run) AS properties, operation.id AS operation_id,
           head([(run)-[:STARTS_FROM]->(plan:Plan) | plan.id]) AS from_plan_id, lease.attempt AS attempt,
           coalesce(lease.until_ms, 0) < timestamp() AS lease_over
    """,
)
CHANGE_RUN = Query("scheduling.change_run", Mode.WRITE, f"{_RUN} SET run += $properties")
GIVE_LEASE = Query(
    "scheduling.give_lease",
    Mode.WRITE,
    f"""
    {_RUN}
    CREATE (lease:RunLease {{worker: $worker, attempt: $attempt, until_ms: timestamp() + $lease_ms}})
    CREATE (lease)-[:LEASE_OF]->(run)
    """,
)
END_LEASE = Query(
    "scheduling.end_lease", Mode.WRITE, f"{_RUN} MATCH (lease:RunLease)-[:LEASE_OF]->(run) DETACH DELETE lease"
)
RENEW_LEASE = Query(
    "scheduling.renew_lease",
    Mode.WRITE,
    f"""
    {_RUN}
    MATCH (lease:RunLease {{attempt: $attempt}})-[:LEASE_OF]->(run)
    SET lease.until_ms = timestamp() + $lease_ms, run += $telemetry
    RETURN run.cancel_requested_at IS NOT NULL AS cancel
    """,
)
PLAN_OF_RUN = Query(
    "scheduling.plan_of_run",
    Mode.READ,
    f"{_RUN} MATCH (run)<-[:MADE_BY]-(plan:Plan) RETURN plan.id AS id ORDER BY plan.number DESC LIMIT 1",
)
WAITING_RUNS = Query(
    "scheduling.waiting_runs",
    Mode.READ,
    """
    MATCH (run:ScheduleRun {state: 'QUEUED'})
    // Whoever needs a plan does not wait for what somebody only wonders about.
    RETURN run.id AS id ORDER BY run.scenario IS NOT NULL, run.created_at, run.id LIMIT 10
    """,
)
LOST_RUNS = Query(
    "scheduling.lost_runs",
    Mode.READ,
    """
    MATCH (run:ScheduleRun {state: 'RUNNING'}) WHERE NOT run.id IN $but
    OPTIONAL MATCH (lease:RunLease)-[:LEASE_OF]->(run)
    WITH run, lease WHERE coalesce(lease.until_ms, 0) < timestamp()
    RETURN run.id AS id ORDER BY run.id LIMIT 100
    """,
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it stands. `attempt` is the fence of whoever holds its lease."""

    id: str
    operation_id: str
    state: RunState
    version: int
    owner_id: str
    attempts: int
    attempt: str | None
    lease_over: bool
    from_plan_id: str | None
    properties: Mapping[str, Any]


async def read_run(tx: Tx, run_id: str) -> Run:
    """Read a run.

    Raises
    ------
    NotFound
        When there is none of that id.
    """
    row = await tx.single(READ_RUN, run=run_id)
    if row is None:
        raise NotFound(
            say("There is no schedule run {run_id}.", run_id=run_id),
            field="runId",
            value=run_id,
            remedy=say("give the id of a schedule run"),
        )
    properties = row["properties"]
    return Run(
        run_id,
        row["operation_id"],
        RunState(properties["state"]),
        properties["version"],
        properties["owner_id"],
        properties.get("attempts") or 0,
        row["attempt"],
        row["lease_over"],
        row["from_plan_id"],
        properties,
    )


async def lock_run(tx: Tx, run_id: str) -> Run:
    """Lock a run until the transaction ends, then read it: nobody else changes it from then on."""
    await tx.run(LOCK_RUN, run=run_id)
    return await read_run(tx, run_id)


async def change_run(writing: Writing, run: Run, changes: Mapping[str, Any]) -> None:
    """Change a locked run and note it in the history; None removes a property."""
    after = {name: str(value) if isinstance(value, RunState) else value for name, value in changes.items()}
    before = {name: run.properties.get(name) for name in after}
    stamp = {"version": run.version + 1, "changed_at": writing.now, "changed_by": writing.actor.subject}
    await writing.tx.run(CHANGE_RUN, run=run.id, properties={**after, **stamp})
    kind = ChangeKind.STATE if "state" in after else ChangeKind.CHANGED
    writing.note(run.id, SCHEDULE_RUN.name, kind, before, after, reason=after.get("reason"))
