"""`opsplan load`, `opsplan export` and `opsplan template`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from opsplan.cli.console import err, machine_actor, out, progress, refusals_told, with_graph
from opsplan.exchange import journal
from opsplan.exchange.export import export as export_records
from opsplan.exchange.formats import noun_of_name
from opsplan.exchange.load import ONE_TRANSACTION_ROWS, BadRows, Loaded, load, resume
from opsplan.exchange.template import describe, write_template
from opsplan.graph.driver import Graph
from opsplan.nouns import CATALOGUE, LAWS
from opsplan.settings import Settings
from opsplan.vocabulary.clock import system_clock
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say


def load_command(
    files: Annotated[
        list[Path] | None, typer.Argument(help="JSON Lines, CSV or XLSX files, or folders of them.", metavar="FILE...")
    ] = None,
    owner: Annotated[str | None, typer.Option(help="Code of the agency that owns rows which name no owner.")] = None,
    status: Annotated[bool, typer.Option("--status", help="Show the loads of the past; load nothing.")] = False,
    resume_: Annotated[
        bool, typer.Option("--resume", help="Finish loads that were cut off; load nothing new.")
    ] = False,
    batches: Annotated[
        bool,
        typer.Option(
            "--batches", help="Land in journaled batches even what fits into one transaction: takes less memory."
        ),
    ] = False,
    forget: Annotated[
        str | None, typer.Option(help="Give up the unfinished load of this id, whose file is lost.", metavar="ID")
    ] = None,
) -> None:
    """Load records from files: all rows, or none when one is wrong.

    Each file holds one noun and is named after it (compound.jsonl, units.csv; in XLSX the sheets are). Rows are
    recognised by their external_id, so loading a file twice changes nothing. See `opsplan template NOUN` for columns.
    """
    if status:
        with_graph(_show_jobs)
    elif forget is not None:
        with_graph(lambda graph, _: _forget(graph, forget))
    elif resume_:
        for done in with_graph(_resume):
            _show(done)
    elif not files:
        err.print("Name at least one file, or --status. See: opsplan load --help")
        raise typer.Exit(2)
    else:
        _load(files, owner, one_transaction_rows=0 if batches else ONE_TRANSACTION_ROWS)


def _load(files: list[Path], owner: str | None, *, one_transaction_rows: int) -> None:
    async def work(graph: Graph, settings: Settings) -> Loaded:
        with progress() as told:
            return await load(
                graph,
                LAWS,
                machine_actor(),
                system_clock,
                files,
                folder=settings.data_dir / "loads",
                owner=owner,
                told=told,
                one_transaction_rows=one_transaction_rows,
            )

    async def told_bad_rows(graph: Graph, settings: Settings) -> Loaded:
        try:
            return await work(graph, settings)
        except BadRows as refused:
            table = Table(title="Nothing was loaded")
            for name in ("file", "line", "field", "value", "what is wrong", "what to do"):
                table.add_column(name, overflow="fold")
            for bad in refused.facts["rows"]:
                value = "" if bad.value is None else str(bad.value)[:60]
                table.add_row(bad.file, str(bad.line or ""), bad.field, value, bad.message, bad.remedy)
            err.print(table)
            raise

    _show(with_graph(told_bad_rows))


def _show(done: Loaded) -> None:
    table = Table("noun", "rows", title="Loaded")
    for noun, rows in done.rows.items():
        table.add_row(noun, f"{rows:,}")
    out.print(table)
    out.print(
        ", ".join(f"{count:,} {outcome.lower()}" for outcome, count in sorted(done.outcomes.items())) or "nothing"
    )


async def _resume(graph: Graph, _: Settings) -> list[Loaded]:
    with progress() as told:
        return await resume(graph, LAWS, machine_actor(), system_clock, told=told)


async def _forget(graph: Graph, job_id: str) -> None:
    if not await journal.forget(graph, job_id):
        raise Invalid(
            say("No unfinished load has the id {job_id}; see opsplan load --status", job_id=job_id),
            field="forget",
            value=job_id,
        )
    out.print(f"{job_id} is given up; rows that were in stay. Load the same files again to complete them.")


async def _show_jobs(graph: Graph, _: Settings) -> None:
    table = Table("load", "state", "batches in", "rows", "begun", title="Loads in batches")
    for job in await journal.jobs(graph, finished=True):
        table.add_row(job.id, str(job.state), f"{job.done} of {job.batches}", f"{job.rows:,}", job.started_at)
    out.print(table)
    unfinished = await journal.jobs(graph)
    out.print("All loads are finished." if not unfinished else "Unfinished: run opsplan load --resume")


def export_command(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", metavar="DIR")],
    format_: Annotated[str, typer.Option("--format", help="jsonl, csv or xlsx.")] = "jsonl",
    exercise: Annotated[bool, typer.Option(help="Whether EXERCISE records are written too.")] = True,
) -> None:
    """Write the records in force as files that `opsplan load` reads. History, runs and plans are not written."""

    async def work(graph: Graph, _: Settings) -> dict[str, int]:
        return dict(await export_records(graph, CATALOGUE, folder, ending=f".{format_}", exercise=exercise))

    table = Table("noun", "rows", title=f"Written to {folder}")
    for noun, rows in with_graph(work).items():
        table.add_row(noun, f"{rows:,}")
    out.print(table)


def template_command(
    noun: Annotated[str | None, typer.Argument(help="Such as compound or unit; none lists all.")] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="File to write the example to (.jsonl, .csv or .xlsx).", metavar="FILE")
    ] = None,
) -> None:
    """Show the columns of a noun's file, or write an example file."""
    with refusals_told():
        if noun is None:
            table = Table("noun", "what it is", title="Nouns that can be loaded, in the order of their references")
            for each in CATALOGUE.in_loading_order:
                table.add_row(each.name, each.description)
            out.print(table)
            return
        found = noun_of_name(CATALOGUE, noun)
        if found is None or not found.entered:
            known = ", ".join(each.name for each in CATALOGUE.in_loading_order)
            raise Invalid(
                say("{noun!r} names no noun that is loaded; there are {known}", noun=noun, known=known),
                field="noun",
                value=noun,
            )
        if to is not None:
            write_template(found, to)
            out.print(f"Wrote {to}")
            return
        table = Table("column", "kind", "required", "what it is", title=f"{found.name}: {found.description}")
        for row in describe(found):
            table.add_row(*row)
        out.print(table)
        out.print(
            "References: an id, a key (KH, KH-NCB), or AGENCY/external id (KH-NCB/C-17; /C-17 within the owner's own). "
            "Lists in CSV and XLSX are parted by semicolons. Instants need a zone: 2026-12-01T04:00:00Z."
        )
