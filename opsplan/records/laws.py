"""What the writer knows beyond a single noun: the whole catalogue, and the capabilities' rules for their nouns.

The wiring builds one `Laws` value (`opsplan.nouns.LAWS`) and every write takes it. A capability says its rules in
its `rules.py` as pure functions; the facts they need from the graph are named here as data and read set-based by
the writer, so that no rule does I/O and no statement runs per row.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from opsplan.graph.query import Query
from opsplan.records.declaration import Catalogue, Noun, Relation
from opsplan.records.problem import Problem
from opsplan.records.readership import DeclaredReadership
from opsplan.vocabulary.ids import prefix_of

if TYPE_CHECKING:
    from opsplan.graph.driver import Graph
    from opsplan.records.writing.unit import Unit
    from opsplan.vocabulary.clock import Clock
    from opsplan.vocabulary.errors import KeysMissing

Referred: TypeAlias = Mapping[str, list[Mapping[str, Any]]]
"""By relation name: the records referred to, as stored values of their properties, and ids by own relation."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One row before it is written.

    Attributes
    ----------
    row
        The whole row as it will stand: stored values by property, ids by relation (a list for a relation to many).
    given
        The names given in this call; in a change, those that get another value than they had.
    referred
        The records that it refers to, for the relations that the noun's rules look up.
    is_new
        Whether the record is being created.
    owner_id
        The agency that it belongs to.
    on_behalf
        Whether somebody other than its owner creates it, as a coordinator who invites does.
    """

    row: Mapping[str, Any]
    given: frozenset[str]
    referred: Referred
    is_new: bool
    owner_id: str = ""
    on_behalf: bool = False

    @property
    def is_restored(self) -> bool:
        """Whether it is created anew by its id, from an export: what was right when it was entered stays right."""
        return self.is_new and "id" in self.given

    def only(self, name: str) -> Mapping[str, Any] | None:
        """Give the record that a relation to one refers to, or None."""
        found = self.referred.get(name)
        return found[0] if found else None


Filled: TypeAlias = tuple[dict[str, Any], list[Problem]]
"""Values to set, and problems.

Values of relations are ids (a list for a relation to many). None removes. A name that was given and is filled is
overwritten, so a rule that must not overrule the caller says so with a problem.
"""

Fill: TypeAlias = Callable[[Draft], Filled]
"""A rule over one row and the records that it refers to."""

Judge: TypeAlias = Callable[[Sequence[Mapping[str, Any]]], list[Problem]]
"""From the rows that a statement gave to problems."""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """A rule over the graph as it stands after the write, such as "no circle of precedences".

    Attributes
    ----------
    query
        A reading statement with the one parameter ``$ids``: the records of the noun created or changed.
    judge
        Pure: problems from its rows. It runs while no other writer can commit, so that two writers cannot break
        the rule together where each alone kept it.
    """

    query: Query
    judge: Judge


@dataclass(frozen=True, slots=True)
class NounRules:
    """The rules of one noun.

    Attributes
    ----------
    fill
        Fills in values and finds what is wrong between the row and the records it refers to.
    looks_up
        Names of the relations whose records `fill` needs to see.
    afterwards
        Rules over the graph after the write.
    """

    fill: Fill | None = None
    looks_up: tuple[str, ...] = ()
    afterwards: tuple[Afterwards, ...] = ()


NO_RULES = NounRules()

Consequence: TypeAlias = "Callable[[Unit], Awaitable[None]]"
"""What a capability does at the end of each write, in the same transaction, because of what the write has changed.

It looks at the changes first and is done where none concerns it. It may write records and note them as changes.
"""

LookAhead: TypeAlias = "Callable[[Unit, Noun, Sequence[str], Sequence[Mapping[str, Any]]], Awaitable[None]]"
"""What a capability looks at once new records of a noun are checked and before anything of them is written: it gets
their owners and whole rows, relations included. It may refuse what would be refused at the end anyway, and so spares
everybody the work; what it lets pass is judged at the end all the same."""

AfterRefusal: TypeAlias = "Callable[[Graph, Laws, Clock, str, KeysMissing], Awaitable[None]]"
"""What a capability does once a commit was refused for keys that are missing: it gets the request's id and the refusal,
and must not fail."""


@dataclass(frozen=True)
class Laws:
    """The catalogue, the rules by noun name, and what else follows from a write, or from its refusal.

    `contended` names nouns that many want to write at once, each in the face of what the others write: who enters one
    waits for his turn before he begins (`write`).
    """

    catalogue: Catalogue
    rules: Mapping[str, NounRules] = field(default_factory=dict)
    consequences: tuple[Consequence, ...] = ()
    ahead: "tuple[LookAhead, ...]" = ()
    after_refusal: "AfterRefusal | None" = None
    contended: frozenset[str] = frozenset()

    def of(self, noun: Noun) -> NounRules:
        """Give the rules of a noun."""
        return self.rules.get(noun.name, NO_RULES)

    @cached_property
    def readership(self) -> DeclaredReadership:
        """Who may know of which records."""
        return DeclaredReadership(self.catalogue)

    @cached_property
    def system_prefixes(self) -> frozenset[str]:
        """The id prefixes of reference nouns."""
        return frozenset(prefix_of(noun.name) for noun in self.catalogue if noun.system)

    @cached_property
    def requiring(self) -> Mapping[str, tuple[tuple[Noun, Relation], ...]]:
        """By noun name: the entered nouns that cannot be without a record of it in force, and by which relation."""
        found: dict[str, list[tuple[Noun, Relation]]] = {noun.name: [] for noun in self.catalogue}
        for noun in self.catalogue:
            if noun.entered:
                for relation in noun.entered_relations:
                    for target in relation.targets if relation.holds_in_force else ():
                        found[target].append((noun, relation))
        return {name: tuple(pairs) for name, pairs in found.items()}
