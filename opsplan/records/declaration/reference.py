"""What leads from a record to others: references that are kept, and ways that Cypher computes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from opsplan.records.declaration.property import Kind, Property


class Direction(StrEnum):
    """Which way a relationship points, seen from the noun that declares it."""

    OUT = "OUT"
    IN = "IN"
    BOTH = "BOTH"


class Authority(StrEnum):
    """What the writer of a row must be to the record that the row refers to."""

    ANYONE = "ANYONE"
    OWNER = "OWNER"
    COORDINATOR = "COORDINATOR"


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from this noun to records of other nouns, kept as relationships of type `type`.

    `target` names one noun or, for a union, several. `entered=True` means that the row of *this* noun holds the
    reference (in files as a column `name`, in inputs as `nameId` or `nameIds`), and that it changes with this
    record's version. The far side declares the same type with the opposite direction and `entered=False`, so that
    a read can go both ways. `holds` says whether what it refers to cannot be retired while this record is in force; as
    `required`, unless said otherwise. `required` holds for entered references; `changeable=False` pins it at creation,
    and only an administrator changes one that is `administered`. `union` names the union of several targets in GraphQL,
    where their own names do not make it.
    """

    name: str
    type: str
    target: str | tuple[str, ...]
    description: str
    direction: Direction = Direction.OUT
    many: bool = False
    required: bool = False
    entered: bool = True
    changeable: bool = True
    administered: bool = False
    authority: Authority = Authority.ANYONE
    example: Any = None
    holds: bool | None = None
    union: str | None = None

    @property
    def holds_in_force(self) -> bool:
        """Whether what it refers to cannot be retired while this record is in force."""
        return self.required if self.holds is None else self.holds

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the nouns that it may point to."""
        return (self.target,) if isinstance(self.target, str) else self.target


@dataclass(frozen=True, slots=True)
class Derived:
    """A list or value that Cypher computes: from one node to others by a pattern, never stored.

    `cypher` is a piece of a statement in which `{node}` stands for the variable of this record and which binds
    the other record as `{other}` (for `target`), each at most once, e.g.
    ``MATCH ({node})-[:LIES_IN]->(:Country)<-[:BASED_IN]-({other}:Agency)``. With `edge` it binds `{edge}` too: a
    map of facts about the pair, shown on the connection's edges. The tokens are replaced literally; all other
    braces are Cypher's. `bounds` are arguments from small fixed sets (hop bounds take no parameter in Neo4j):
    name -> allowed values, the first is the default; they replace ``{name}`` in the text. `kind` is given instead
    of `target` when the text binds one plain value as `{other}`. `parameters` name GraphQL arguments passed as
    Cypher parameters ``$name`` (made private by the reading room), with their kind; an INSTANT that the caller
    leaves out is now. Retired records on the way are the text's own business; `{other}` is filtered by the reader.
    ``{known}`` stands in a WHERE for what the reader may know of the nodes and relationships on the way; each of them
    has a name and is followed by one (`opsplan.reading.shape.ways` says how, and refuses what could be passed by).
    """

    name: str
    cypher: str
    description: str
    target: str | tuple[str, ...] | None = None
    kind: Kind | None = None
    many: bool = True
    edge: tuple[Property, ...] = ()
    bounds: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    parameters: Mapping[str, Kind] = field(default_factory=dict)

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the nouns that it may point to."""
        if self.target is None:
            return ()
        return (self.target,) if isinstance(self.target, str) else self.target


@dataclass(frozen=True, slots=True)
class Filter:
    """A named filter that planners need beyond comparisons of properties, as a Cypher predicate.

    `{node}` stands for the record, `{known}` for what the reader may know, as in `Derived`; `$value` (rewritten to a
    private parameter) for the argument of `kind`; with
    `members` the argument is an input object whose members are ``$value.member``. `bounds` as in `Derived`, one
    of the members. Example: agencies with jurisdiction, linked within k hops.
    """

    name: str
    cypher: str
    description: str
    kind: Kind | None = None
    members: Mapping[str, Kind] = field(default_factory=dict)
    bounds: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
