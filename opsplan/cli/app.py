"""The command `opsplan` with its verbs."""

import typer

import opsplan
from opsplan.cli.approval import approval
from opsplan.cli.client import client
from opsplan.cli.console import settings
from opsplan.cli.demo import demo
from opsplan.cli.documents import documents
from opsplan.cli.exercise import exercise
from opsplan.cli.load import export_command, load_command, template_command
from opsplan.cli.orders import print_command
from opsplan.cli.schema import check_graph_command, export_sdl
from opsplan.cli.serve import serve, token
from opsplan.graph.local.commands import neo4j_commands
from opsplan.main import local_server

app = typer.Typer(
    name="opsplan",
    help="Plan and deconflict multinational operations against scam centres.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def main() -> None:
    """Plan and deconflict multinational operations against scam centres."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(opsplan.__version__)


app.command()(demo)
app.command()(serve)
app.command()(token)
app.command()(exercise)
app.command("load")(load_command)
app.command("export")(export_command)
app.command("template")(template_command)
app.command("print")(print_command)
app.command("check-graph")(check_graph_command)
app.command()(export_sdl)
app.add_typer(approval, name="approval")
app.add_typer(client, name="client")
app.add_typer(documents, name="documents")
app.add_typer(neo4j_commands(lambda: local_server(settings())), name="neo4j")
