"""Export: the records in force as files that `load` reads; a load of them into an empty graph gives an equal graph.

History, runs and plans are not records that anybody enters, and stay behind. Reading is by pages in the order of ids,
so that memory stays constant; the pages of one noun are read one after another, not in one snapshot.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import anyio.from_thread
import anyio.to_thread

from opsplan.exchange.columns import columns_of
from opsplan.exchange.formats import FORMATS, file_stem
from opsplan.graph.driver import Graph
from opsplan.graph.query import Mode, Query
from opsplan.graph.transaction import Tx
from opsplan.records.declaration import Catalogue, Direction, Kind, Noun, Relation
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.ids import prefix_of
from opsplan.vocabulary.sentences import say

PAGE_ROWS = 5_000


def page_query(noun: Noun, catalogue: Catalogue) -> Query:
    """Make the statement that reads a page of a noun's records in force, as rows of files.

    What is about a record that stays behind (a comment about a plan) stays behind with it.
    """
    properties = ", ".join(f"{each.name}: {_value(each.name, each.kind)}" for each in noun.kept_in_files)
    references = ", ".join(f"{each.name}: {_reference(each)}" for each in noun.entered_relations)
    world = "exercise: n.exercise" if noun.owns_itself else ""
    members = ", ".join(part for part in ("id: n.id", world, properties, references) if part)
    return Query(
        f"exchange.export_{noun.name}",
        Mode.READ,
        # Ids begin with their noun, so a range of the index on Record.id holds this noun's records; beside them only
        # those of nouns whose names begin with its own, as ActionMode does with Action, which the label leaves out.
        f"MATCH (n:Record:{noun.label}) WHERE n.id > $after AND n.id < $until AND n.retired_at IS NULL "
        f"AND ($exercise OR NOT n.exercise){_loadable(noun, catalogue)}\n"
        "WITH n ORDER BY n.id LIMIT $limit\n"
        f"RETURN {{{members}, owner: n.owner_id}} AS row",
    )


def _loadable(noun: Noun, catalogue: Catalogue) -> str:
    """Leave out what must refer to a record that is not exported."""
    left_behind = {each.name for each in catalogue if not each.entered and not each.system}
    conditions = []
    for relation in noun.entered_relations:
        if relation.required and relation.direction is Direction.OUT:
            gone = [f"other:{name}" for name in sorted(left_behind.intersection(relation.targets))]
            # What is retired is not exported; most records in force cannot refer to it.
            gone += [] if relation.holds_in_force else ["other.retired_at IS NOT NULL"]
            if gone:
                conditions.append(f" AND NOT EXISTS {{ (n)-[:{relation.type}]->(other) WHERE {' OR '.join(gone)} }}")
    return "".join(conditions)


def _value(name: str, kind: Kind) -> str:
    if kind is Kind.POINT:
        return f"CASE WHEN n.{name} IS NULL THEN null ELSE {{longitude: n.{name}.x, latitude: n.{name}.y}} END"
    if kind is Kind.MINUTES:
        return f"CASE WHEN n.{name} IS NULL THEN null ELSE 'PT' + toString(n.{name}) + 'M' END"
    return f"n.{name}"


def _reference(relation: Relation) -> str:
    left, right = ("<-", "-") if relation.direction is Direction.IN else ("-", "->")
    pattern = f"(n){left}[:{relation.type}]{right}(other)"
    listed = f"COLLECT {{ MATCH {pattern} RETURN other.id AS id ORDER BY id }}"
    return listed if relation.many else f"head({listed})"


async def export(graph: Graph, catalogue: Catalogue, folder: Path, *, ending: str, exercise: bool) -> Mapping[str, int]:
    """Write one file per noun that has records into `folder`; gives rows by noun.

    Parameters
    ----------
    graph, catalogue
        Where from, and which nouns.
    folder
        Made when it is not there; must be empty, so that no stale file is taken for part of the export.
    ending
        ``.jsonl``, ``.csv`` or ``.xlsx``.
    exercise
        Whether EXERCISE records are written too.

    Raises
    ------
    Invalid
        When the folder holds something, or the ending is unknown.
    """
    if ending not in FORMATS:
        raise Invalid(
            say("{ending} is no known format", ending=ending),
            field="format",
            value=ending,
            remedy=say("give one of {formats}", formats=sorted(FORMATS)),
        )
    await anyio.to_thread.run_sync(_make_empty, folder)
    counts: dict[str, int] = {}
    for noun in catalogue.in_loading_order:
        path = folder / f"{file_stem(noun)}{ending}"
        # The writers are plain functions over rows; they run in a thread and ask the loop for each page.
        written = await anyio.to_thread.run_sync(
            FORMATS[ending].write, path, columns_of(noun), _rows(graph, noun, catalogue, exercise=exercise)
        )
        if written:
            counts[noun.name] = written
        else:
            path.unlink()
    return counts


def _make_empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Invalid(
            say(
                "{folder} is not empty; give a new folder, so that no old file is taken for part of the export",
                folder=folder,
            ),
            field="dir",
            value=str(folder),
            remedy=say("give a new folder"),
        )


def _rows(graph: Graph, noun: Noun, catalogue: Catalogue, *, exercise: bool) -> Iterator[Mapping[str, Any]]:
    query, after, until = page_query(noun, catalogue), f"{prefix_of(noun.name)}_", f"{prefix_of(noun.name)}`"
    while page := anyio.from_thread.run(_page, graph, query, after, until, exercise):
        yield from page
        after = page[-1]["id"]


async def _page(graph: Graph, query: Query, after: str, until: str, exercise: bool) -> list[dict[str, Any]]:
    async def work(tx: Tx) -> list[dict[str, Any]]:
        found = await tx.run(query, after=after, until=until, exercise=exercise, limit=PAGE_ROWS)
        return [each["row"] for each in found]

    return await graph.read(work)
