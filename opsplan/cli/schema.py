"""`opsplan export-sdl` and `opsplan check-graph`: the two public contracts against the code and the database."""

from pathlib import Path
from typing import Annotated

import typer

from opsplan.cli.console import err, out, with_graph
from opsplan.deconfliction.service import check_claims
from opsplan.graph.driver import Graph
from opsplan.main import CAPABILITIES
from opsplan.nouns import CATALOGUE
from opsplan.reading.cursors import CursorKey
from opsplan.reading.sdl import breaking_changes, sdl
from opsplan.records.integrity.check_graph import check_graph
from opsplan.records.integrity.finding import Finding
from opsplan.records.integrity.table import findings_table
from opsplan.settings import Settings
from opsplan.web.schema import Built, build_schema

PUBLISHED = Path("graph_schema/public.graphql")


def served() -> Built:
    """Build the whole GraphQL schema as it is served, without a graph."""
    # The key seals cursors and leaves no trace in the schema.
    return build_schema(CATALOGUE, CursorKey(bytes(32)), [each.api for each in CAPABILITIES if each.api is not None])


def schema_text() -> str:
    """Write that schema."""
    return sdl(served().schema)


def export_sdl(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; fail when the file differs.")] = False,
    to: Annotated[Path, typer.Option("--to", help="The file.", metavar="FILE")] = PUBLISHED,
) -> None:
    """Write the GraphQL schema to graph_schema/public.graphql, or hold it against what is there."""
    proposed = schema_text()
    published = to.read_text(encoding="utf-8") if to.exists() else ""
    broken = breaking_changes(published, proposed) if published else []
    for each in broken:
        err.print(f"breaking: {each}", highlight=False, soft_wrap=True)
    if not check:
        to.write_text(proposed, encoding="utf-8")
        out.print(f"Wrote {to}{f', with {len(broken)} breaking changes' if broken else ''}.")
        return
    if published == proposed:
        out.print(f"{to} is what the code serves.")
        return
    err.print(f"{to} differs from what the code serves; look at the change and run: make sdl")
    raise typer.Exit(1)


def check_graph_command() -> None:
    """Look for what the database itself cannot promise: presence, types, owners, ties, history."""

    async def work(graph: Graph, _: Settings) -> list[Finding]:
        return [*await check_graph(graph, CATALOGUE), *await check_claims(graph)]

    findings = with_graph(work)
    if findings:
        out.print(findings_table(findings))
        raise typer.Exit(1)
    out.print("The graph is whole: no findings.")
