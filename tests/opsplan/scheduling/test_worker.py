"""Runs on a real graph with real solver processes: executed once, cancelled, lost and found again."""

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.graph.repeat import Bounds
from opsplan.scheduling.store.artifacts import list_artifacts, read_artifact
from opsplan.scheduling.worker import Worker, open_worker
from opsplan.vocabulary.errors import StateConflict
from tests.opsplan.graph.unreliable_line import UnreliableLine
from tests.opsplan.scheduling.theatre import Theatre, at, eventually

REPOSITORY = Path(__file__).parents[3]


async def searching(theatre: Theatre, worker: Worker, run: str) -> int:
    """Wait until the run's solver has told a first plan, and give the solver's process id."""

    async def told() -> bool:
        return (await theatre.run(run)).get("placed") is not None and worker.executions[0].child_pid is not None

    await eventually(told, within_s=30)
    pid = worker.executions[0].child_pid
    assert pid is not None
    return pid


async def is_over(process: psutil.Process) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.mark.requirement("S1")
async def test_a_run_ends_with_a_plan(theatre: Theatre) -> None:
    """A requested run is executed, and its plan tells start, end, local time, H± and units of each action."""
    for number in (1, 2):
        await theatre.staffed_raid(f"Raid {number}", minutes=62)
    await theatre.unit("Unit 1")
    run, plan = await theatre.scheduled()
    rows = await theatre.rows(plan)
    assert sorted(rows) == ["Raid 1", "Raid 2"]
    for row in rows.values():
        assert row["units"] == ["Unit 1"]
        assert row["local_start"].endswith("+07:00")
        assert row["time_zone"] == "Asia/Phnom_Penh"
    starts = sorted(row["start"] for row in rows.values())
    assert starts[0] == at(0)
    assert starts[1] >= at(1 + 5 / 60)
    assert {row["h_offset_minutes"] for row in rows.values()} >= {-28 * 60}
    ended = await theatre.run(run)
    assert (ended["placed"], ended["unplaced"], ended["attempts"]) == (2, 0, 1)
    assert ended["gap"] == 0.0
    assert json.loads(ended["engine"])["ortools"]
    assert json.loads(ended["course"])[-1][1] == 2


async def test_its_files_verify_without_the_service(theatre: Theatre, tmp_path: Path) -> None:
    """Problem and solution as downloaded verify by the solver alone; a changed start is refused by its rule's name."""
    await theatre.staffed_raid()
    await theatre.unit()
    run, _ = await theatre.scheduled()
    listed = await theatre.graph.read(lambda tx: list_artifacts(tx, run))
    assert listed is not None
    assert [each["name"] for each in listed] == [
        "course.json",
        "facts.json",
        "options.json",
        "problem.json",
        "solution.json",
    ]
    for each in listed:
        content = await theatre.graph.read(lambda tx, name=str(each["name"]): read_artifact(tx, run, name))
        assert content is not None
        assert len(content) == each["size_bytes"]
        (tmp_path / str(each["name"])).write_bytes(content)
    command = [sys.executable, "-P", "-m", "solver", "verify", "problem.json", "--solution", "solution.json"]
    assert await exit_code(command, tmp_path) == 0
    moved = (tmp_path / "solution.json").read_text().replace('"start_slot":0', '"start_slot":600')
    (tmp_path / "solution.json").write_text(moved)
    assert await exit_code(command, tmp_path) == 1
    options = json.loads((tmp_path / "options.json").read_text())
    assert (options["budget_seconds"], options["workers"], options["seed"]) == (2, 1, 1)


