"""`opsplan demo`: the main job from end to end."""

import asyncio
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from opsplan.cli.console import out, refusals_told, settings
from opsplan.cli.exercise import enter_exercise
from opsplan.demo.run import demonstrate
from opsplan.exercise import Size
from opsplan.main import Service
from opsplan.web.logs import set_up

_COMMAND = "opsplan" if shutil.which("opsplan") else sys.argv[0]
"""How this command is called from here: by its path where the shell does not find it."""


def demo(
    to: Annotated[Path, typer.Option("--out", help="Folder for plan.html and plan.json.", metavar="DIR")] = Path("out"),
    seconds: Annotated[int, typer.Option(help="Seconds of search.", min=1, max=600)] = 10,
    size: Annotated[Size, typer.Option(help="Size of the exercise, when none is loaded yet.")] = Size.SMALL,
) -> None:
    """Load the small exercise, look at it, schedule it, publish the plan, and write it as a page."""

    async def prepare(service: Service) -> str:
        return await enter_exercise(service.graph, size)

    with refusals_told():
        # The demonstration is a client of its own, with its own documents.
        read = replace(settings(), trusted_documents=None, only_trusted_documents=False)
        set_up("error")
        asyncio.run(demonstrate(read, out, prepare, out=to, seconds=seconds))
    out.print(f"\nWrote {to / 'plan.html'} (open it in a browser) and {to / 'plan.json'}.")
    out.print(
        f"Next: make serve   (or: {_COMMAND} serve --exercise)\n"
        "It serves the API at http://127.0.0.1:8000, prints a token and three queries to paste, and has an explorer.\n"
        f"The exercise goes with: {_COMMAND} exercise --remove"
    )
