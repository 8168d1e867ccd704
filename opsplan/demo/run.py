"""The story that `opsplan demo` tells: load, look, schedule, have approved, publish, meet others, read, print."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import orjson
import uvicorn
from rich.console import Console
from rich.live import Live
from rich.text import Text

from opsplan.demo import documents, show
from opsplan.demo.approving import have_approved
from opsplan.demo.client import Client, Refused
from opsplan.demo.meeting import have_met
from opsplan.geography.outline import world_map
from opsplan.main import CAPABILITIES, Service, open_service
from opsplan.main.commands import make_token
from opsplan.pages import plan_page
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.sentences import say

NETWORK_NAME = "EXERCISE"
"""Any word of a network's name finds it; the exercise's all begin so."""

Prepare = Callable[[Service], Awaitable[str]]
"""Loads the exercise when it is not there; gives the code of the agency that coordinates its operation."""


class _Server(uvicorn.Server):
    """uvicorn without a hand on signals: the demonstration's own Ctrl-C ends it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the demonstration."""
        yield


@asynccontextmanager
async def running(settings: Settings, prepare: Prepare) -> AsyncIterator[tuple[str, str]]:
    """Run the service in this process on a free port of loopback; gives its address and what `prepare` gave."""
    async with open_service(replace(settings, host="127.0.0.1"), capabilities=CAPABILITIES) as service:
        coordinator = await prepare(service)
        listening = socket.create_server(("127.0.0.1", 0))
        server = _Server(
            uvicorn.Config(service.app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=5)
        )
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", coordinator
        finally:
            server.should_exit = True
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(serving, 10)


async def demonstrate(settings: Settings, console: Console, prepare: Prepare, *, out: Path, seconds: int) -> None:
    """Tell the whole story and write ``plan.html`` and ``plan.json`` to `out`.

    Parameters
    ----------
    settings
        As the service is run with.
    console
        Where it is told.
    prepare
        Loads the exercise when it is not there; see `Prepare`.
    out
        Folder for the files; made when it is not there.
    seconds
        Budget of the search.
    """
    async with running(settings, prepare) as (address, coordinator):
        token = make_token(settings, agency_code=coordinator, roles=(Role.COORDINATOR,))
        async with Client(address, token) as client:
            operation = await _operation(client)
            await _look(client, console, operation)
            plan_id = await _schedule(client, console, operation, seconds)

            def token_for(code: str, role: Role) -> str:
                return make_token(settings, agency_code=code, roles=(role,))

            console.rule("Approval")
            console.print(show.approvals_table(await have_approved(client, address, token_for, plan_id)))
            published = await client.change(documents.PUBLISH_PLAN, input={"planId": plan_id})
            document = await plan_document(client, plan_id)
            await have_met(client, console, coordinator)
        console.print()
        console.print(show.plan_table(document))
        console.print(show.left_out_table(document["plan"]["leftOut"]))
        console.print(f"Published: plan {published['number']} is now {published['state'].lower()}.", style="bold")
    await _write(document, out)


async def plan_document(client: Client, plan_id: str) -> dict[str, Any]:
    """Read a whole plan over the API: ``{"operation": …, "plan": {…, "actions": […], "leftOut": […]}}``."""
    plan = (await client.ask(documents.THE_PLAN, planId=plan_id))["plan"]
    operation = plan.pop("operation")
    actions = [each async for each in client.pages(documents.PLANNED_ACTIONS, planId=plan_id)]
    for each in actions:
        each["units"] = each["units"]["nodes"]
    left_out = [each async for each in client.pages(documents.LEFT_OUT, planId=plan_id)]
    return {"operation": operation, "plan": {**plan, "actions": actions, "leftOut": left_out}}


async def _operation(client: Client) -> dict[str, Any]:
    found = (await client.ask(documents.THE_OPERATION))["operations"]["nodes"]
    if not found:
        raise Refused(say("There is no exercise in the graph; load one with: opsplan exercise"))
    operation: dict[str, Any] = found[0]
    return operation


async def _look(client: Client, console: Console, operation: dict[str, Any]) -> None:
    console.rule(f"{operation['codeName']}: {operation['actions']['totalCount']} actions to be placed")
    sites = await client.ask(documents.CONFIRMED_COMPOUNDS)
    console.print(show.compounds_table(sites))
    network = show.network_table(await client.ask(documents.NETWORK_OF_A_TARGET, text=NETWORK_NAME))
    if network is not None:
        console.print(network)
    code = show.territorial_agency(sites) or operation["owner"]["code"]
    console.print(show.jurisdiction_table(await client.ask(documents.JURISDICTION_OF_AN_AGENCY, code=code)))


async def _schedule(client: Client, console: Console, operation: dict[str, Any], seconds: int) -> str:
    console.rule("Schedule")
    wanted = {"operationId": operation["id"], "budgetSeconds": seconds, "seed": 1}
    run = await client.change(documents.REQUEST_SCHEDULE, input=wanted)
    last: dict[str, Any] = {}
    with Live(Text("waiting"), console=console, transient=False, refresh_per_second=8) as live:
        async for event in client.follow(documents.SCHEDULE_PROGRESS, {"runId": run["id"]}):
            last = event["scheduleProgress"]
            live.update(Text(show.progress_line(last)))
    if not console.is_terminal:
        # There, the line that was live ends without an end.
        console.print()
    if not last.get("plan"):
        raise Refused(
            say(
                "The run ended {state} without a plan: {reason}", state=last.get("state", ""), reason=last.get("reason")
            )
        )
    return str(last["plan"]["id"])


async def _write(document: dict[str, Any], out: Path) -> None:
    await anyio.Path(out).mkdir(parents=True, exist_ok=True)
    page = await asyncio.to_thread(lambda: plan_page(document, world_map()))
    await anyio.Path(out / "plan.html").write_text(page, encoding="utf-8")
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    await anyio.Path(out / "plan.json").write_bytes(text)
