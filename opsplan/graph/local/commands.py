"""`opsplan neo4j ...`: the local server by hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psutil
import typer
from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from opsplan.graph.local.backup import back_up, restore
from opsplan.graph.local.folder import USER, DataFolder, RunningServer
from opsplan.graph.local.handle import address_in
from opsplan.graph.local.launch import answers
from opsplan.graph.local.lock_file import locked_jars
from opsplan.graph.local.options import LocalServerOptions
from opsplan.graph.local.server import open_server, start_server, stop_server
from opsplan.vocabulary.errors import OpsplanError

_NOTHING_RUNS = 3  # what `systemctl status` and the like exit with

NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; it must not exist yet.")]
OldFile = Annotated[Path, typer.Argument(metavar="FILE", help="A file that `opsplan neo4j backup` wrote.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before the present graph is replaced.")]


def neo4j_commands(read_options: Callable[[], LocalServerOptions]) -> typer.Typer:
    """Make the commands.

    Parameters
    ----------
    read_options
        Gives the options of the local server from the settings; called by each command, not before.
    """
    app = typer.Typer(
        name="neo4j",
        help="The local Neo4j server by hand: start, stop, status, backup, restore.\n\n"
        "You need none of this to work with opsplan: without OPSPLAN_NEO4J_URI, each command starts a Neo4j server "
        "on this machine and stops it at its end. Start one here to keep it running between commands, so that "
        "they begin at once and several can share it.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    console = Console()

    @app.command()
    def start() -> None:
        """Start the server in the background.

        One that runs already is kept. It listens on this machine only, and goes on when this command ends, until
        `opsplan neo4j stop`. The first start on a machine fetches Neo4j Community (about 140 MB) into the cache folder.
        """
        with _refusals_told():
            options = read_options()
            folder = DataFolder(options.data_dir)
            running = folder.running()
            if running is not None and running.stays:
                open_server(options)
                console.print(f"The server runs already (process {running.guard_pid}).")
            else:
                server = start_server(options, stays=True)
                server.leave()
                console.print("The server is started. `opsplan neo4j stop` ends it.")
            console.print(_described(folder))

    @app.command()
    def stop() -> None:
        """Stop the server in the background.

        That is the one that `opsplan neo4j start` started. Everything committed is kept.
        """
        with _refusals_told():
            stopped = stop_server(DataFolder(read_options().data_dir))
        console.print("The server is stopped." if stopped else "No server runs here; there is nothing to stop.")

    @app.command()
    def status() -> None:
        """Say whether a server runs, and where.

        Exits with 0 when one does, with 3 when none does.
        """
        with _refusals_told():
            folder = DataFolder(read_options().data_dir)
            runs = folder.is_held()
            console.print(_described(folder))
        if not runs:
            raise typer.Exit(_NOTHING_RUNS)

    @app.command()
    def backup(file: NewFile) -> None:
        """Write the whole graph to one file, while no server runs.

        Neo4j Community cannot be backed up while it runs: stop opsplan (and `opsplan neo4j stop`) first. The file
        holds everything in the graph: keep it as closed as the graph itself.
        """
        with _refusals_told():
            options = read_options()
            with console.status("Writing the backup"):
                size_bytes = back_up(options, file)
            console.print(f"{file} holds the graph of {options.data_dir} ({decimal(size_bytes)}).")

    @app.command(name="restore")
    def restore_(file: OldFile, yes: Yes = False) -> None:
        """Put a backup in the place of the graph.

        No server may run meanwhile (`opsplan neo4j stop`). The present graph is gone afterwards; back it up first
        if you may want it again.
        """
        with _refusals_told():
            options = read_options()
            if not yes and DataFolder(options.data_dir).has_data():
                typer.confirm(f"Replace the graph in {options.data_dir}?", abort=True)
            with console.status("Restoring the graph"):
                restore(options, file)
            console.print(f"{options.data_dir} holds the graph of {file}.")

    return app


def _described(folder: DataFolder) -> Table:
    """What there is to say of the server of a folder, a row each."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    running = folder.running()
    table.add_row("state", _state(folder, running))
    if running is not None:
        address = address_in(folder, running.port)
        table.add_row("address", address.uri)
        table.add_row("login", f"user {USER}, password in {folder.path / 'password'}")
        owner = "whoever comes (opsplan neo4j start)" if running.stays else f"process {running.owner_pid}"
        table.add_row("used by", owner)
        table.add_row("memory", _memory(running))
    table.add_row("data folder", str(folder.path))
    table.add_row("on the disk", _size(folder.path))
    table.add_row("version", f"Neo4j Community {locked_jars().version}")
    return table


def _state(folder: DataFolder, running: RunningServer | None) -> str:
    if running is None:
        return "starting, or held by a backup" if folder.is_held() else "not running"
    return "running" if answers(address_in(folder, running.port)) else "running, but it does not answer"


def _memory(running: RunningServer) -> str:
    try:
        guard = psutil.Process(running.guard_pid)
        resident_bytes = sum(process.memory_info().rss for process in [guard, *guard.children()])
    except psutil.NoSuchProcess:
        return "unknown"
    return decimal(resident_bytes)


def _size(folder: Path) -> str:
    if not folder.exists():
        return "nothing yet"
    size_bytes = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
    return decimal(size_bytes)


@contextmanager
def _refusals_told() -> Iterator[None]:
    """Print what was refused, with its remedy, and exit with 1; no traceback for what is no fault of ours."""
    try:
        yield
    except OpsplanError as refusal:
        told = Console(stderr=True, highlight=False)
        told.print(refusal.message, style="bold red", markup=False)
        if refusal.remedy:
            told.print(f"What helps: {refusal.remedy}.", markup=False)
        raise typer.Exit(1) from refusal
