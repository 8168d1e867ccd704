"""The commands `opsplan serve` and `opsplan token`."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from opsplan.access.issuer import LocalIssuer
from opsplan.main.wiring import serve as run_service
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import Clock, system_clock
from opsplan.vocabulary.errors import SetupError


def make_token(
    settings: Settings,
    *,
    agency_code: str,
    roles: Sequence[Role],
    hours: float = 12.0,
    subject: str = "local",
    clock: Clock = system_clock,
) -> str:
    """Make a token with the local issuer's key.

    Raises
    ------
    SetupError
        If the local issuer is off, or its key cannot be had.
    Invalid
        If an argument is out of its range.
    """
    if not settings.issues_tokens:
        raise SetupError(
            "The local issuer is off, because OPSPLAN_TOKEN_ISSUER names another one.",
            field="OPSPLAN_TOKEN_ISSUER",
            remedy="ask that issuer for a token",
        )
    return LocalIssuer.open_in(settings.data_dir).issue(
        clock, agency_code=agency_code, roles=roles, audience=settings.token_audience, hours=hours, subject=subject
    )


def add_service_commands(app: typer.Typer, read: Callable[[], Settings]) -> None:
    """Put `token` and `serve` on the command line; `read` gives the settings when a command runs."""

    @app.command()
    def token(
        agency: Annotated[str, typer.Option(help="Code of the agency that its holder acts for, e.g. KH-NCB.")],
        role: Annotated[list[Role], typer.Option(help="What its holder may do; may be given several times.")],
        hours: Annotated[float, typer.Option(help="For how many hours it holds.")] = 12.0,
        subject: Annotated[str, typer.Option(help="Who its holder is.")] = "local",
    ) -> None:
        """Make a token of the local issuer and print it."""
        typer.echo(make_token(read(), agency_code=agency, roles=role, hours=hours, subject=subject))

    @app.command()
    def serve() -> None:
        """Serve the API until stopped. Settings are environment variables: see deploy/env.example."""
        asyncio.run(run_service(read()))
