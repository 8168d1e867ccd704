"""How a noun is declared: one value per kind of record, read by every room that handles records.

>>> from opsplan.records.declaration import Noun, Property, Kind
>>> Noun("Compound", "Compounds", "A scam centre site.", owner="targets",
...      properties=(Property("name", Kind.TEXT, "What planners call it.", required=True),)).label
'Compound'
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from math import inf
from typing import Any

from opsplan.vocabulary.sentences import Sentence


class Kind(StrEnum):
    """What a property's value is, and how it is stored.

    ===================  =======================================  ==================================
    kind                 a value in files and GraphQL             stored in the graph as
    ===================  =======================================  ==================================
    TEXT, LONG_TEXT      text                                     string
    TEXT_LIST            list of text                             list of strings
    INTEGER, FLOAT       number                                   integer, float
    BOOLEAN              true or false                            boolean
    INSTANT              ISO 8601 with zone                       string of fixed width, UTC (clock.py)
    LOCAL_TIME           ``21:30``, no zone                       string ``HH:MM``
    MINUTES              ISO 8601 duration (GraphQL), ``PT2H``    integer minutes
    POINT                longitude and latitude                   point, WGS 84
    CHOICE, CHOICE_LIST  a member of `choices`                    its name, list of names
    COUNTRY_CODES        list of ISO 3166-1 alpha-2               list of strings
    LANGUAGES            list of ISO 639 codes                    list of strings
    ZONES                list of IANA time zones                  list of strings
    JSON                 any JSON value                           string of canonical JSON
    ===================  =======================================  ==================================
    """

    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    TEXT_LIST = "TEXT_LIST"
    INTEGER = "INTEGER"
    FLOAT = "FLOAT"
    BOOLEAN = "BOOLEAN"
    INSTANT = "INSTANT"
    LOCAL_TIME = "LOCAL_TIME"
    MINUTES = "MINUTES"
    POINT = "POINT"
    CHOICE = "CHOICE"
    CHOICE_LIST = "CHOICE_LIST"
    COUNTRY_CODES = "COUNTRY_CODES"
    LANGUAGES = "LANGUAGES"
    ZONES = "ZONES"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Property:
    """A value of a record, kept in the graph under `name`.

    `name` is snake case with its unit (``duration_minutes``); GraphQL shows it in camel case, a MINUTES property
    without its unit (``duration``), as the scalar carries it. `minimum` and `maximum` bound numbers;
    `decimals` bounds those of a FLOAT that is an amount, such as of money, so that its sum is exact; `max_length`
    bounds characters of a text, or entries of a list. `searched` puts it into the full-text index; `sorted_by` lets
    callers order by it; `entered=False` means the service computes it. `changeable=False` means it is given at creation
    only. `indexed` says that a migration keeps an index on it. `administered` says that only an administrator changes
    it: what an agency is entitled to follows from it.
    """

    name: str
    kind: Kind
    description: str
    required: bool = False
    choices: type[StrEnum] | None = None
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    default: Any = None
    searched: bool = False
    sorted_by: bool = False
    indexed: bool = False
    entered: bool = True
    changeable: bool = True
    administered: bool = False
    example: Any = None

    def __post_init__(self) -> None:
        if (self.choices is not None) != (self.kind in (Kind.CHOICE, Kind.CHOICE_LIST)):
            raise ValueError(f"property {self.name}: choices belong to CHOICE and CHOICE_LIST, and only there")
        if self.decimals is not None and (
            self.kind is not Kind.FLOAT or (self.maximum or inf) * 10**self.decimals > 1e15
        ):
            raise ValueError(f"property {self.name}: an amount is a FLOAT with a maximum, so that it is exact")


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


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Values of one row that do not go together: the field that is named, what is wrong, and what to do."""

    name: str
    message: Sentence
    remedy: Sentence


RowCheck = Callable[[Mapping[str, Any]], Contradiction | None]
"""A rule over one whole row of checked values: what does not go together, or None."""


