"""Sorting and paging: the order of a list, and the part of it that lies behind or before a cursor.

A list is ordered by the sort keys that the caller gives, then by id, so that the order is total and a place in it can
be found again. Records without a value come last, in both directions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

ASCENDING = "_ASC"
DESCENDING = "_DESC"


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: its name, the Cypher expression of its value, its direction, and whether it may be absent.

    `computed` says that the expression is more than a property, so that no index can serve it.
    """

    name: str
    expression: str
    descending: bool
    nullable: bool
    computed: bool = False


def order_by(keys: Sequence[Key], *, backwards: bool) -> str:
    """Give the text behind ORDER BY.

    >>> order_by((Key("name", "n.name", True, True), Key("id", "n.id", False, False)), backwards=False)
    'n.name IS NULL, n.name DESC, n.id'
    """
    parts: list[str] = []
    for key in keys:
        falling = key.descending != backwards
        # Cypher itself puts null last when rising and first when falling.
        if key.nullable and falling != backwards:
            parts.append(f"{key.expression} IS NULL{' DESC' if backwards else ''}")
        parts.append(f"{key.expression} DESC" if falling else key.expression)
    return ", ".join(parts)


def beyond(keys: Sequence[Key], values: Sequence[str], *, backwards: bool, inclusive: bool = False) -> str:
    """Give the predicate for records strictly behind a place (before it, when `backwards`), or also at it.

    `values` are the parameters that hold the place's keys, in the order of `keys`.

    >>> beyond((Key("id", "n.id", False, False),), ("$p0",), backwards=False)
    'n.id > $p0'
    """
    whole = ""
    for key, value in reversed(list(zip(keys, values, strict=True))):
        further = _further(key, value, backwards=backwards)
        if not whole:
            whole = f"({further} OR {_equal(key, value)})" if inclusive else further
        else:
            whole = f"({further} OR ({_equal(key, value)} AND {whole}))"
    first, value = keys[0], values[0]
    if len(keys) > 1 and not first.nullable and not first.computed:
        # The same bound once more, as a plain range that an index can serve.
        sign = "<=" if first.descending != backwards else ">="
        whole = f"{first.expression} {sign} {value} AND {whole}"
    return whole


def _further(key: Key, value: str, *, backwards: bool) -> str:
    sign = "<" if key.descending != backwards else ">"
    compared = f"{key.expression} {sign} {value}"
    if not key.nullable:
        return compared
    if backwards:
        # Behind every value stand those without one; so before a null stand all that have a value.
        return f"(({value} IS NULL AND {key.expression} IS NOT NULL) OR {compared})"
    return f"({value} IS NOT NULL AND ({key.expression} IS NULL OR {compared}))"


def _equal(key: Key, value: str) -> str:
    if not key.nullable:
        return f"{key.expression} = {value}"
    return f"({key.expression} = {value} OR ({key.expression} IS NULL AND {value} IS NULL))"


def order_name(property_name: str) -> str:
    """Give the name under which a property stands in an order enum, without its direction."""
    return property_name.upper()
