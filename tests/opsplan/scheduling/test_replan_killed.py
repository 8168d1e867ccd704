"""A replan that is killed, or whose service is, changes nothing: the published plan keeps force as it is."""

import asyncio
import os
import signal
import sys
from typing import Any

import psutil
import pytest

from opsplan.graph.address import GraphAddress
from opsplan.scheduling.worker import Worker, open_worker
from tests.opsplan.scheduling.test_worker import REPOSITORY, is_over, solver_of
from tests.opsplan.scheduling.theatre import Theatre, eventually


async def in_force(theatre: Theatre, plan: str) -> list[Any]:
    """Read all that the published plan is: itself, its rows with their ties, what it leaves out, breaches, orders."""
    found: list[Any] = [await theatre.world.properties(plan)]
    found += await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:PLANNED_IN|LEFT_OUT_OF|BREACH_OF|ORDER_UNDER]-(row) "
        "RETURN row.id, properties(row), [(row)-[:PLANS|IN_MODE|ASSIGNS|LEAVES_OUT]->(other) | other.id] AS others "
        "ORDER BY row.id",
        {"id": plan},
    )
    found += await theatre.graph.read_rows(
        "MATCH (:Record {id: $id})<-[:PLAN_FOR]-(plan:Plan) RETURN plan.id, plan.state ORDER BY plan.id",
        {"id": theatre.operation},
    )
    return found


@pytest.mark.requirement("S6")
@pytest.mark.requirement("P5")
async def test_a_killed_replan_changes_nothing(theatre: Theatre, graph_server: GraphAddress) -> None:
    """kill -9 of the solver at each of its attempts, then of the process that executes another: no plan comes of it,
    the published one is what it was, and the next replan is made from it."""
    await theatre.hard(raids=12)
    plan = await theatre.publish(await theatre.planned())
    before = await in_force(theatre, plan)
    # A lease that holds while the machine is busy: only the kills count as attempts.
    worker = theatre.worker(lease_s=60.0)
    async with open_worker(worker):
        run = await theatre.request(seconds=60, from_plan=plan, fewest_changes=True)
        killed: set[int] = set()
        while len(killed) < 3:
            pid = await next_solver(worker, killed)
            os.kill(pid, signal.SIGKILL)
            killed.add(pid)
        ended = await theatre.until(run)
    assert (ended["state"], ended["attempts"]) == ("FAILED", 3)
    assert "the solver process was killed by SIGKILL" in ended["reason"]
    assert await in_force(theatre, plan) == before
    run = await theatre.request(seconds=60, from_plan=plan, fewest_changes=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.opsplan.scheduling.worker_process",
        graph_server.uri,
        graph_server.password,
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
    )
    search = psutil.Process(await solver_of(process))
    process.kill()
    await process.wait()
    await eventually(lambda: is_over(search))
    assert await in_force(theatre, plan) == before
    await theatre.cancel(run)
    async with open_worker(theatre.worker()):
        await theatre.until(run)
    assert await in_force(theatre, plan) == before
    again = await theatre.planned(from_plan=plan, fewest_changes=True)
    assert (await theatre.rows(again)).keys() == (await theatre.rows(plan)).keys()


async def next_solver(worker: Worker, killed: set[int]) -> int:
    """Wait for a solver that was not killed yet, and give its process id."""
    async with asyncio.timeout(60):
        while True:
            for execution in worker.executions:
                if execution.child_pid is not None and execution.child_pid not in killed:
                    return execution.child_pid
            await asyncio.sleep(0.02)
