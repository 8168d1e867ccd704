"""The reference exercise end to end: loaded, scheduled, queried, approved, published; figures of one run.

``python -m benchmarks.exercise --size full --seconds 60`` runs a service on a local Neo4j of its own in a temporary
folder and speaks to it over HTTP like any client. The last line is
``exercise: placed=N/M planted=P greedy=G first_s=… seconds=60 gap=… verified=yes|no load_s=… peak_mb=…``; verified
means that the solver's checker, run on the downloaded file, and the oracle over the API both accept the plan.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.live import Live
from rich.text import Text

from benchmarks.memory import Peak
from opsplan.demo import documents, show
from opsplan.demo.approving import have_approved
from opsplan.demo.client import Client, Refused
from opsplan.demo.run import plan_document, running
from opsplan.exercise import Size, make_exercise
from opsplan.exercise.load import load_exercise
from opsplan.exercise.rows.naming import LEAD
from opsplan.main import Service
from opsplan.main.commands import make_token
from opsplan.nouns import LAWS
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.sentences import say
from opsplan.web.logs import set_up
from solver.greedy import greedy
from solver.jsonio import problem_from_json

console = Console(width=None if sys.stdout.isatty() else 150)


async def main(size: Size, seconds: int, seed: int) -> int:
    """Run it and print the figures; the status is 0 when the plan is verified."""
    set_up("error")
    figures: dict[str, Any] = {"seconds": seconds}
    exercise = make_exercise(size, seed)
    figures["planted"] = exercise.figures.planted

    async def prepare(service: Service) -> str:
        begun = time.monotonic()
        await load_exercise(service.graph, LAWS, system_clock, exercise)
        figures["load_s"] = round(time.monotonic() - begun, 1)
        return LEAD

    with tempfile.TemporaryDirectory(prefix="opsplan-bench-") as folder, Peak() as peak:
        settings = Settings.from_env({"OPSPLAN_DATA_DIR": folder, "OPSPLAN_SOLVER_WORKERS": "2"})
        async with running(settings, prepare) as (address, coordinator):

            def token_for(code: str, role: Role) -> str:
                return make_token(settings, agency_code=code, roles=(role,))

            token = token_for(coordinator, Role.COORDINATOR)
            async with Client(address, token) as client:
                operation = (await client.ask(documents.THE_OPERATION))["operations"]["nodes"][0]
                figures["actions"] = operation["actions"]["totalCount"]
                run_id, plan = await schedule(client, operation["id"], seconds, seed, figures)
                told = f"first_s={figures['first_s']} gap={figures['gap']} load_s={figures['load_s']}"
                # What was found is worth knowing, even where the plan is not published afterwards.
                console.print(f"scheduled: {told}", highlight=False)
                await client.ask(documents.CONFIRMED_COMPOUNDS)
                await have_approved(client, address, token_for, plan["id"])
                await client.change(documents.PUBLISH_PLAN, input={"planId": plan["id"]})
                document = await plan_document(client, plan["id"])
                figures["placed"] = document["plan"]["placed"]
            verified = await _verified(address, token, run_id, plan["id"], Path(folder), figures)
    console.print(
        f"exercise: placed={figures['placed']}/{figures['actions']} planted={figures['planted']} "
        f"greedy={figures['greedy']} first_s={figures['first_s']} seconds={seconds} gap={figures['gap']} "
        f"verified={'yes' if verified else 'no'} load_s={figures['load_s']} peak_mb={peak.mb:.0f}",
        highlight=False,
        soft_wrap=True,
    )
    return 0 if verified else 1


async def schedule(
    client: Client, operation_id: str, seconds: int, seed: int, figures: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Have the operation scheduled; give the run's id and the plan, and put ``first_s`` and ``gap`` among `figures`."""
    begun = time.monotonic()
    wanted = {"operationId": operation_id, "budgetSeconds": seconds, "seed": seed}
    run = await client.change(documents.REQUEST_SCHEDULE, input=wanted)
    last: dict[str, Any] = {}
    with Live(Text("waiting"), console=console, refresh_per_second=4) as live:
        async for event in client.follow(documents.SCHEDULE_PROGRESS, {"runId": run["id"]}):
            last = event["scheduleProgress"]
            if last["placed"] is not None and "first_s" not in figures:
                # From the request on: the snapshot, its translation and the child's start are in it.
                figures["first_s"] = round(time.monotonic() - begun, 1)
            live.update(Text(show.progress_line(last)))
    if not last.get("plan"):
        raise Refused(
            say("The run ended {state} without a plan: {reason}", state=last.get("state"), reason=last.get("reason"))
        )
    figures["gap"] = "none" if last["gap"] is None else f"{last['gap']:.4f}"
    return run["id"], last["plan"]


async def _verified(address: str, token: str, run_id: str, plan_id: str, folder: Path, figures: dict[str, Any]) -> bool:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=120, trust_env=False) as http:
        for name in ("problem.json", "solution.json"):
            (folder / name).write_bytes((await http.get(f"{address}/runs/{run_id}/{name}")).raise_for_status().content)
    problem = problem_from_json((folder / "problem.json").read_bytes())
    figures["greedy"] = len(greedy(problem))
    files = [str(folder / "problem.json"), "--solution", str(folder / "solution.json")]
    solver = [sys.executable, "-m", "solver", "verify", *files]
    oracle = [sys.executable, "-m", "tests.oracle", address, "-", plan_id]
    first = await asyncio.to_thread(subprocess.run, solver, check=False, capture_output=True, text=True)
    second = await asyncio.to_thread(
        subprocess.run, oracle, input=token + "\n", check=False, capture_output=True, text=True
    )
    console.print(first.stdout.strip()[-400:], highlight=False)
    console.print(second.stdout.strip()[-1500:] or second.stderr[-400:], highlight=False)
    return first.returncode == 0 and second.returncode == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Load, schedule, query and publish the reference exercise.")
    parser.add_argument("--size", type=Size, default=Size.FULL, choices=list(Size))
    parser.add_argument("--seconds", type=int, default=60, help="budget of the search")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.size, given.seconds, given.seed)))
