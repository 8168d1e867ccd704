"""The arguments of a page: its size, and the cursors that it lies behind or before."""

from enum import Enum
from typing import Any

import orjson

from opsplan.reading.compile.bindings import Request, Turn
from opsplan.reading.limits import Limits
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.sentences import say

_NOT_BOUND = frozenset({"first", "last", "after", "before", "orderBy"})
# The order stands in the label that a cursor is bound to.


def page_size(given: dict[str, Any], limits: Limits, at: str) -> int:
    """Give the page size that the arguments of the list `at` ask for.

    Raises
    ------
    Invalid
        If it is negative or too large, or both ends are asked for.
    """
    first, last = given.get("first"), given.get("last")
    if first is not None and last is not None:
        raise Invalid(
            say("{path}: give first or last, not both.", path=at),
            field="last",
            value=last,
            remedy=say("leave one of them out"),
        )
    size = first if first is not None else last if last is not None else limits.default_page
    if not 0 <= size <= limits.largest_page:
        name = "last" if last is not None else "first"
        raise Invalid(
            say(
                "{path}: {name} is {size}; give 0 to {largest_page}.",
                path=at,
                name=name,
                size=size,
                largest_page=limits.largest_page,
            ),
            field=name,
            value=size,
            remedy=say("give 0 to {largest_page}, and go on with the cursor", largest_page=limits.largest_page),
        )
    return int(size)


def size_turn(limits: Limits, at: str, *, extra: int = 0) -> Turn:
    """Make the turn from a list's arguments to its page size, and `extra` records more."""
    return lambda given, _: page_size(given, limits, at) + extra


def place_turn(name: str, label: str) -> Turn:
    """Make the turn from a list's arguments to the sort keys in the cursor `name`: a map ``k0``, ``k1``, …"""

    def turned(given: dict[str, Any], request: Request) -> dict[str, Any]:
        *keys, _ = _opened(name, label, given, request)
        return {f"k{at}": value for at, value in enumerate(keys)}

    return turned


def parent_turn(name: str, label: str) -> Turn:
    """Make the turn from a list's arguments to the id of the record for whose list the cursor `name` was made."""
    return lambda given, request: _opened(name, label, given, request)[-1]


def seal_turn(label: str) -> Turn:
    """Make the turn from a list's arguments to what makes its cursors: the key, and what they are bound to."""
    return lambda given, request: (request.cursors, bound_to(label, given, request))


def bound_to(label: str, given: dict[str, Any], request: Request) -> list[bytes]:
    """Give what a cursor is bound to: the reader, the list, its order and all its arguments but those of the page."""
    rest = {name: value for name, value in given.items() if name not in _NOT_BOUND and value is not None}
    actor = request.actor
    return [
        b"opsplan.cursor.1",
        f"{actor.subject}\n{actor.agency_id}".encode(),
        label.encode(),
        orjson.dumps(rest, option=orjson.OPT_SORT_KEYS, default=_named),
    ]


def _named(value: Any) -> Any:
    return value.name if isinstance(value, Enum) else repr(value)


def _opened(name: str, label: str, given: dict[str, Any], request: Request) -> list[Any]:
    return request.cursors.open(given[name], bound_to(label, given, request), field=name)
