"""The command line: every command of opsplan, mounted from the rooms that own them."""

import typer

import opsplan

app = typer.Typer(
    name="opsplan",
    help="Plan and deconflict multinational operations against scam centres.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def main() -> None:
    """Plan and deconflict multinational operations against scam centres."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(opsplan.__version__)
