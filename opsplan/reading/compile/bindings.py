"""What the values of one request fill into a compiled statement: parameters, and slots that the completer reads.

A statement is compiled once for a shape of a request; each request of that shape brings other values. So compilation
notes where every value comes from (which field's arguments, which path in them, how it is turned into a stored one),
and `Bindings.fill` takes them from there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    ListValueNode,
    Node,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values

from opsplan.reading.complete.marker import StoredRecord, StoredRecords
from opsplan.reading.cursors import CursorKey
from opsplan.vocabulary.actor import Actor

Path = tuple[str | int, ...]
_NOW = re.compile(r"\$now\b")
_READER = re.compile(r"\$reader\b")


@dataclass(frozen=True, slots=True)
class Request:
    """What one request brings besides its arguments.

    Attributes
    ----------
    actor
        The reader.
    now
        The instant of the read, as stored text.
    cursors
        The key of cursors.
    reader
        The policy's values for the reader, ``$reader``.
    mark
        What a resolver left to be read, with its ids; None for a root field of Query.
    """

    actor: Actor
    now: str
    cursors: CursorKey
    reader: Mapping[str, Any]
    mark: StoredRecord | StoredRecords | None = None


Turn = Callable[[Any, Request], Any]
"""From an argument's value (None when it is not given) to what the statement or the completer takes."""


def same(value: Any, _: Request) -> Any:
    """Leave a value as it is."""
    return value


def or_now(value: Any, request: Request) -> Any:
    """Give the present instant where none is given."""
    return request.now if value is None else value


@dataclass(frozen=True, slots=True)
class _Taken:
    arguments: int
    path: Path
    turn: Turn


@dataclass(frozen=True, slots=True)
class _Arguments:
    """A field's arguments: `given` as far as they are the same in all requests, with `holes` where variables stand.

    Requests of one shape give the same variables, so graphql-core reads the arguments once; it goes through all fields
    of an input type for each filter that is written out. `holes` is None where it has to read them each time.
    """

    definition: GraphQLField
    node: FieldNode
    given: dict[str, Any]
    holes: tuple[tuple[Path, str], ...] | None

    def of(self, variables: VariableValues) -> dict[str, Any]:
        """Give their values in one request."""
        given: Any = self.given
        if self.holes is not None:
            for path, name in self.holes:
                value = variables.coerced.get(name)
                if value is None:
                    # Whether null may be is for graphql-core to say.
                    break
                given = _put(given, path, value)
            else:
                filled: dict[str, Any] = given
                return filled
        return get_argument_values(self.definition, self.node, variables)


@dataclass(slots=True)
class Bindings:
    """The values of one statement: where they come from, in the order in which they were asked for."""

    _arguments: list[_Arguments | None] = field(default_factory=list)
    _parameters: dict[str, _Taken] = field(default_factory=dict)
    _slots: list[_Taken] = field(default_factory=list)
    _uses_now: bool = False
    _uses_reader: bool = False

    def arguments(
        self, definition: GraphQLField, node: FieldNode, variables: VariableValues
    ) -> tuple[int, dict[str, Any]]:
        """Read the arguments of a field; give their number, for `parameter` and `slot`, and their values now.

        Raises
        ------
        GraphQLError
            If a value does not fit its type.
        """
        given = get_argument_values(definition, node, variables)
        holes = _holes(node, given, variables)
        kept: Any = given
        for path, _ in holes or ():
            kept = _put(kept, path, None)
        self._arguments.append(_Arguments(definition, node, kept, holes))
        return len(self._arguments) - 1, given

    def marked(self) -> int:
        """Take the ids of the request's mark as if they were arguments; give their number."""
        self._arguments.append(None)
        return len(self._arguments) - 1

    def parameter(self, arguments: int, path: Path, turn: Turn = same) -> str:
        """Give the text of a parameter that carries the value at `path` of a field's arguments."""
        name = f"p{len(self._parameters)}"
        self._parameters[name] = _Taken(arguments, path, turn)
        return f"${name}"

    def slot(self, arguments: int, path: Path, turn: Turn = same) -> int:
        """Give the number of a slot that carries such a value to the completer."""
        self._slots.append(_Taken(arguments, path, turn))
        return len(self._slots) - 1

    def settle(self, text: str) -> None:
        """Take note of the whole statement: what it does not speak of is not sent with it."""
        self._uses_now = _NOW.search(text) is not None
        self._uses_reader = _READER.search(text) is not None

    def fill(self, variables: VariableValues, request: Request) -> tuple[dict[str, Any], list[Any]]:
        """Give parameters and slots for one request.

        Raises
        ------
        OpsplanError
            If a value is refused (a page too large, a cursor made elsewhere).
        """
        values = [_of_mark(request.mark) if each is None else each.of(variables) for each in self._arguments]
        parameters = {name: _take(values, taken, request) for name, taken in self._parameters.items()}
        if self._uses_now:
            parameters["now"] = request.now
        if self._uses_reader:
            parameters["reader"] = request.reader
        return parameters, [_take(values, taken, request) for taken in self._slots]


def _of_mark(mark: StoredRecord | StoredRecords | None) -> dict[str, Any]:
    if isinstance(mark, StoredRecords):
        return {"ids": list(mark.ids)}
    return {"id": mark.id} if mark is not None else {}


def _take(values: list[dict[str, Any]], taken: _Taken, request: Request) -> Any:
    value: Any = values[taken.arguments]
    for step in taken.path:
        value = value.get(step) if isinstance(step, str) else value[step]
    return taken.turn(value, request)


class _FindsVariables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.found.add(node.name.value)


def variables_in(node: Node) -> set[str]:
    """Give the names of the variables that stand in a part of a document."""
    finder = _FindsVariables()
    visit(node, finder)
    return finder.found


def _holes(node: FieldNode, given: dict[str, Any], variables: VariableValues) -> tuple[tuple[Path, str], ...] | None:
    """Give where in the arguments variables stand; None where a value there is not the variable's as it is."""
    found = tuple(hole for each in node.arguments or () for hole in _variables_at(each.value, (each.name.value,)))
    for path, name in found:
        value = variables.coerced.get(name)
        if value is None or _at(given, path) is not value:
            return None
    return found


def _variables_at(value: ValueNode, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, VariableNode):
        yield path, value.name.value
    elif isinstance(value, ObjectValueNode):
        for each in value.fields:
            yield from _variables_at(each.value, (*path, each.name.value))
    elif isinstance(value, ListValueNode):
        for at, item in enumerate(value.values):
            yield from _variables_at(item, (*path, at))


def _at(value: Any, path: Path) -> Any:
    """Give what stands at a path; None where nothing does."""
    for step in path:
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and step < len(value) else None
    return value


def _put(value: Any, path: Path, new: Any) -> Any:
    """Give a copy of nested values with another one at a path; what is not on the way is shared."""
    step, *rest = path
    copied = value.copy()
    copied[step] = _put(value[step], tuple(rest), new) if rest else new
    return copied