@dataclass(frozen=True)
class Noun:
    """One kind of record.

    Attributes
    ----------
    name, plural
        In Pascal case: the GraphQL type and its plural (root fields `compound` and `compounds`).
    description
        One sentence for SDL, templates and the picture.
    owner
        The capability folder that owns the label.
    properties, relations, derived, computed, filters
        See the classes above. The standard properties (`STANDARD`) are added to every noun.
    entered
        Whether users create, change and retire it (else the service or the reference data does).
    system
        Whether it lacks the standard properties of owned records (reference data such as Country).
    key
        For reference nouns: the property that references may use (`Country.code`).
    changed_by_state_machine
        The name of the property that only `transition` moves, never a plain change.
    owns_itself
        Whether each of its records is its own owner (an agency), so that only an administrator creates one.
    enrolled
        Whether only an administrator creates, changes or restores one, though it belongs to an agency, which may
        retire it.
    checks
        Rules over a whole row.
    found_together
        Groups of properties that planners ask for together, the one compared for equality first: each has an index, so
        that no record is opened to compare the second.
    """

    name: str
    plural: str
    description: str
    owner: str
    properties: tuple[Property, ...] = ()
    relations: tuple[Relation, ...] = ()
    derived: tuple[Derived, ...] = ()
    computed: tuple[Computed, ...] = ()
    filters: tuple[Filter, ...] = ()
    entered: bool = True
    system: bool = False
    key: str | None = None
    changed_by_state_machine: str | None = None
    owns_itself: bool = False
    enrolled: bool = False
    checks: tuple[RowCheck, ...] = ()
    found_together: tuple[tuple[str, ...], ...] = ()

    @property
    def label(self) -> str:
        """The node label, the same as the name."""
        return self.name

    @cached_property
    def all_properties(self) -> tuple[Property, ...]:
        """The declared properties and, but for reference nouns, the standard ones."""
        return self.properties if self.system else self.properties + STANDARD

    @cached_property
    def entered_properties(self) -> tuple[Property, ...]:
        """What a caller may give."""
        return tuple(each for each in self.all_properties if each.entered)

    @cached_property
    def kept_in_files(self) -> tuple[Property, ...]:
        """What a file of an export holds: what a caller may give, and the state, which only a restored record keeps."""
        return tuple(each for each in self.all_properties if each.entered or each.name == self.changed_by_state_machine)

    @cached_property
    def administered(self) -> frozenset[str]:
        """The names of what only an administrator changes."""
        properties = {each.name for each in self.all_properties if each.administered}
        return frozenset(properties | {each.name for each in self.own_relations if each.administered})

    @cached_property
    def own_relations(self) -> tuple[Relation, ...]:
        """The references kept on this noun's side, entered or computed; the far sides of others' are not among them."""
        return tuple(each for each in self.relations if each.entered or each.direction is Direction.OUT)

    @cached_property
    def entered_relations(self) -> tuple[Relation, ...]:
        """The references that this noun's own row holds."""
        return tuple(each for each in self.relations if each.entered)

    def property_named(self, name: str) -> Property:
        """Give a property by its name; KeyError when there is none."""
        for each in self.all_properties:
            if each.name == name:
                return each
        raise KeyError(f"{self.name} has no property {name}")

    def relation_named(self, name: str) -> Relation:
        """Give a relation by its name; KeyError when there is none."""
        for each in self.relations:
            if each.name == name:
                return each
        raise KeyError(f"{self.name} has no relation {name}")


def _standard() -> tuple[Property, ...]:
    from opsplan.vocabulary.marking import Marking

    return (
        Property(
            "external_id",
            Kind.TEXT,
            "The owning agency's own name for the record; unique within that agency and noun.",
            max_length=200,
            indexed=True,
            changeable=False,
        ),
        Property("source", Kind.TEXT, "Where it is known from.", max_length=500),
        Property("marking", Kind.CHOICE, "How far it may travel.", choices=Marking, default=Marking.TLP_AMBER),
        Property("owner_id", Kind.TEXT, "The agency that owns it.", entered=False, indexed=True),
        Property("version", Kind.INTEGER, "Counts the changes, from 1.", entered=False),
        Property(
            "exercise",
            Kind.BOOLEAN,
            "EXERCISE data: invented, never to be acted on.",
            entered=False,
            changeable=False,
        ),
        Property("created_at", Kind.INSTANT, "When it was entered.", entered=False, sorted_by=True),
        Property("created_by", Kind.TEXT, "Who entered it.", entered=False),
        Property("changed_at", Kind.INSTANT, "When it was last changed.", entered=False, sorted_by=True),
        Property("changed_by", Kind.TEXT, "Who last changed it.", entered=False),
        Property("retired_at", Kind.INSTANT, "When it was retired; null while it is in force.", entered=False),
    )


STANDARD: tuple[Property, ...] = _standard()
"""What every owned record carries besides `id`: owner, source, marking, version, external id, who and when.

The label `Record` stands on every owned record beside its own, with a unique `id`. The owner is kept as the
property `owner_id` (no relationship: an agency owns tens of thousands of records, and a dense node would make
writers wait for each other); a read resolves it as the field `owner`.
"""


class Catalogue:
    """All nouns of the service, by name; built once in `opsplan.nouns` and passed to the rooms that walk it."""

    def __init__(self, nouns: tuple[Noun, ...]) -> None:
        self._by_name = {noun.name: noun for noun in nouns}
        if len(self._by_name) != len(nouns):
            raise ValueError("two nouns have the same name")
        for noun in nouns:
            references: tuple[Relation | Derived, ...] = (*noun.relations, *noun.derived)
            for reference in references:
                for target in reference.targets:
                    if target not in self._by_name:
                        raise ValueError(f"{noun.name}.{reference.name} points to unknown noun {target}")

    def __iter__(self) -> Iterator[Noun]:
        return iter(self._by_name.values())

    def __getitem__(self, name: str) -> Noun:
        return self._by_name[name]

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @cached_property
    def in_loading_order(self) -> tuple[Noun, ...]:
        """The entered nouns, each after all nouns that its own rows refer to (self-references aside).

        Raises
        ------
        ValueError
            If entered references go in a circle over several nouns.
        """
        ordered: list[Noun] = []
        waiting = [noun for noun in self if noun.entered]
        while waiting:
            names = {noun.name for noun in waiting}
            ready = [
                noun
                for noun in waiting
                if not any(
                    target in names and target != noun.name
                    for relation in noun.entered_relations
                    for target in relation.targets
                )
            ]
            if not ready:
                raise ValueError(f"entered references go in a circle over {sorted(names)}")
            ordered.extend(ready)
            waiting = [noun for noun in waiting if noun not in ready]
        return tuple(ordered)
