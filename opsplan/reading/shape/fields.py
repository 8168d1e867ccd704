"""The kinds of fields: values, references to one record, lists of records, and what Cypher computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from opsplan.records.declaration import Computed, Derived, Kind, Noun, Property, Relation

LIST_KINDS = frozenset({Kind.TEXT_LIST, Kind.CHOICE_LIST, Kind.COUNTRY_CODES, Kind.LANGUAGES, Kind.ZONES})
"""Kinds whose value is a list."""


@dataclass(frozen=True, slots=True)
class ValueField:
    """A plain value of a node, or of an edge's facts.

    Attributes
    ----------
    name
        GraphQL name.
    key
        Property in the graph (or key in an edge's map).
    kind, choices
        As declared; `identifier` makes a text an ID.
    nullable
        Whether it may be absent.
    declared
        The property behind it; None for `id`.
    """

    name: str
    key: str
    kind: Kind
    description: str
    nullable: bool
    choices: type[StrEnum] | None = None
    identifier: bool = False
    declared: Property | None = None


@dataclass(frozen=True, slots=True)
class OwnerHop:
    """The way from a record to its owner, which is kept as a property, not as a relationship."""

    name: str = "owner"
    targets: tuple[str, ...] = ("Agency",)


Hop: TypeAlias = Relation | Derived | OwnerHop
"""How one gets from a record to others."""


@dataclass(frozen=True, slots=True)
class OneField:
    """A reference to at most one record; `type_name` is a noun or a union."""

    name: str
    description: str
    hop: Hop
    type_name: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class ManyField:
    """A connection: a list of records with edges, pages and a count.

    `edge` are the facts that each edge tells. `noun` is None for a list of several kinds of records, which can be
    paged but neither filtered nor sorted.
    """

    name: str
    description: str
    hop: Hop
    type_name: str
    connection: str
    edge_type: str
    noun: str | None
    edge: tuple[ValueField, ...] = ()


@dataclass(frozen=True, slots=True)
class ComputedField:
    """A value, or list of values, that Cypher computes."""

    name: str
    description: str
    derived: Derived
    kind: Kind
    many: bool


@dataclass(frozen=True, slots=True)
class PartField:
    """A part of a late value that is an object, or a list of objects (`many`), of the type `type_name`."""

    name: str
    description: str
    facts: tuple["ValueField | PartField", ...]
    type_name: str
    many: bool


@dataclass(frozen=True, slots=True)
class LateField:
    """A value, or list of values, that Python computes once the records are read.

    Attributes
    ----------
    needs
        The values that it is computed from.
    value
        The value's kind, where it is plain.
    facts, type_name
        Where it is an object: its fields, and the name of its type.
    """

    name: str
    description: str
    computed: Computed
    needs: tuple[ValueField, ...]
    value: ValueField | None = None
    facts: tuple[ValueField | PartField, ...] = ()
    type_name: str = ""


Field: TypeAlias = ValueField | OneField | ManyField | ComputedField | LateField


@dataclass(frozen=True, slots=True)
class TypeShape:
    """One noun as a GraphQL object type: its fields by GraphQL name."""

    noun: Noun
    fields: Mapping[str, Field]

    @property
    def name(self) -> str:
        """The type's name."""
        return self.noun.name

    @property
    def values(self) -> tuple[ValueField, ...]:
        """The fields that are plain values, `id` first."""
        return tuple(field for field in self.fields.values() if isinstance(field, ValueField))