async def exit_code(command: list[str], folder: Path) -> int:
    """Run a command in a folder and give its exit code."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait()


async def test_two_workers_never_execute_the_same_run(theatre: Theatre) -> None:
    """Of five waiting runs and two workers each run is begun once."""
    runs = [await theatre.request() for _ in range(5)]
    async with open_worker(theatre.worker(runs=2)), open_worker(theatre.worker(runs=2)):
        ended = [await theatre.until(run) for run in runs]
    assert [(each["state"], each["attempts"]) for each in ended] == [("SUCCEEDED", 1)] * 5


async def test_an_empty_operation_gets_an_empty_plan(theatre: Theatre) -> None:
    """An operation without actions is scheduled: nothing is placed and nothing left out."""
    run, plan = await theatre.scheduled()
    assert (await theatre.run(run))["placed"] == 0
    assert await theatre.rows(plan) == await theatre.left_out(plan) == {}


async def test_what_cannot_be_placed_is_left_out_with_reasons(theatre: Theatre) -> None:
    """An operation of which nothing can be placed gets a plan of nothing, with a reason for each action."""
    await theatre.raid("Short", minutes=180, window_start=at(1), window_end=at(3))
    action = await theatre.staffed_raid("Unstaffed")
    await theatre.bed_need(action)
    _, plan = await theatre.scheduled()
    left_out = await theatre.left_out(plan)
    assert left_out["Short"]["codes"] == ["WINDOW_TOO_SHORT"]
    assert "3 h" in left_out["Short"]["sentence"]
    assert left_out["Unstaffed"]["codes"] == ["NO_UNIT_OF_TYPE"]
    assert "TACTICAL type 2" in left_out["Unstaffed"]["sentence"]
    assert json.loads(left_out["Unstaffed"]["reasons"])[0]["facts"]["kind"] == "TACTICAL"


async def test_mandatory_actions_that_cannot_be_placed_end_it_infeasible(theatre: Theatre) -> None:
    """When a mandatory action cannot be placed the run says so and why, and keeps the best plan without it."""
    await theatre.staffed_raid("Must", mandatory=True)
    await theatre.raid("May")
    run = await theatre.request()
    async with open_worker(theatre.worker()):
        ended = await theatre.until(run)
    assert ended["state"] == "INFEASIBLE"
    assert "Must" in ended["reason"]
    assert [each["code"] for each in json.loads(ended["reasons"])] == ["NO_UNIT_OF_TYPE"]
    plan = await theatre.plan_of(run)
    assert list(await theatre.rows(plan)) == ["May"]
    assert list(await theatre.left_out(plan)) == ["Must"]


async def test_locks_that_contradict_each_other_end_it_infeasible(theatre: Theatre) -> None:
    """When what is activated cannot stay as published, the run names the unit that is gone, and makes no plan."""
    action = await theatre.staffed_raid("Locked")
    unit = await theatre.unit("Unit 1")
    _, plan = await theatre.scheduled()
    await theatre.publish(plan)
    await theatre.state(action, "ACTIVATED")
    await theatre.absence(unit, 0, 6)
    run = await theatre.request()
    async with open_worker(theatre.worker()):
        ended = await theatre.until(run)
    assert ended["state"] == "INFEASIBLE"
    assert "Unit 1 is absent" in ended["reason"]
    assert json.loads(ended["reasons"])[0]["facts"]["rule"] == "calendars"
    assert await theatre.graph.read_rows("MATCH (:Record {id: $id})<-[:MADE_BY]-(p) RETURN p.id", {"id": run}) == []


async def test_activated_actions_stay_as_published(theatre: Theatre) -> None:
    """A later schedule leaves an activated action's start, mode and units alone, even where a better place is free."""
    action = await theatre.staffed_raid("Locked", window_start=at(6))
    await theatre.unit("Unit 1")
    _, plan = await theatre.scheduled()
    await theatre.publish(plan)
    before = (await theatre.rows(plan))["Locked"]
    await theatre.state(action, "ACTIVATED")
    await theatre.change("Action", await theatre.staffed_raid("Later", priority=1000, window_start=at(6)), due=at(8))
    _, second = await theatre.scheduled()
    after = (await theatre.rows(second))["Locked"]
    assert [after[name] for name in ("start", "end", "staffing")] == [
        before[name] for name in ("start", "end", "staffing")
    ]


