"""`opsplan serve` and `opsplan token`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

import typer

from opsplan.cli.console import err, out, refusals_told, settings
from opsplan.cli.exercise import enter_exercise
from opsplan.demo.documents import CONFIRMED_COMPOUNDS, JURISDICTION_OF_AN_AGENCY, NETWORK_OF_A_TARGET
from opsplan.exercise import Size
from opsplan.exercise.store import TERRITORIAL_AGENCIES
from opsplan.main import CAPABILITIES, Service
from opsplan.main import serve as serve_until_stopped
from opsplan.main.commands import make_token
from opsplan.main.loop import run
from opsplan.vocabulary.actor import Role


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; instead of OPSPLAN_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on, 0 for a free one; instead of OPSPLAN_PORT.")
    ] = None,
    exercise: Annotated[
        bool, typer.Option("--exercise", help="Load the small exercise when there is none, and print a token for it.")
    ] = False,
) -> None:
    """Serve the API until stopped. Further settings are environment variables: see deploy/env.example."""
    with refusals_told():
        read = settings()
        given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
        read = replace(read, **given)  # type: ignore[arg-type]

        async def prepare(service: Service, address: str) -> None:
            if exercise:
                coordinator = await enter_exercise(service.graph, Size.SMALL)
                if read.issues_tokens:
                    token = make_token(read, agency_code=coordinator, roles=(Role.COORDINATOR,), hours=12.0)
                    territorial = await service.graph.read_rows(TERRITORIAL_AGENCIES)
                    others = {
                        code: make_token(read, agency_code=code, roles=(Role.PLANNER, Role.APPROVER), hours=12.0)
                        for code in [each for (each, *_) in territorial if each != coordinator][:2]
                    }
                    _greet(
                        address,
                        coordinator,
                        token,
                        others,
                        asked_of=territorial[0][0] if territorial else coordinator,
                        takes_all=not read.only_trusted_documents,
                    )
            page = "trusted documents only, no explorer" if read.only_trusted_documents else f"explorer: {address}/"
            err.print(f"opsplan serves at {address} ({page}). Stop with Ctrl-C.")

        run(serve_until_stopped(read, prepare=prepare, capabilities=CAPABILITIES))


def _greet(
    address: str, coordinator: str, token: str, others: Mapping[str, str], *, asked_of: str, takes_all: bool
) -> None:
    out.rule("EXERCISE data is loaded: all of it is invented")
    out.print(f"A token for {coordinator} as COORDINATOR, good for 12 hours:\n")
    print(f"export TOKEN={token}\n", flush=True)  # noqa: T201 - to be copied whole, whatever the terminal's width
    for number, (code, made) in enumerate(others.items(), start=2):
        out.print(f"One for {code} as PLANNER and APPROVER:\n")
        print(f"export TOKEN_{number}={made}\n", flush=True)  # noqa: T201
    if not takes_all:
        return
    print("Three queries to paste into the explorer (or to send with curl, see README.md):")  # noqa: T201
    for document in (CONFIRMED_COMPOUNDS, NETWORK_OF_A_TARGET, JURISDICTION_OF_AN_AGENCY):
        print(document.rstrip())  # noqa: T201
    print(f'\nVariables: {{"text": "EXERCISE", "code": "{asked_of}"}}\n')  # noqa: T201
    print(  # noqa: T201
        f"curl -s {address}/graphql -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' "
        '-d \'{"query": "{ viewer { subject roles } }"}\'\n',
        flush=True,
    )


def token(
    agency: Annotated[str, typer.Option(help="Code of the agency that its holder acts for, e.g. KH-NCB.")],
    role: Annotated[list[Role], typer.Option(help="What its holder may do; may be given several times.")],
    hours: Annotated[float, typer.Option(help="For how many hours it holds.")] = 12.0,
    subject: Annotated[str, typer.Option(help="Who its holder is.")] = "local",
) -> None:
    """Make a token of the local issuer and print it."""
    with refusals_told():
        typer.echo(make_token(settings(), agency_code=agency, roles=role, hours=hours, subject=subject))
