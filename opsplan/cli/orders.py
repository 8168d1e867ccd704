"""`opsplan print`: order sheets of a plan on paper, and for calendars."""

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from opsplan.cli.console import out, with_graph
from opsplan.geography.countries import country as known_country
from opsplan.graph.driver import Graph
from opsplan.orders.service import read_country_sheet, read_unit_sheet
from opsplan.pages.order_calendar import calendar_of
from opsplan.pages.order_page import country_page, unit_page
from opsplan.settings import Settings
from opsplan.vocabulary.clock import instant_text, system_clock
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

_ODD = re.compile(r"[^a-z0-9]+")


def print_command(
    plan: Annotated[str, typer.Argument(help="Id of the plan.", metavar="PLAN")],
    country: Annotated[
        list[str] | None,
        typer.Option(
            help="All that happens on the soil of a country (KH); may be given several times.", metavar="CODE"
        ),
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option(help="The orders of a unit, by its id; may be given several times.", metavar="ID"),
    ] = None,
    to: Annotated[Path, typer.Option("--out", help="Folder for the files.", metavar="DIR")] = Path("out"),
) -> None:
    """Write the sheets of a plan: A4 pages to print (HTML), and the same as iCalendar.

    What a unit's agency is to know is on one sheet: where, when by local clocks, in UTC and from H-hour, with whom,
    whom to call, and the way. The sheet of a plan that is not published says that it is no order.
    """
    now = instant_text(system_clock())

    async def work(graph: Graph, _: Settings) -> list[tuple[str, str, str, bytes]]:
        countries = [known_country(each.strip().upper(), field="--country") for each in country or ()]
        if not countries and not unit:
            raise Invalid(
                say("Nothing is named to be printed."),
                field="--unit",
                remedy=say("name countries (--country KH) or units (--unit ID)"),
            )
        made = []
        for each in countries:
            sheet = await read_country_sheet(graph, plan, each.code)
            page = country_page(sheet, each.name, now)
            made.append((f"actions-{each.code}", *_told(sheet, each.code, f"Actions in {each.name}"), page))
        for unit_id in unit or ():
            sheet = await read_unit_sheet(graph, plan, unit_id)
            told = _told(sheet, unit_id, f"Orders: {sheet['unit']}")
            made.append((_file_name(sheet), *told, unit_page(sheet, now)))
        return [(name, what, page, calendar) for name, what, calendar, page in made]

    def _told(sheet: Mapping[str, Any], owner_id: str, title: str) -> tuple[str, bytes]:
        return f"{title}: {len(sheet['tasks'])} tasks", calendar_of(sheet, owner_id, title, now)

    sheets = with_graph(work)
    to.mkdir(parents=True, exist_ok=True)
    table = Table("sheet", "to print", "for calendars")
    for name, what, page, calendar in sheets:
        (to / f"{name}.html").write_text(page, encoding="utf-8")
        if calendar:
            (to / f"{name}.ics").write_bytes(calendar)
        table.add_row(what, str(to / f"{name}.html"), str(to / f"{name}.ics") if calendar else "nothing to tell")
    out.print(table)


def _file_name(sheet: Mapping[str, Any]) -> str:
    """Name a unit's files after it, and after its id, as names may be the same."""
    ascii_name = unicodedata.normalize("NFKD", sheet["unit"]).encode("ascii", "ignore").decode().lower()
    return "-".join(each for each in ("orders", _ODD.sub("-", ascii_name).strip("-"), sheet["unit_id"][-6:]) if each)
