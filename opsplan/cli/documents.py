"""`opsplan documents`: manifests of trusted documents, checked and written."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from opsplan.cli.console import err, out, refusals_told, settings
from opsplan.cli.schema import served
from opsplan.main import limits_of
from opsplan.reading.most_cost import most_cost
from opsplan.reading.reads import Reads
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say
from opsplan.web.documents.check import Checked, check_documents, names_of
from opsplan.web.documents.manifest import APOLLO, Fault
from opsplan.web.documents.trusted import TrustedDocument
from opsplan.web.limits import sizes_of

documents = typer.Typer(
    help="Trusted documents: operations that clients name by id.\n\n"
    "A service that is started with OPSPLAN_TRUSTED_DOCUMENTS knows them, and with OPSPLAN_ONLY_TRUSTED_DOCUMENTS=on "
    "it takes no others. See docs/trusted-documents.md.\n\n"
    'Read are maps {"<id>": "<text>"} as Relay and GraphQL Code Generator write them, Apollo\'s manifest, and .graphql '
    "files, whose id is the SHA-256 of their text.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

_Source = Annotated[
    Path, typer.Argument(help="A manifest, a .graphql file, or a folder of such.", metavar="FILE|FOLDER")
]


@documents.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A manifest, a .graphql file, or a folder of such; OPSPLAN_TRUSTED_DOCUMENTS when left out.",
            metavar="FILE|FOLDER",
        ),
    ] = None,
) -> None:
    """Hold documents against the schema and the limits, and show them with what they may cost.

    Nothing is started and no database is needed. Ends with status 1 when a document does not fit, and says of all that
    do not what is wrong with them; a service would not start with them.
    """
    with refusals_told():
        read = settings()
        chosen = path or read.trusted_documents
        if chosen is None:
            raise Invalid(
                say("No documents are named."),
                field="FILE|FOLDER",
                remedy=say("name a manifest or a folder, or set OPSPLAN_TRUSTED_DOCUMENTS"),
            )
        reads = served().reads
        checked = check_documents(chosen, reads, limits_of(read))
    _show(checked.documents, reads)
    _end_at(checked.faults)


@documents.command()
def write(
    source: _Source,
    to: Annotated[Path, typer.Argument(help="The manifest to write, outside of that folder.", metavar="OUT.json")],
    apollo: Annotated[
        bool,
        typer.Option(
            "--apollo", help="Write Apollo's form, by which clients look up the id of an operation by its name."
        ),
    ] = False,
) -> None:
    """Write one manifest of all documents in a folder, once all of them fit.

    Ids and texts stay as they are: the text is what clients must send or hash, to the byte.
    """
    with refusals_told():
        if source.is_dir() and to.resolve().is_relative_to(source.resolve()):
            raise Invalid(
                say("{to} lies in {source}, and would be read from there the next time.", to=to, source=source),
                field="OUT.json",
                remedy=say("write it elsewhere"),
            )
        checked = check_documents(source, served().reads, limits_of(settings()))
        _end_at(checked.faults)
        content = _for_apollo(checked) if apollo else {each.id: each.text for each in checked.documents}
        try:
            to.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
        except OSError as failure:
            raise Invalid(
                say("{to} cannot be written: {strerror}.", to=to, strerror=failure.strerror),
                field="OUT.json",
                remedy=say("name another file"),
            ) from failure
    out.print(f"Wrote {len(checked.documents):,} documents to {to}.", markup=False, highlight=False, soft_wrap=True)


def _show(trusted: Sequence[TrustedDocument], reads: Reads) -> None:
    table = Table(title="Trusted documents that fit")
    table.add_column("id", overflow="fold")
    table.add_column("name", overflow="fold")
    table.add_column("kind")
    for column in ("length", "depth", "fields", "aliases", "cost"):
        table.add_column(column, justify="right")
    for each in trusted:
        for operation, size in sizes_of(each.prepared.document):
            cost = most_cost(reads, each.prepared.document, operation)
            table.add_row(
                Text(each.id),
                ", ".join(names_of([operation])),
                operation.operation.value,
                *(f"{number:,}" for number in (len(each.text), size.depth, size.fields, size.aliases)),
                "" if cost is None else f"{cost:,}",
            )
    out.print(table)
    out.print(
        "cost: the most that a query may cost, with the largest page wherever its size is a variable; what "
        f"would cost more than {reads.ground.limits.largest_cost:,} is refused when it is asked.",
        highlight=False,
    )


def _end_at(faults: Sequence[Fault]) -> None:
    if faults:
        for each in faults:
            err.print(str(each), markup=False, highlight=False, soft_wrap=True)
        err.print("1 fault." if len(faults) == 1 else f"{len(faults):,} faults.", highlight=False)
        raise typer.Exit(1)


def _for_apollo(checked: Checked) -> dict[str, Any]:
    operations: list[dict[str, str]] = []
    faults: list[Fault] = []
    for each in checked.documents:
        names = names_of(each.prepared.operations)
        if len(each.prepared.operations) != 1 or not names:
            faults.append(Fault(each.id, "Apollo's form takes documents of one operation with a name"))
            continue
        operations.append(
            {
                "id": each.id,
                "name": names[0],
                "type": each.prepared.operations[0].operation.value,
                "body": each.text,
            }
        )
    _end_at(faults)
    return {"format": APOLLO, "version": 1, "operations": operations}
