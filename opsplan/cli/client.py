"""`opsplan client`: what a system of an agency needs before its first request: a key pair, registered, and a token."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from opsplan.cli.console import err, out, refusals_told
from opsplan.vocabulary.actor import Role

if TYPE_CHECKING:
    from opsplan.client import ClientKey

SERVICE = "http://127.0.0.1:8000"
"""Where `make serve` serves."""

client = typer.Typer(
    help="For systems of agencies: make a key pair, have it registered, get access tokens. docs/integrating.md leads "
    "through all of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class KeyRole(StrEnum):
    """What a key's tokens may do: all that a person's may, but no key is an administrator's."""

    READER = Role.READER
    PLANNER = Role.PLANNER
    COORDINATOR = Role.COORDINATOR
    APPROVER = Role.APPROVER


_Key = Annotated[Path, typer.Option("--key", help="The key file, of `opsplan client new-key`.", metavar="FILE")]
_Service = Annotated[str, typer.Option(help="Address of the service.", metavar="URL")]
_Name = Annotated[str, typer.Option(help="What people call the system that has the key.")]
_Roles = Annotated[list[KeyRole], typer.Option(help="What the key's tokens may do; may be given several times.")]


@contextmanager
def _failures_told() -> Iterator[None]:
    """Say what failed on standard error and end the command: status 2 for what the caller can mend, 1 for the rest."""
    with refusals_told():
        try:
            from opsplan.client import BadKey, ClientError, NoToken, Unreachable
        except ImportError as failure:
            words = (
                f"The typed client is not installed here ({failure.name} is missing). In opsplan's clone: pip install "
                "'.[client]'"
            )
            err.print(words, markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        try:
            yield
        except ClientError as failure:
            err.print(str(failure), markup=False, highlight=False, soft_wrap=True)
            if isinstance(failure, Unreachable):
                err.print("Is it served there? `make serve` serves on this machine; --service names another address.")
            elif isinstance(failure, NoToken) and failure.error == "invalid_client":
                err.print(
                    "Is the key registered for that agency, and not taken back? An administrator does it by: opsplan "
                    "client register",
                    soft_wrap=True,
                )
            raise typer.Exit(2 if isinstance(failure, BadKey | NoToken) else 1) from None


@client.command("new-key")
def new_key_command(
    file: Annotated[Path, typer.Argument(help="A new file; it stays on this machine.", metavar="FILE")],
    agency: Annotated[
        str, typer.Option(help="Code of your agency, for the mutation that is printed.", metavar="CODE")
    ] = "KH-NCB",
    name: _Name = "Case system",
    role: _Roles = [KeyRole.PLANNER],  # noqa: B006 - typer copies it
    kind: Annotated[
        str, typer.Option(help="Ed25519; or P-256, for issuers that do not take that.", metavar="KIND")
    ] = "Ed25519",
) -> None:
    """Make a key pair: the private part into FILE, for its owner alone; the public part is printed."""
    with _failures_told():
        from opsplan.client import Curve, new_key

        if kind not in [*Curve]:
            raise typer.BadParameter(f"'{kind}' is no kind of key; give {' or '.join(Curve)}", param_hint="--kind")
        key = new_key(file, Curve(kind))
        print(f"The private key is in {file}. It never leaves this machine; what follows is public.\n")  # noqa: T201
        print(f"Key id:      {key.key_id}\nPublic key:  {json.dumps(key.public)}\n")  # noqa: T201
        print("An administrator of the service registers it: by `opsplan client register`, or by this mutation.\n")  # noqa: T201
        print(_mutation(key, agency, name, role))  # noqa: T201


def _mutation(key: "ClientKey", agency: str, name: str, roles: list[KeyRole]) -> str:
    jwk = ", ".join(f"{member}: {json.dumps(value)}" for member, value in key.bare.items())
    return (
        "mutation {\n  createAgencyKey(input: {\n"
        f"    name: {json.dumps(name)}, use: CLIENT, roles: [{', '.join(roles)}],\n"
        f"    agencyId: {json.dumps(agency)}, ownerId: {json.dumps(agency)},\n"
        f"    jwk: {{{jwk}}}\n"
        "  }) {\n    ... on AgencyKey { id keyId roles }\n    ... on Refusal { code message field remedy }\n  }\n}"
    )


@client.command("register")
def register_command(
    key: _Key,
    agency: Annotated[str, typer.Option(help="Code of the agency whose key it is.", metavar="CODE")],
    token: Annotated[
        str, typer.Option(help="An administrator's token; of the local issuer: opsplan token --role ADMINISTRATOR.")
    ],
    name: _Name = "Case system",
    role: _Roles = [KeyRole.PLANNER],  # noqa: B006 - typer copies it
    service: _Service = SERVICE,
) -> None:
    """Register a key for an agency, as an administrator; a file with the public part alone will do.

    This is for services with the local issuer. Another issuer has ways of its own to take a public key.
    """
    with _failures_told():
        from opsplan.client import Client, Refused, read_public
        from opsplan.client.generated.enums import KeyUse
        from opsplan.client.generated.enums import Role as Allowed
        from opsplan.client.generated.input_types import CreateAgencyKeyInput

        given = CreateAgencyKeyInput(
            name=name,
            use=KeyUse.CLIENT,
            roles=[Allowed(each) for each in role],
            jwk=read_public(key),
            agency_id=agency,
            owner_id=agency,
        )

        async def work() -> None:
            async with Client(service, token) as api:
                answer = await api.register_key(given)
            if isinstance(answer, Refused):
                err.print(f"{answer.code} {answer.message}", markup=False, highlight=False, soft_wrap=True)
                if answer.remedy:
                    err.print(f"What helps: {answer.remedy}", markup=False, highlight=False, soft_wrap=True)
                raise typer.Exit(2)
            roles = ", ".join(answer.roles or ())
            out.print(f"Registered for {agency}: key {answer.key_id}, as {roles}.", highlight=False, soft_wrap=True)

        asyncio.run(work())


@client.command("token")
def token_command(
    key: _Key,
    agency: Annotated[
        str | None, typer.Option(help="Code of your agency: how the local issuer knows you.", metavar="CODE")
    ] = None,
    service: _Service = SERVICE,
    issuer: Annotated[
        str | None,
        typer.Option(
            help="Address of the issuer, where the service has not its own.", metavar="URL", show_default=False
        ),
    ] = None,
    client_id: Annotated[
        str | None, typer.Option(help="How that issuer knows you.", metavar="ID", show_default=False)
    ] = None,
    scope: Annotated[
        str | None,
        typer.Option(help="Roles to ask for, parted by blanks; all, when left out.", show_default=False),
    ] = None,
    more: Annotated[
        list[str] | None,
        typer.Option(
            help="What that issuer wants to be told beyond, such as resource=urn:opsplan.", metavar="NAME=VALUE"
        ),
    ] = None,
) -> None:
    """Get an access token by a registered key, and print it.

    In a shell: TOKEN=$(opsplan client token --key FILE --agency CODE)
    """
    with _failures_told():
        from opsplan.client import KeyTokens, read_key

        known_as = client_id or agency
        if known_as is None:
            raise typer.BadParameter("give --agency, or --client-id for an issuer of its own")
        for each in more or ():
            if "=" not in each:
                raise typer.BadParameter(f"'{each}' is not of the form NAME=VALUE", param_hint="--more")
        fields = dict(each.partition("=")[::2] for each in more or ())
        tokens = KeyTokens(read_key(key), issuer=issuer or service, client_id=known_as, scope=scope, more=fields)
        typer.echo(asyncio.run(tokens.token()))
