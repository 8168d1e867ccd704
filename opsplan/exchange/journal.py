"""The journal of loads that are too large for one transaction: one LoadJob node each, moved on with every batch.

A batch's rows and the job's count of batches done are written in one transaction, so after a crash the job tells
exactly what the graph holds of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx


class JobState(StrEnum):
    """How a load stands."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FORGOTTEN = "FORGOTTEN"


@dataclass(frozen=True, slots=True)
class LoadJob:
    """A load in batches.

    Attributes
    ----------
    id
        Its random id; also the name of its staging file.
    state
        RUNNING until the last batch is in; FORGOTTEN when its file was lost and it was given up.
    batches, batch_rows, done
        How many there are, of how many rows at most, and how many are in the graph.
    rows
        Rows in all.
    staging
        Path of the staging file on the machine that began it.
    started_at
        When, as stored text.
    """

    id: str
    state: JobState
    batches: int
    batch_rows: int
    done: int
    rows: int
    staging: str
    started_at: str


BEGIN_JOB = Query(
    "exchange.begin_job",
    Mode.WRITE,
    "CREATE (job:LoadJob) SET job = $job",
)
MOVE_JOB_ON = Query(
    "exchange.move_job_on",
    Mode.WRITE,
    """
    MATCH (job:LoadJob {id: $id})
    SET job.lock = true REMOVE job.lock  // two that go on with one job wait here for each other
    WITH job WHERE job.done = $done - 1
    SET job.done = $done, job.state = CASE WHEN $done = job.batches THEN 'DONE' ELSE job.state END
    RETURN job.done AS done
    """,
)
FORGET_JOB = Query(
    "exchange.forget_job",
    Mode.WRITE,
    "MATCH (job:LoadJob {id: $id, state: 'RUNNING'}) SET job.state = 'FORGOTTEN' RETURN job.id AS id",
)
JOBS = Query(
    "exchange.jobs",
    Mode.READ,
    """
    MATCH (job:LoadJob) WHERE $all OR job.state = 'RUNNING'
    RETURN job {.*} AS job ORDER BY job.started_at DESC LIMIT 100
    """,
    why_scan="there are as many load jobs as there were large loads, a handful",
)


async def begin(graph: Graph, job: LoadJob) -> None:
    """Write a new job."""
    values: dict[str, Any] = {
        "id": job.id,
        "state": str(job.state),
        "batches": job.batches,
        "batch_rows": job.batch_rows,
        "done": job.done,
        "rows": job.rows,
        "staging": job.staging,
        "started_at": job.started_at,
    }

    async def work(tx: Tx) -> None:
        await tx.run(BEGIN_JOB, job=values)

    await graph.write(work)


async def move_on(tx: Tx, job_id: str, done: int) -> bool:
    """Count batch `done` as in the graph, inside the transaction of its rows; False when it was in already."""
    return await tx.single(MOVE_JOB_ON, id=job_id, done=done) is not None


async def forget(graph: Graph, job_id: str) -> bool:
    """Give up a job whose staging file is lost; the rows that are in stay. False when no such job is unfinished."""

    async def work(tx: Tx) -> bool:
        return await tx.single(FORGET_JOB, id=job_id) is not None

    return await graph.write(work)


async def jobs(graph: Graph, *, finished: bool = False) -> Sequence[LoadJob]:
    """Give the loads that are not finished, latest first; with `finished` also the others."""

    async def work(tx: Tx) -> list[dict[str, Any]]:
        return await tx.run(JOBS, all=finished)

    found = await graph.read(work)
    return [LoadJob(**{**row["job"], "state": JobState(row["job"]["state"])}) for row in found]
