"""`opsplan exercise`: the reference exercise into the graph, to files, or out again."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from opsplan.cli.console import out, progress, refusals_told, with_graph
from opsplan.exercise import Size, make_exercise
from opsplan.exercise.files import write_files
from opsplan.exercise.load import load_exercise, refuse_a_second
from opsplan.exercise.remove import remove_exercise
from opsplan.exercise.rows.naming import LEAD
from opsplan.exercise.store import EXERCISE_AGENCIES
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.settings import Settings
from opsplan.vocabulary.clock import system_clock


async def enter_exercise(graph: Graph, size: Size, seed: int = 1) -> str:
    """Load an exercise unless one is there; gives the code of the agency that coordinates its operation."""
    if not await graph.read_rows(EXERCISE_AGENCIES):
        with progress() as told:
            await load_exercise(graph, LAWS, system_clock, make_exercise(size, seed), told=told)
    return LEAD


def exercise(
    size: Annotated[
        Size, typer.Option(help="small: 12 countries, 40 actions; full: 116, 400; huge: 10,000 actions.")
    ] = (Size.SMALL),
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 1,
    remove: Annotated[bool, typer.Option("--remove", help="Take the exercise out of the graph, all of it.")] = False,
    to: Annotated[
        Path | None, typer.Option("--out", help="Write it to files in this folder instead.", metavar="DIR")
    ] = None,
) -> None:
    """Make the reference exercise: an invented operation on real geography, marked EXERCISE throughout."""
    if remove:
        with progress() as told:
            removed = with_graph(lambda graph, _: remove_exercise(graph, CATALOGUE, told=told))
        out.print(f"Removed {removed:,} records." if removed else "There was no exercise.")
        return
    if to is not None:
        with refusals_told():
            counts = write_files(make_exercise(size, seed), to)
        _show(counts, f"Written to {to}")
        return

    async def work(graph: Graph, _: Settings) -> dict[str, int]:
        # Before it is made: a large one takes half a minute.
        await refuse_a_second(graph, size)
        with progress() as told:
            return (await load_exercise(graph, LAWS, system_clock, make_exercise(size, seed), told=told)).rows

    _show(with_graph(work), f"The {size.value} exercise, seed {seed}, is in the graph")
    out.print(f"Its operation is coordinated by {LEAD}: opsplan token --agency {LEAD} --role COORDINATOR")


def _show(counts: dict[str, int], title: str) -> None:
    table = Table("noun", "rows", title=title)
    for noun, rows in counts.items():
        table.add_row(noun, f"{rows:,}")
    out.print(table)