async def test_an_operation_that_is_gone_fails_its_run(theatre: Theatre) -> None:
    """A run whose operation was retired while it waited fails and says so."""
    run = await theatre.request()
    await theatre.graph.write(
        lambda tx: tx.run("MATCH (o:Record {id: $id}) SET o.retired_at = $at", id=theatre.operation, at=at(0))
    )
    async with open_worker(theatre.worker()):
        ended = await theatre.until(run)
    assert (ended["state"], ended["reason"]) == ("FAILED", f"There is no operation {theatre.operation} in force.")


async def test_a_waiting_run_is_cancelled_at_once(theatre: Theatre) -> None:
    """A run that waits is cancelled in the request itself; one that has ended cannot be cancelled any more."""
    run = await theatre.request()
    await theatre.cancel(run)
    assert (await theatre.run(run))["state"] == "CANCELLED"
    with pytest.raises(StateConflict):
        await theatre.cancel(run)


async def test_a_running_run_is_cancelled_within_a_second(theatre: Theatre) -> None:
    """A cancelled search ends within a second, and the best plan so far is kept, verified."""
    await theatre.hard()
    worker = theatre.worker()
    async with open_worker(worker):
        run = await theatre.request(seconds=60)
        await searching(theatre, worker, run)
        process = psutil.Process(worker.executions[0].child_pid)
        began = time.monotonic()
        await theatre.cancel(run)
        worker.nudge(run)
        await eventually(lambda: is_over(process))
        took_s = time.monotonic() - began
        ended = await theatre.until(run)
    assert ended["state"] == "CANCELLED"
    assert took_s < 1.0
    plan = await theatre.plan_of(run)
    assert len(await theatre.rows(plan)) == ended["placed"] > 0


async def test_a_solver_that_does_not_listen_is_killed(theatre: Theatre) -> None:
    """A solver that ignores the wish to stop is killed; the last plan that it streamed is kept."""
    await theatre.hard()
    worker = theatre.worker()
    async with open_worker(worker):
        run = await theatre.request(seconds=60)
        pid = await searching(theatre, worker, run)
        os.kill(pid, signal.SIGSTOP)
        process = psutil.Process(pid)
        began = time.monotonic()
        await theatre.cancel(run)
        worker.nudge(run)
        await eventually(lambda: is_over(process))
        took_s = time.monotonic() - began
        ended = await theatre.until(run)
    assert ended["state"] == "CANCELLED"
    assert took_s < 1.0
    plan = await theatre.plan_of(run)
    assert len(await theatre.rows(plan)) == ended["placed"] > 0
    assert {code for row in (await theatre.left_out(plan)).values() for code in row["codes"]} <= {"NOT_FOUND_IN_TIME"}
    assert not psutil.pid_exists(pid)


async def test_a_run_whose_solver_was_killed_is_tried_again(theatre: Theatre) -> None:
    """When the solver process dies the run is queued again with the reason, and then ends."""
    await theatre.hard(raids=12)
    worker = theatre.worker()
    async with open_worker(worker):
        run = await theatre.request(seconds=3)
        os.kill(await searching(theatre, worker, run), signal.SIGKILL)
        ended = await theatre.until(run)
    assert (ended["state"], ended["attempts"]) == ("SUCCEEDED", 2)
    rows = await theatre.graph.read_rows(
        "MATCH (c:Change {record_id: $id}) WHERE c.after CONTAINS 'SIGKILL' RETURN c.after", {"id": run}
    )
    assert len(rows) == 1


async def test_a_run_whose_solver_dies_each_time_fails(theatre: Theatre) -> None:
    """After three attempts a run is given up, with the reason."""
    await theatre.hard(raids=12)
    command = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    run = await theatre.request()
    async with open_worker(theatre.worker(command=command)):
        ended = await theatre.until(run)
    assert (ended["state"], ended["attempts"]) == ("FAILED", 3)
    assert ended["reason"] == "Given up after 3 attempts: the solver process was killed by SIGKILL."


