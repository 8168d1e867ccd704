"""`opsplan approval`: signatures made, and approvals taken out of the graph with their keys and checked without it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from opsplan.access.detached import BadSignature, check_detached
from opsplan.access.keys import usable_keys
from opsplan.cli import signing
from opsplan.cli.console import err, out, refusals_told, with_graph
from opsplan.graph.driver import Graph
from opsplan.scheduling.consent.evidence import evidence_of, read_evidence
from opsplan.scheduling.consent.parts import fingerprint
from opsplan.scheduling.store.approvals import signed_of
from opsplan.scheduling.store.plans import read_plan
from opsplan.settings import Settings
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

approval = typer.Typer(
    help="Keys to sign with, signatures, and approvals of plans: written to a file, checked without service or graph.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

approval.command()(signing.key)
approval.command()(signing.sign)


@approval.command()
def export(
    plan: Annotated[str, typer.Argument(help="Id of the plan.", metavar="PLAN")],
    to: Annotated[Path, typer.Option("--out", help="Folder for the files.", metavar="DIR")] = Path("out"),
) -> None:
    """Write a plan's approvals to approvals.json, and the keys that they name to keys.json (a JWK set)."""

    async def work(graph: Graph, _: Settings) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        await graph.read(lambda tx: read_plan(tx, plan, field="PLAN"))
        return evidence_of(await graph.read(lambda tx: signed_of(tx, plan)))

    approvals, keys = with_graph(work)
    to.mkdir(parents=True, exist_ok=True)
    for name, content in (("approvals.json", approvals), ("keys.json", keys)):
        (to / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    out.print(f"Wrote {len(approvals)} approvals to {to / 'approvals.json'}, and their keys to {to / 'keys.json'}.")
    out.print("A key proves something only to whoever had it from its agency: compare their ids before you trust them.")


@approval.command()
def verify(
    path: Annotated[
        Path,
        typer.Argument(
            help="approvals.json, or the saved answer of a query for `approvals { document signature }`.",
            metavar="FILE",
        ),
    ],
    keys: Annotated[
        Path,
        typer.Option(help="The agencies' public keys that you trust: a JWK set.", metavar="JWKS", show_default=False),
    ],
) -> None:
    """Check that each approval was signed over its document, byte for byte, by one of the keys.

    Nothing is started, and neither service nor database is needed. Ends with status 1 when a signature does not hold.
    """
    with refusals_told():
        entries = read_evidence(_read(path, "FILE"), path.name)
        try:
            known = usable_keys(_read(keys, "--keys"))
        except ValueError as failure:
            raise Invalid(
                say("--keys: {keys} is no JWK set.", keys=keys),
                field="--keys",
                value=str(keys),
                remedy=say('give {{"keys": [...]}}'),
            ) from failure
    table = Table("country", "actions", "fingerprint", "key", "signature")
    failed = 0
    for each in entries:
        part = json.loads(each.document)
        try:
            key_id = check_detached(each.signature, each.document.encode(), known)
            said = Text("holds", style="green")
        except BadSignature as bad:
            failed += 1
            key_id, said = "", Text(str(bad), style="bold red")
        actions = str(len(part.get("actions", ())) + len(part.get("abroad", ())))
        table.add_row(str(part.get("country")), actions, fingerprint(each.document)[:16], key_id[:16], said)
    out.print(table)
    if failed:
        err.print(f"{failed} of {len(entries)} signatures do not hold.", style="bold red")
        raise typer.Exit(1)
    out.print(f"All {len(entries)} signatures hold.")


def _read(path: Path, field: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise Invalid(
            say("{field}: {path} cannot be read as JSON.", field=field, path=path),
            field=field,
            value=str(path),
            remedy=say("name a JSON file"),
        ) from failure
