"""The fast completer: Python source made for one selection, which turns its rows into the answer's objects.

Each object is one dict display with its keys known, each list one comprehension; nothing is looked up per value. Where
a value is not what its type promises (null where none may be, a number too large, an unknown choice), the completer
raises `Irregular` and `careful` does the work again, with the specification's nulls and errors.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

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
    One,
    PageInfo,
    PagePart,
    RecordView,
    RootList,
    RootView,
    Total,
)
from opsplan.reading.values import duration_text

Completer = Callable[[Sequence[Sequence[Any]], Sequence[Any]], Any]
"""From the rows of a statement and the slots of a request to the value of the root field."""


class Irregular(Exception):
    """A value is not what its type promises: complete the answer with care."""


def _irregular() -> Any:
    raise Irregular


def generate(view: RootView) -> Completer:
    """Make the completer of a root field."""
    source, constants = _Writer().write(view)
    scope: dict[str, Any] = {
        "bad": _irregular,
        "duration": duration_text,
        "loads": orjson.loads,
        "make_cursor": make_cursor,
        "check_parent": check_parent,
        **constants,
    }
    # The source holds response keys (GraphQL names, written by repr) and numbers of columns and slots, no values.
    exec(compile(source, "<completer>", "exec"), scope)  # noqa: S102
    complete: Completer = scope["complete"]
    return complete


class _Writer:
    """Writes the source; `_helpers` are functions for lists that need more than one expression."""

    def __init__(self) -> None:
        self._rows = 0
        self._helpers: list[str] = []
        self._constants: dict[str, Any] = {}

    def write(self, view: RootView) -> tuple[str, dict[str, Any]]:
        if isinstance(view, Lookup):
            body = self._lookup(view)
        else:
            names = self._row(view.width)
            if isinstance(view, RootList):
                empty, value = "", self._connection(view.list, names)
            else:
                empty, value = "    if not rows:\n        return None\n", self._record(view.target, names)
            body = f"{empty}    {_pattern(names)} = rows[0]\n    return {value}\n"
        helpers = "".join(self._helpers)
        return f"def complete(rows, slots):\n{helpers}{body}", self._constants

    def _row(self, width: int) -> list[str]:
        """Give names to the columns of a row, which is unpacked into them."""
        self._rows += 1
        return [f"r{self._rows}_{column}" for column in range(width)]

    def _record(self, view: RecordView, names: list[str]) -> str:
        if isinstance(view, ObjectView):
            return self._object(view.fields, names)
        number = names[view.column]
        chosen = "".join(
            f"{self._object(each.fields, names)} if {number} == {at} else " for at, each in enumerate(view.views)
        )
        return f"({chosen}bad())"

    def _object(self, fields: Sequence[FieldView], names: list[str]) -> str:
        return "{" + ", ".join(f"{field.key!r}: {self._field(field, names)}" for field in fields) + "}"

    def _field(self, field: FieldView, names: list[str]) -> str:
        if isinstance(field, Leaf):
            return self._leaf(field, names)
        if isinstance(field, Constant):
            return repr(field.value)
        if isinstance(field, Connection):
            return self._connection(field, names)
        if isinstance(field, Late | Inner):
            # Its place is kept; `late` fills it, with what is inner to it.
            return "None"
        return self._one(field, names)

    def _one(self, field: One, names: list[str]) -> str:
        value = names[field.column]
        inner = self._row(field.width)
        absent = "None" if field.nullable else "bad()"
        # One turn of a comprehension unpacks the row without a function of its own.
        found = f"[{self._record(field.target, inner)} for {_pattern(inner)} in ({value},)][0]"
        return f"({absent} if {value} is None else {found})"

    def _leaf(self, leaf: Leaf, names: list[str]) -> str:
        value = names[leaf.columns[0]]
        absent = "None" if leaf.nullable else "bad()"
        match leaf.codec:
            case Codec.LIST:
                return f"({value} or [])"
            case Codec.CHOICES:
                return (
                    f"([] if not {value} else {value} if {self._constant(leaf.allowed)}.issuperset({value}) else bad())"
                )
            case Codec.CHOICE:
                allowed = self._constant(leaf.allowed | {None} if leaf.nullable else leaf.allowed)
                return f"({value} if {value} in {allowed} else bad())"
            case Codec.INT:
                return f"({absent} if {value} is None else {value} if -2147483648 <= {value} <= 2147483647 else bad())"
            case Codec.DURATION:
                return f"({absent} if {value} is None else duration({value}))"
            case Codec.POINT:
                point = f"{{'longitude': {value}, 'latitude': {names[leaf.columns[1]]}}}"
                return f"({absent} if {value} is None else {point})"
            case Codec.JSON:
                return f"({absent} if {value} is None else loads({value}))"
            case _:
                return value if leaf.nullable else f"({value} if {value} is not None else bad())"

    def _constant(self, value: object) -> str:
        name = f"k{len(self._constants)}"
        self._constants[name] = value
        return name

    def _connection(self, view: Connection, names: list[str]) -> str:
        given: list[str] = []
        if view.rows is not None:
            given.append(names[view.rows])
        totals = sorted({names[column] for each in view.fields for column in _columns(each)})
        near = [names[view.beyond]] if view.beyond is not None else []
        parent = [names[view.parent]] if view.parent is not None else []
        parameters = [*given, *totals, *near, *parent]
        name = f"list{len(self._helpers)}"
        at = len(self._helpers)
        self._helpers.append("")
        self._helpers[at] = self._list_function(name, view, names, list(dict.fromkeys(parameters)))
        return f"{name}({', '.join(dict.fromkeys(parameters))})"

    def _list_function(self, name: str, view: Connection, names: list[str], parameters: list[str]) -> str:
        lines = [f"    def {name}({', '.join(parameters)}):\n"]
        parent = names[view.parent] if view.parent is not None else "None"
        lines.extend(
            f"        check_parent(slots[{slot}], {parent}, {name!r})\n"
            for name, slot in (view.paging.given if view.paging else ())
        )
        if view.rows is not None:
            rows = names[view.rows]
            lines.append(f"        size = slots[{view.size_slot}]\n")
            lines.append(f"        page = {rows}[:size]{'[::-1]' if view.backwards else ''}\n")
        fields = ", ".join(f"{each.key!r}: {self._part(each, view, names, parent)}" for each in view.fields)
        lines.append(f"        return {{{fields}}}\n")
        return "".join(lines)

    def _part(self, part: Any, view: Connection, names: list[str], parent: str) -> str:
        if isinstance(part, Constant):
            return repr(part.value)
        if isinstance(part, Total):
            return names[part.column]
        if isinstance(part, PageInfo):
            return self._page_info(part, view, names, parent)
        if isinstance(part, Aggregate):
            return "{" + ", ".join(f"{each.key!r}: {self._taken(each, names)}" for each in part.fields) + "}"
        inner = self._row(view.width)
        if isinstance(part, Nodes):
            value = self._record(part.target, inner)
        else:
            assert isinstance(part, Edges)
            value = (
                "{" + ", ".join(f"{each.key!r}: {self._edge(each, view, inner, parent)}" for each in part.fields) + "}"
            )
        return f"[{value} for {_pattern(inner)} in page]"

    def _taken(self, part: Total | Measures | Counts | Constant, names: list[str]) -> str:
        if isinstance(part, Constant):
            return repr(part.value)
        if isinstance(part, Total):
            return names[part.column]
        if isinstance(part, Measures):
            return self._object(part.fields, names)
        pair = self._row(2)
        return f"[{self._object(part.fields, pair)} for {_pattern(pair)} in {names[part.column]}]"

    def _edge(self, part: Any, view: Connection, names: list[str], parent: str) -> str:
        if isinstance(part, Cursor):
            assert view.paging is not None
            keys = ", ".join(names[column] for column in view.paging.keys)
            return f"make_cursor(slots[{view.paging.seal_slot}], [{keys}, {parent}])"
        if isinstance(part, EdgeNode):
            return self._record(part.target, names)
        return self._field(part, names)

    def _page_info(self, part: PageInfo, view: Connection, names: list[str], parent: str) -> str:
        more = f"len({names[view.rows]}) > size" if view.rows is not None else "False"
        near = names[view.beyond] if view.beyond is not None else "False"
        found = {
            PagePart.HAS_NEXT: near if view.backwards else more,
            PagePart.HAS_PREVIOUS: more if view.backwards else near,
            PagePart.START: self._end(view, 0, parent),
            PagePart.END: self._end(view, -1, parent),
        }
        shown = (f"{key!r}: {found[each] if isinstance(each, PagePart) else repr(each)}" for key, each in part.parts)
        return f"{{{', '.join(shown)}}}"

    def _end(self, view: Connection, place: int, parent: str) -> str:
        if view.paging is None or not view.paging.keys:
            return "None"
        keys = ", ".join(f"page[{place}][{column}]" for column in view.paging.keys)
        return f"(make_cursor(slots[{view.paging.seal_slot}], [{keys}, {parent}]) if page else None)"

    def _lookup(self, view: Lookup) -> str:
        lines = ["    found = {}\n"]
        for column, width, target in view.found:
            inner = self._row(width)
            lines.append(f"    for {_pattern(inner)} in rows[0][{column}]:\n")
            lines.append(f"        found[{inner[0]}] = {self._record(target, inner)}\n")
        lines.append(f"    return [found.get(each) for each in slots[{view.ids_slot}]]\n")
        return "".join(lines)


def _columns(part: Any) -> Iterator[int]:
    """The columns of the row around a list that a part of the list reads, beside its rows."""
    if isinstance(part, Total | Counts):
        yield part.column
    elif isinstance(part, Aggregate):
        for each in part.fields:
            yield from _columns(each)
    elif isinstance(part, Measures):
        for leaf in part.fields:
            if isinstance(leaf, Leaf):
                yield from leaf.columns


def _pattern(names: list[str]) -> str:
    """The target that unpacks a row."""
    return f"({', '.join(names)},)"
