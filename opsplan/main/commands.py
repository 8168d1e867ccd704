"""The commands `opsplan serve` and `opsplan token`."""

import asyncio
import os
from collections.abc import Sequence
from typing import Annotated

import typer

from opsplan.access.issuer import LocalIssuer
from opsplan.main.wiring import serve as run_service
from opsplan.settings import Settings
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import Clock, system_clock
from opsplan.vocabulary.errors import SetupError

commands = typer.Typer(help="Serve the API, and make tokens for it.")


def settings_of_process() -> Settings:
    """Read the settings of this process; the one place that reads the environment.

    Raises
    ------
    SetupError
        If a setting is unknown or wrong.
    """
    return Settings.from_env(os.environ)  # noqa: TID251 - this is the place that the ban points to


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


@commands.command()
def token(
    agency: Annotated[str, typer.Option(help="Code of the agency that its holder acts for, e.g. KH-NCB.")],
    role: Annotated[list[Role], typer.Option(help="What its holder may do; may be given several times.")],
    hours: Annotated[float, typer.Option(help="For how many hours it holds.")] = 12.0,
    subject: Annotated[str, typer.Option(help="Who its holder is.")] = "local",
) -> None:
    """Make a token of the local issuer and print it."""
    typer.echo(make_token(settings_of_process(), agency_code=agency, roles=role, hours=hours, subject=subject))


@commands.command()
def serve() -> None:
    """Serve the API until stopped; see deploy/env.example for the settings."""
    asyncio.run(run_service(settings_of_process()))
