"""`opsplan exercise`: the reference exercise into the graph, into a folder, or out again."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from opsplan.cli.console import machine_actor, out, progress, with_graph
from opsplan.exercise import Exercise, Size, make_exercise
from opsplan.exercise.files import write_files
from opsplan.exercise.load import Loaded, load_exercise
from opsplan.exercise.remove import remove_exercise
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.settings import Settings
from opsplan.vocabulary.clock import system_clock


def exercise_command(
    size: Annotated[Size, typer.Option(help="How large: 40, 400 or 10,000 actions.")] = Size.SMALL,
    seed: Annotated[int, typer.Option(help="Seed of all that is drawn; the same gives the same exercise.")] = 1,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the exercise out of the graph, with its history.")
    ] = False,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Write it as files into this folder; load nothing.", file_okay=False)
    ] = None,
) -> None:
    """Load the reference exercise: an invented operation on real geography, marked EXERCISE throughout."""
    if remove:
        _remove()
    elif folder is not None:
        counts = write_files(make_exercise(size, seed), folder)
        _show(f"Written to {folder}", counts)
    else:
        _load(make_exercise(size, seed))


def _load(exercise: Exercise) -> None:
    async def work(graph: Graph, _: Settings) -> Loaded:
        with progress() as told:
            return await load_exercise(graph, LAWS, system_clock, exercise, actor=machine_actor(), told=told)

    done = with_graph(work)
    _show("Loaded, all marked EXERCISE", done.rows)
    found = exercise.figures
    out.print(
        f"Operation {done.operation_id}: {found.actions} actions, {found.units} units; a plan of {found.planted} "
        f"actions exists, {found.unplaceable} cannot be placed. Take it out again with: opsplan exercise --remove"
    )


def _remove() -> None:
    async def work(graph: Graph, _: Settings) -> int:
        with progress() as told:
            return await remove_exercise(graph, CATALOGUE, told=told)

    removed = with_graph(work)
    out.print(f"{removed:,} exercise records removed, with their history." if removed else "There is no exercise.")


def _show(title: str, counts: dict[str, int]) -> None:
    table = Table("what", "rows", title=title)
    for name, rows in counts.items():
        table.add_row(name, f"{rows:,}")
    out.print(table)
