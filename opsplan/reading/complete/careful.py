"""The careful completer: the same views, walked value by value, with nulls and errors as GraphQL 6.4.4 says.

It runs only where the fast one met a value that its type does not allow. A null where none may be, and a value that its
type cannot show, is an error with its path; the null goes up to the next field that may be null.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from graphql import GraphQLError

from opsplan.reading.complete.marker import Completed
from opsplan.reading.complete.paging import check_parent, make_cursor
from opsplan.reading.complete.views import (
    Aggregate,
    Codec,
    Connection,
    Constant,
    Counts,
    Cursor,
    EdgeNode,
    Edges,
    FieldView,
    Inner,
    Late,
    Leaf,
    Lookup,
    Measures,
    Nodes,
    ObjectView,
    PageInfo,
    PagePart,
    RecordView,
    RootList,
    RootObject,
    RootView,
    Total,
)
from opsplan.reading.values import duration_text

_Path = tuple[str | int, ...]


class _Null(Exception):
    """A null that the field may not be: it goes up."""


def complete_with_care(view: RootView, rows: Sequence[Sequence[Any]], slots: Sequence[Any], path: _Path) -> Completed:
    """Complete a root field that stands at `path` in the answer; a null that reaches it makes its data None."""
    walk = _Walk(slots)
    data: Any
    try:
        if isinstance(view, RootObject):
            data = walk.record(view.target, rows[0], path) if rows else None
        elif isinstance(view, RootList):
            data = walk.connection(view.list, rows[0], path)
        else:
            data = walk.lookup(view, rows[0] if rows else [], path)
    except _Null:
        data = None
    return Completed(data, walk.errors, with_care=True)


def show(view: Leaf | ObjectView, rows: Sequence[Sequence[Any]], path: _Path, *, many: bool) -> Completed:
    """Complete a value that may be null, or a list of values (`many`), from a row for each.

    A null where none may be makes the whole of it null.
    """
    walk = _Walk(())
    try:
        shown = [walk.shown(view, row, (*path, at) if many else path) for at, row in enumerate(rows)]
    except _Null:
        return Completed(None, walk.errors)
    return Completed(shown if many else shown[0], walk.errors)


class _Walk:
    def __init__(self, slots: Sequence[Any]) -> None:
        self._slots = slots
        self.errors: list[GraphQLError] = []

    def shown(self, view: Leaf | ObjectView, row: Sequence[Any], path: _Path) -> Any:
        return self.leaf(view, row, path) if isinstance(view, Leaf) else self.record(view, row, path)

    def record(self, view: RecordView, row: Sequence[Any], path: _Path) -> dict[str, Any]:
        if isinstance(view, ObjectView):
            return {field.key: self._field(field, row, (*path, field.key)) for field in view.fields}
        number = row[view.column]
        if number is None:
            self._refuse("The record is of no kind that may stand here.", path)
        return self.record(view.views[number], row, path)

    def _field(self, field: FieldView, row: Sequence[Any], path: _Path) -> Any:
        if isinstance(field, Leaf):
            return self.leaf(field, row, path)
        if isinstance(field, Constant):
            return field.value
        if isinstance(field, Connection):
            return self.connection(field, row, path)
        if isinstance(field, Late):
            return None
        if isinstance(field, Inner):
            return self._inner(field, row[field.column], path)
        below = row[field.column]
        if below is not None:
            try:
                return self.record(field.target, below, path)
            except _Null:
                if field.nullable:
                    return None
                raise
        return self._absent(field.nullable, field.at, path)

    def _inner(self, part: Inner, value: Any, path: _Path) -> Any:
        if part.many:
            return [self.record(part.target, each, (*path, at)) for at, each in enumerate(value or ())]
        try:
            return None if value is None else self.record(part.target, value, path)
        except _Null:
            return None

    def leaf(self, leaf: Leaf, row: Sequence[Any], path: _Path) -> Any:
        value = row[leaf.columns[0]]
        if leaf.codec in (Codec.LIST, Codec.CHOICES):
            return self._list(leaf, value or [], path)
        if value is None:
            return self._absent(leaf.nullable, leaf.at, path)
        match leaf.codec:
            case Codec.CHOICE if value not in leaf.allowed:
                return self._unfit(f"Enum {leaf.type_name!r} cannot represent value: {value!r}", leaf, path)
            case Codec.INT if not -(2**31) <= value < 2**31:
                return self._unfit(f"Int cannot represent non 32-bit signed integer value: {value}", leaf, path)
            case Codec.DURATION:
                return duration_text(value)
            case Codec.POINT:
                return {"longitude": value, "latitude": row[leaf.columns[1]]}
            case Codec.JSON:
                return orjson.loads(value)
        return value

    def _list(self, leaf: Leaf, values: Sequence[Any], path: _Path) -> list[Any]:
        for at, value in enumerate(values):
            if leaf.allowed and value not in leaf.allowed:
                self._refuse(f"Enum {leaf.type_name!r} cannot represent value: {value!r}", (*path, at))
        return list(values)

    def connection(self, view: Connection, row: Sequence[Any], path: _Path) -> dict[str, Any]:
        parent = row[view.parent] if view.parent is not None else None
        for name, slot in view.paging.given if view.paging else ():
            check_parent(self._slots[slot], parent, name)
        rows = row[view.rows] if view.rows is not None else []
        size = self._slots[view.size_slot]
        page = rows[:size][::-1] if view.backwards else rows[:size]
        done: dict[str, Any] = {}
        for part in view.fields:
            here = (*path, part.key)
            if isinstance(part, Constant):
                done[part.key] = part.value
            elif isinstance(part, Total):
                done[part.key] = row[part.column]
            elif isinstance(part, Nodes):
                done[part.key] = [self.record(part.target, each, (*here, at)) for at, each in enumerate(page)]
            elif isinstance(part, Edges):
                done[part.key] = [self._edge(part, view, each, parent, (*here, at)) for at, each in enumerate(page)]
            elif isinstance(part, Aggregate):
                done[part.key] = {each.key: self._taken(each, row, (*here, each.key)) for each in part.fields}
            else:
                near = bool(row[view.beyond]) if view.beyond is not None else False
                done[part.key] = self._page_info(part, view, page, len(rows) > size, near, parent)
        return done

    def _taken(self, part: Total | Measures | Counts | Constant, row: Sequence[Any], path: _Path) -> Any:
        if isinstance(part, Constant):
            return part.value
        if isinstance(part, Total):
            return row[part.column]
        if isinstance(part, Measures):
            return {each.key: self._field(each, row, (*path, each.key)) for each in part.fields}
        return [
            {each.key: self._field(each, pair, (*path, at, each.key)) for each in part.fields}
            for at, pair in enumerate(row[part.column])
        ]

    def _edge(self, part: Edges, view: Connection, row: Sequence[Any], parent: Any, path: _Path) -> dict[str, Any]:
        done: dict[str, Any] = {}
        for each in part.fields:
            here = (*path, each.key)
            if isinstance(each, Cursor):
                done[each.key] = self._cursor(view, row, parent)
            elif isinstance(each, EdgeNode):
                done[each.key] = self.record(each.target, row, here)
            else:
                done[each.key] = self._field(each, row, here)
        return done

    def _page_info(
        self, part: PageInfo, view: Connection, page: Sequence[Any], more: bool, near: bool, parent: Any
    ) -> dict[str, Any]:
        done: dict[str, Any] = {}
        for key, each in part.parts:
            match each:
                case PagePart.HAS_NEXT:
                    done[key] = near if view.backwards else more
                case PagePart.HAS_PREVIOUS:
                    done[key] = more if view.backwards else near
                case PagePart.START:
                    done[key] = self._cursor(view, page[0], parent) if page else None
                case PagePart.END:
                    done[key] = self._cursor(view, page[-1], parent) if page else None
                case _:
                    done[key] = each
        return done

    def _cursor(self, view: Connection, row: Sequence[Any], parent: Any) -> str:
        assert view.paging is not None
        return make_cursor(self._slots[view.paging.seal_slot], [*(row[at] for at in view.paging.keys), parent])

    def lookup(self, view: Lookup, row: Sequence[Any], path: _Path) -> list[Any]:
        by_id = {each[0]: (each, target) for column, _, target in view.found for each in row[column]}
        done: list[Any] = []
        for at, wanted in enumerate(self._slots[view.ids_slot]):
            each, target = by_id.get(wanted, (None, None))
            if each is None or target is None:
                done.append(None)
                continue
            try:
                done.append(self.record(target, each, (*path, at)))
            except _Null:
                done.append(None)
        return done

    def _absent(self, nullable: bool, at: str, path: _Path) -> None:
        if not nullable:
            self._refuse(f"Cannot return null for non-nullable field {at}.", path)

    def _unfit(self, message: str, leaf: Leaf, path: _Path) -> None:
        self.errors.append(GraphQLError(message, path=list(path)))
        if not leaf.nullable:
            raise _Null

    def _refuse(self, message: str, path: _Path) -> None:
        self.errors.append(GraphQLError(message, path=list(path)))
        raise _Null
