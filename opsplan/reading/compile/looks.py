"""What a list costs beyond its page: the looks that the server takes at records which are not on it.

A filter and a sort may look at every record of a kind to find one page, and a count has to. How many there are is not
known before the database is asked, so each look counts as a page: of the largest size over all records of a kind, of
the default size below one record, where few are linked.
"""

from collections.abc import Mapping
from typing import Any

from opsplan.reading.compile.cost import Cost
from opsplan.reading.limits import Limits
from opsplan.reading.names import camel, singular_field
from opsplan.reading.shape.fields import Hop, ManyField, OneField, TypeShape, ValueField
from opsplan.reading.shape.shapes import Shapes
from opsplan.records.declaration import Derived

_FAN_OUT = 5
"""How many records a relation inside another one is taken to be asked of, for each that the outer one leads to."""


def put_looks(
    above: Cost, path: str, given: Mapping[str, Any], counts: int, limits: Limits, *, relations: int, is_root: bool
) -> None:
    """Put the looks of a list beside it: one for its filter and one for each relation in it, one for its sort, one for
    each count.

    Parameters
    ----------
    above
        The cost of the record whose list it is, or the root of the tree.
    path, given
        Of the list: its place in the answer, its arguments.
    counts
        How often its records are counted.
    relations
        How many relations its filter follows.
    """
    page = limits.largest_page if is_root else limits.default_page
    looks = {
        "where": 1 + relations if given.get("where") else 0,
        "orderBy": 1 if given.get("orderBy") else 0,
        "totalCount": counts,
    }
    above.below += [Cost(f"{path}.{name}", size=page * number) for name, number in looks.items() if number]


def put_way(above: Cost, path: str, hop: Hop, given: Mapping[str, Any], limits: Limits) -> None:
    """Put the cost of a way that Cypher computes: a page of the default size, for each link that it may follow."""
    if isinstance(hop, Derived):
        links = 1
        for bound, allowed in hop.bounds.items():
            links *= given.get(camel(bound)) or allowed[0]
        above.below.append(Cost(path, size=links * limits.default_page))


def relations_in(shapes: Shapes, shape: TypeShape, where: Mapping[str, Any] | None) -> int:
    """Give how many relations, and named filters that go over relations, a filter follows.

    One inside another counts `_FAN_OUT` times, as it is followed from each record that the outer one leads to.
    """
    found = 0
    for name, given in (where or {}).items():
        if given is None:
            continue
        field = shape.fields.get(name)
        if name in ("and", "or"):
            found += sum(relations_in(shapes, shape, each) for each in given)
        elif name == "not":
            found += relations_in(shapes, shape, given)
        elif isinstance(field, OneField):
            found += 1 + _FAN_OUT * _below(shapes, field, given)
        elif isinstance(field, ManyField):
            found += sum(1 + _FAN_OUT * _below(shapes, field, each) for each in given.values() if each is not None)
        elif name != "text" and not isinstance(field, ValueField):
            found += 1
    return found


def _below(shapes: Shapes, field: OneField | ManyField, given: Mapping[str, Any]) -> int:
    members = shapes.members(field.type_name)
    if len(members) == 1:
        return relations_in(shapes, shapes[members[0].name], given)
    # Exactly one member is given: the kind of record, with the filter for it.
    return sum(relations_in(shapes, shapes[noun.name], given.get(singular_field(noun))) for noun in members)
