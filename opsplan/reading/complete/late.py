"""What Python computes once the rows are completed: each computation is called once for all records of an answer.

The compiled rest is not lost by it: the rows hold what the computations need, the answer has a place for each value,
and only the selections that ask for such a field are walked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError

from opsplan.reading.complete.careful import show
from opsplan.reading.complete.marker import Completed
from opsplan.reading.complete.views import (
    Connection,
    EdgeNode,
    Edges,
    FieldView,
    Late,
    Lookup,
    Nodes,
    ObjectView,
    One,
    RecordView,
    RootList,
    RootView,
)
from opsplan.records.declaration import Computed, Part, Property

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Computation:
    """A computed field with its arguments: `slots` has the slot of each by its declared name."""

    computed: Computed
    slots: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value goes: the object of the answer, its view, what it is computed from, its path."""

    holder: dict[str, Any]
    view: Late
    sources: tuple[Any, ...]
    path: _Path


async def fill_in(
    done: Completed,
    view: RootView,
    rows: Sequence[Sequence[Any]],
    slots: Sequence[Any],
    computations: Sequence[Computation],
    context: Any,
    path: _Path,
) -> None:
    """Compute what is to be computed and put it into a completed answer.

    Parameters
    ----------
    done
        The answer; its values are filled in, errors of computations are added.
    view, rows, slots
        What the answer was completed from.
    computations
        By number, as the view names them.
    context
        The caller's context, handed to each computation.
    path
        Where the root field stands.
    """
    given = [{name: slots[slot] for name, slot in each.slots.items()} for each in computations]
    # The same field with equal arguments is one computation, wherever it is asked for.
    same = [
        next(at for at in range(number + 1) if (computations[at].computed, given[at]) == (each.computed, given[number]))
        for number, each in enumerate(computations)
    ]
    places: dict[int, list[_Place]] = {}
    for place in _in_root(view, rows, done.data, slots, path):
        places.setdefault(same[place.view.number], []).append(place)
    for number, those in places.items():
        computation = computations[number]
        values = await _load(computation.computed, those, given[number], context)
        for place, value in zip(those, values, strict=True):
            shown = _shown(place, value, computation.computed)
            done.errors.extend(shown.errors)
            place.holder[place.view.key] = shown.data


async def _load(
    computed: Computed, places: Sequence[_Place], arguments: Mapping[str, Any], context: Any
) -> Sequence[Any]:
    try:
        values = await computed.load(context, [place.sources for place in places], arguments)
    except Exception as failure:  # noqa: BLE001 - as in graphql-core, what a field raises becomes its error
        return [failure] * len(places)
    if len(values) != len(places):
        raise ValueError(f"{computed.name}: {len(values)} values were computed for {len(places)} records")
    return values


def _shown(place: _Place, value: Any, computed: Computed) -> Completed:
    if isinstance(value, Exception):
        return Completed(None, [GraphQLError(str(value), path=list(place.path), original_error=value)])
    if value is None:
        return Completed(None)
    rows = [_row(each, computed) for each in (value if computed.many else [value])]
    return show(place.view.view, rows, place.path, many=computed.many)


def _row(value: Any, computed: Computed) -> list[Any]:
    return [value] if computed.kind is not None else _facts(value, computed.facts)


def _facts(value: Mapping[str, Any], facts: Iterable[Property | Part]) -> list[Any]:
    """Give an object's values by their places, those of its parts as rows of their own."""
    row: list[Any] = []
    for fact in facts:
        inner = value.get(fact.name)
        if isinstance(fact, Part) and inner is not None:
            inner = [_facts(each, fact.facts) for each in inner] if fact.many else _facts(inner, fact.facts)
        row.append(inner)
    return row


def _in_root(
    view: RootView, rows: Sequence[Sequence[Any]], data: Any, slots: Sequence[Any], path: _Path
) -> Iterator[_Place]:
    if isinstance(view, RootList):
        yield from _in_list(view.list, rows[0], data, slots, path)
    elif isinstance(view, Lookup):
        by_id = {row[0]: (row, target) for column, _, target in view.found for row in (rows[0][column] if rows else ())}
        for at, (wanted, each) in enumerate(zip(slots[view.ids_slot], data or (), strict=False)):
            if each is not None:
                row, target = by_id[wanted]
                yield from _in_record(target, row, each, slots, (*path, at))
    elif rows:
        yield from _in_record(view.target, rows[0], data, slots, path)


def _in_record(view: RecordView, row: Sequence[Any], data: Any, slots: Sequence[Any], path: _Path) -> Iterator[_Place]:
    if data is None:
        return
    chosen = view if isinstance(view, ObjectView) else view.views[row[view.column]]
    for field in chosen.fields:
        yield from _in_field(field, row, data, slots, (*path, field.key))


def _in_field(
    field: FieldView, row: Sequence[Any], holder: dict[str, Any], slots: Sequence[Any], path: _Path
) -> Iterator[_Place]:
    if isinstance(field, Late):
        yield _Place(holder, field, tuple(row[column] for column in field.columns), path)
    elif isinstance(field, One):
        if row[field.column] is not None:
            yield from _in_record(field.target, row[field.column], holder[field.key], slots, path)
    elif isinstance(field, Connection):
        yield from _in_list(field, row, holder[field.key], slots, path)


def _in_list(view: Connection, row: Sequence[Any], data: Any, slots: Sequence[Any], path: _Path) -> Iterator[_Place]:
    if data is None or view.rows is None:
        return
    page = row[view.rows][: slots[view.size_slot]]
    if view.backwards:
        page = page[::-1]
    for part in view.fields:
        here = (*path, part.key)
        if isinstance(part, Nodes):
            for at, (each, one) in enumerate(zip(page, data[part.key], strict=True)):
                yield from _in_record(part.target, each, one, slots, (*here, at))
        elif isinstance(part, Edges):
            for at, (each, one) in enumerate(zip(page, data[part.key], strict=True)):
                for field in part.fields:
                    if isinstance(field, EdgeNode):
                        yield from _in_record(field.target, each, one[field.key], slots, (*here, at, field.key))
