"""What Python computes of a record's values, and what it checks of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opsplan.records.declaration.property import Kind, Property
from opsplan.vocabulary.sentences import Sentence

Load = Callable[[Any, Sequence[tuple[Any, ...]], Mapping[str, Any]], Awaitable[Sequence[Any]]]
"""Computes values for many records at once: the caller's context, what is needed of each record, the arguments.

Instants and choices come and go as the graph stores them. Gives one value for each record, in order; an exception in
the place of a value, or raised for all of them, becomes the error of that field.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a computed value that is an object of its own, or a list of such (`many`); null where there is none.

    Its value is a mapping by the names of its `facts`, or a list of such.
    """

    name: str
    description: str
    facts: tuple["Property | Part", ...]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Computed:
    """A field that Python computes from stored values, never stored; many records of an answer at once.

    `needs` names the properties that it is computed from, or the ``id``; where the reader may not see one, it is None.
    The value is of `kind`, or made of `facts` (a mapping by their names), or a list of such (`many`); it is null where
    it cannot be computed. `parameters` as in `Derived`.
    """

    name: str
    description: str
    needs: tuple[str, ...]
    load: Load
    kind: Kind | None = None
    facts: tuple[Property | Part, ...] = ()
    many: bool = False
    parameters: Mapping[str, Kind] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.kind is None) == (not self.facts):
            raise ValueError(f"computed field {self.name}: give a kind or facts")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Values of one row that do not go together: the field that is named, what is wrong, and what to do."""

    name: str
    message: Sentence
    remedy: Sentence


RowCheck = Callable[[Mapping[str, Any]], Contradiction | None]
"""A rule over one whole row of checked values: what does not go together, or None."""
