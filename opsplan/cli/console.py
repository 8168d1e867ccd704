"""How commands speak: tables and sentences on standard output, progress and refusals on standard error."""

import asyncio
import getpass
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from opsplan.gazetteer.service import keep_gazetteer
from opsplan.graph.driver import Graph
from opsplan.graph.open import open_graph
from opsplan.main import address_of
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Actor, Role
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.errors import Invalid, OpsplanError, sentence_end

Result = TypeVar("Result")

# A pipe or a log has no width of its own; 80 columns would cut every table. Of a value like a:b: no picture is made.
out = Console(width=None if sys.stdout.isatty() else 150, emoji=False)
err = Console(stderr=True, width=None if sys.stderr.isatty() else 150, emoji=False)


def settings() -> Settings:
    """Read the settings from the environment of this process."""
    return Settings.from_env(os.environ)  # noqa: TID251 - the one place where commands read them


def machine_actor() -> Actor:
    """Give who acts when a command is run on this machine: an administrator named after the user."""
    return Actor(subject=f"machine:{getpass.getuser()}", roles=frozenset({Role.ADMINISTRATOR}), reads_all=True)


def with_graph(work: Callable[[Graph, Settings], Awaitable[Result]]) -> Result:
    """Open the graph, run `work`, close the graph; refusals end the command."""

    async def opened() -> Result:
        read = settings()
        async with open_graph(address_of(read)) as graph:
            await keep_gazetteer(graph, system_clock)
            return await work(graph, read)

    with refusals_told():
        return asyncio.run(opened())


@contextmanager
def refusals_told() -> Iterator[None]:
    """Say a refusal on standard error and end the command: status 2 for bad input, 1 for the rest."""
    try:
        yield
    except OpsplanError as refused:
        err.print(refused.code, style="bold red", end=" ")
        err.print(refused.message, markup=False, highlight=False, soft_wrap=True)
        if refused.remedy and refused.remedy not in refused.message:
            err.print(f"What helps: {sentence_end(refused.remedy)}", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2 if isinstance(refused, Invalid) else 1) from None
    except KeyboardInterrupt:
        err.print("stopped")
        raise typer.Exit(130) from None


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that shows progress: what is being done, how many of how many (0 when unknown)."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=not sys.stderr.isatty(),
    ) as bars:
        tasks: dict[str, int] = {}

        def told(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total or None)
            bars.update(tasks[what], completed=done, total=total or None)  # type: ignore[arg-type]

        yield told
