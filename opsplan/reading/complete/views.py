"""Views: how the positional values of a row become the fields of an object.

The compiler makes them, completers read them.

A row is a list of values by column; several views may read the same column. Nothing in a view depends on the values
of a request but the numbered slots that it reads (page sizes, cursor seals).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias


class Codec(Enum):
    """How a value of a column becomes a value of the answer."""

    PLAIN = auto()
    INT = auto()
    DURATION = auto()
    POINT = auto()
    CHOICE = auto()
    CHOICES = auto()
    LIST = auto()
    JSON = auto()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value. `columns` has one number, for a POINT two (longitude, latitude); `at` is ``Type.field`` for errors."""

    key: str
    columns: tuple[int, ...]
    codec: Codec
    nullable: bool
    at: str
    allowed: frozenset[str] = frozenset()
    type_name: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """``__typename``."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Late:
    """A value that Python computes once the rows are completed: `number` of the computation, `columns` of its sources.

    `view` shows one value from a row of its own: a plain one as a leaf, an object by its fields.
    """

    key: str
    number: int
    columns: tuple[int, ...]
    view: "Leaf | ObjectView"


@dataclass(frozen=True, slots=True)
class Inner:
    """A part of a late value: `column` holds its row, or null, or a list of rows (`many`)."""

    key: str
    column: int
    target: "ObjectView"
    many: bool


@dataclass(frozen=True, slots=True)
class ObjectView:
    """The fields of an object, in the order asked for."""

    fields: tuple["FieldView", ...]


@dataclass(frozen=True, slots=True)
class Variants:
    """One of several object types: `column` holds the number of the view."""

    column: int
    views: tuple[ObjectView, ...]


RecordView: TypeAlias = ObjectView | Variants


@dataclass(frozen=True, slots=True)
class One:
    """A reference: `column` holds the row of the other record, of `width` columns, or null."""

    key: str
    column: int
    width: int
    target: RecordView
    nullable: bool
    at: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """An edge's own cursor."""

    key: str


@dataclass(frozen=True, slots=True)
class EdgeNode:
    """An edge's node."""

    key: str
    target: RecordView


@dataclass(frozen=True, slots=True)
class Edges:
    """The field `edges` of a connection."""

    key: str
    fields: tuple["Cursor | EdgeNode | Leaf | Constant", ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """The field `nodes` of a connection."""

    key: str
    target: RecordView


@dataclass(frozen=True, slots=True)
class Total:
    """The field `totalCount` of a connection; `column` of the row that the connection stands in."""

    key: str
    column: int


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures of one property over a list: values of the row that the connection stands in."""

    key: str
    fields: tuple[Leaf | Constant, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records have each value: `column` holds rows of value and count, in order."""

    key: str
    column: int
    fields: tuple[Leaf | Constant, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The field `aggregate` of a connection."""

    key: str
    fields: tuple[Total | Measures | Counts | Constant, ...]


class PagePart(Enum):
    """The fields of `pageInfo`."""

    HAS_NEXT = auto()
    HAS_PREVIOUS = auto()
    START = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class PageInfo:
    """The field `pageInfo` of a connection."""

    key: str
    parts: tuple[tuple[str, PagePart | str], ...]


@dataclass(frozen=True, slots=True)
class Paging:
    """What makes the cursors of a list and checks those given: columns of its rows, and slots, by argument."""

    keys: tuple[int, ...]
    seal_slot: int
    given: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """A list of records.

    Attributes
    ----------
    rows, width
        Column that holds the list of rows, and how many columns each of them has; None when neither nodes nor edges
        nor pageInfo are asked for.
    parent
        Column of the id of the record whose list it is, where cursors are made or checked; None at the root.
    beyond
        Column that tells whether there are records on the near side of the given cursor, if that was asked.
    size_slot
        Slot of the page size; rows may hold one more, which tells that there are more.
    backwards
        Whether the rows come in reverse (`last`).
    """

    key: str
    rows: int | None
    width: int
    parent: int | None
    beyond: int | None
    size_slot: int
    backwards: bool
    paging: Paging | None
    fields: tuple[Nodes | Edges | Total | Aggregate | PageInfo | Constant, ...]
    at: str


FieldView: TypeAlias = Leaf | Constant | One | Connection | Late | Inner


@dataclass(frozen=True, slots=True)
class Lookup:
    """The root field `nodes`: for each noun the column with its rows, their width, their view; the id comes first."""

    ids_slot: int
    found: Sequence[tuple[int, int, ObjectView]]


@dataclass(frozen=True, slots=True)
class RootObject:
    """A root field that looks one record up: the row itself, or none."""

    width: int
    target: RecordView


@dataclass(frozen=True, slots=True)
class RootList:
    """A root field that lists records: one row with the columns that the list reads."""

    width: int
    list: Connection


RootView: TypeAlias = RootObject | RootList | Lookup
