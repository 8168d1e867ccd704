"""One kind of record."""

from dataclasses import dataclass
from functools import cached_property

from opsplan.records.declaration.computed import Computed, RowCheck
from opsplan.records.declaration.property import STANDARD, Property
from opsplan.records.declaration.readership import EVERYBODY, Readership
from opsplan.records.declaration.reference import Derived, Direction, Filter, Relation


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
    binds_others
        Whether a record of one agency stops others, so that only a coordinator or an administrator writes one.
    checks
        Rules over a whole row.
    found_together
        Groups of properties that planners ask for together, the one compared for equality first: each has an index, so
        that no record is opened to compare the second.
    readership
        Who may know of its records.
    committed_with_keys
        Whether a write of one shows keys of what else its writer has seen (`Unit.seen`).
    most_items
        How many one call may upsert, where it is another number than for all.
    kept
        Names of what the service keeps on its records beside their properties, and never tells.
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
    binds_others: bool = False
    checks: tuple[RowCheck, ...] = ()
    found_together: tuple[tuple[str, ...], ...] = ()
    readership: Readership = EVERYBODY
    committed_with_keys: bool = False
    most_items: int | None = None
    kept: frozenset[str] = frozenset()

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