async def test_a_service_that_stops_queues_its_runs_again(theatre: Theatre) -> None:
    """A stopping worker ends its solver and gives the run back at once, without counting the attempt."""
    await theatre.hard()
    worker = theatre.worker()
    async with open_worker(worker):
        run = await theatre.request(seconds=60)
        pid = await searching(theatre, worker, run)
    left = await theatre.run(run)
    assert (left["state"], left["attempts"]) == ("QUEUED", 0)
    assert left["reason"] == "Queued again: the service that executed it stopped."
    assert not psutil.pid_exists(pid)
    await theatre.cancel(run)


async def test_a_run_outlasts_an_absence_of_the_graph(theatre: Theatre, graph_server: GraphAddress) -> None:
    """When the graph is away while the search runs and ends, the worker waits for it and keeps the plan."""
    await theatre.hard(raids=12)
    target = urlsplit(graph_server.uri)
    line = UnreliableLine(str(target.hostname), int(target.port or 0))
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    address = GraphAddress(f"bolt://127.0.0.1:{port}", graph_server.user, graph_server.password)
    async with Graph(address, Bounds(total_s=0.5)) as graph:
        worker = theatre.worker(graph=graph, lease_s=30)
        async with open_worker(worker):
            run = await theatre.request(seconds=2)
            search = psutil.Process(await searching(theatre, worker, run))
            server.close()
            line.cut()
            await eventually(lambda: is_over(search), within_s=30)
            await asyncio.sleep(1)
            assert (await theatre.run(run))["state"] == "RUNNING"
            server = await asyncio.start_server(line.serve, "127.0.0.1", port)
            ended = await theatre.until(run)
        assert (ended["state"], ended["attempts"]) == ("SUCCEEDED", 1)
    server.close()
    line.cut()


async def test_a_plan_of_removed_records_is_not_kept(theatre: Theatre) -> None:
    """When records are removed from the graph while they are planned for, the run fails and nothing half is kept."""
    await theatre.hard()
    worker = theatre.worker()
    async with open_worker(worker):
        run = await theatre.request(seconds=60)
        await searching(theatre, worker, run)
        await theatre.graph.run_outside(
            "MATCH (:Record {id: $id})<-[:PARTICIPATES_IN]-()<-[:OFFERED_BY]-()-[:OFFERS]->(unit) DETACH DELETE unit",
            {"id": theatre.operation},
        )
        await theatre.cancel(run)
        worker.nudge(run)
        ended = await theatre.until(run)
    assert ended["state"] == "FAILED"
    assert "were removed from the graph" in ended["reason"]
    assert await theatre.graph.read_rows("MATCH (:Record {id: $id})<-[:MADE_BY]-(p) RETURN p.id", {"id": run}) == []


async def solver_of(process: asyncio.subprocess.Process) -> int:
    """Read the output of a worker process up to the process id of its solver."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        async for line in process.stdout:
            if line.startswith(b"solver "):
                return int(line.split()[1])
    raise AssertionError("the worker process ended before it had a solver")


async def test_a_killed_service_loses_no_run(theatre: Theatre, graph_server: GraphAddress) -> None:
    """After kill -9 of the process that executes a run its solver ends too, and another worker begins the run again."""
    await theatre.hard()
    run = await theatre.request(seconds=120)
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
    assert (await theatre.run(run))["state"] == "RUNNING"
    worker = theatre.worker()
    async with open_worker(worker):
        await searching(theatre, worker, run)
        begun_again = await theatre.run(run)
        await theatre.cancel(run)
        worker.nudge(run)
        await theatre.until(run)
    assert begun_again["attempts"] == 2
    rows = await theatre.graph.read_rows(
        "MATCH (c:Change {record_id: $id}) WHERE c.after CONTAINS 'was lost' RETURN c.after", {"id": run}
    )
    assert len(rows) == 1
