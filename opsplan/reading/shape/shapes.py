"""Shapes of all nouns of a catalogue."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from opsplan.reading.names import camel, pascal, plural_field, property_field, singular_field
from opsplan.reading.shape.aggregates import AggregateField, aggregates_of
from opsplan.reading.shape.fields import (
    ComputedField,
    Field,
    Hop,
    LateField,
    ManyField,
    OneField,
    OwnerHop,
    PartField,
    TypeShape,
    ValueField,
)
from opsplan.reading.shape.ways import WayText
from opsplan.records.declaration import STANDARD, Catalogue, Computed, Derived, Filter, Kind, Noun, Part, Property
from opsplan.vocabulary.ids import prefix_of

ALWAYS_KEPT = frozenset(
    {"marking", "owner_id", "version", "exercise", "created_at", "created_by", "changed_at", "changed_by"}
)
"""Standard properties that the writer puts on every owned record."""

ID = ValueField("id", "id", Kind.TEXT, "Global id, made by the server.", nullable=False, identifier=True)
"""The id, which every noun has."""

OWNER = OneField("owner", "The agency that owns it; null when it is hidden from the reader.", OwnerHop(), "Agency")
"""The owner of an owned record."""


@dataclass(frozen=True, slots=True)
class RootField:
    """A root field of Query: it looks a record of `noun` up, or lists many."""

    noun: Noun
    many: bool


class Shapes:
    """The GraphQL side of a catalogue, by type name.

    Parameters
    ----------
    catalogue
        All nouns.

    Raises
    ------
    ValueError
        If two fields of a noun would get the same GraphQL name, or a declared text cannot be restricted by a policy.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.unions: dict[str, tuple[str, ...]] = {}
        self.types: Mapping[str, TypeShape] = {noun.name: self._type_of(noun) for noun in catalogue}
        self.root_fields: Mapping[str, RootField] = {
            name: root
            for noun in catalogue
            for name, root in (
                (singular_field(noun), RootField(noun, many=False)),
                (plural_field(noun), RootField(noun, many=True)),
            )
        }
        self.by_prefix: Mapping[str, Noun] = {prefix_of(noun.name): noun for noun in catalogue}
        self.aggregates: Mapping[str, Mapping[str, AggregateField]] = {
            shape.name: aggregates_of(shape) for shape in self.types.values()
        }
        """What can be said of whole lists of a noun, by its name and then by field."""
        self._ways: dict[tuple[str, str], WayText] = {}
        for noun in catalogue:
            declared: tuple[Derived | Filter, ...] = (*noun.derived, *noun.filters)
            self._ways |= {(noun.name, each.name): WayText(catalogue, noun, each) for each in declared}
        self.standard: tuple[Field, ...] = (
            ID,
            *(value_field(each, always=each.name in ALWAYS_KEPT) for each in STANDARD),
            OWNER,
        )

    def __iter__(self) -> Iterator[TypeShape]:
        return iter(self.types.values())

    def __getitem__(self, name: str) -> TypeShape:
        return self.types[name]

    def members(self, type_name: str) -> tuple[Noun, ...]:
        """Give the nouns that a type name stands for: one, or those of a union."""
        return tuple(self.catalogue[name] for name in self.unions.get(type_name, (type_name,)))

    def way(self, noun: Noun, declared: Derived | Filter) -> WayText:
        """Give the text of a derived list or named filter of a noun, taken apart."""
        return self._ways[noun.name, declared.name]

    def _type_of(self, noun: Noun) -> TypeShape:
        fields: list[Field] = [ID]
        for each in noun.all_properties:
            always = each.required or each.name == noun.changed_by_state_machine
            standard = not noun.system and each in STANDARD and each.name in ALWAYS_KEPT
            fields.append(value_field(each, always=always or standard))
        if not noun.system:
            fields.append(OWNER)
        for relation in noun.relations:
            if relation.many:
                fields.append(self._many(noun, relation.name, relation.description, relation))
            else:
                # What an agency enters may later be hidden from others, so only reference data is never null.
                reference = all(self.catalogue[target].system for target in relation.targets)
                fields.append(
                    OneField(
                        camel(relation.name),
                        relation.description,
                        relation,
                        self._target(relation.targets, relation.union),
                        nullable=not (relation.required and reference),
                    )
                )
        fields.extend(self._derived(noun, each) for each in noun.derived)
        fields.extend(_late(noun, each) for each in noun.computed)
        by_name = {field.name: field for field in fields}
        if len(by_name) != len(fields):
            names = [field.name for field in fields]
            raise ValueError(f"{noun.name}: two fields are called {sorted({n for n in names if names.count(n) > 1})}")
        return TypeShape(noun, by_name)

    def _derived(self, noun: Noun, derived: Derived) -> Field:
        if derived.target is None:
            assert derived.kind is not None
            return ComputedField(camel(derived.name), derived.description, derived, derived.kind, derived.many)
        if not derived.many:
            return OneField(camel(derived.name), derived.description, derived, self._target(derived.targets))
        return self._many(noun, derived.name, derived.description, derived)

    def _many(self, noun: Noun, name: str, description: str, hop: Hop) -> ManyField:
        target = self._target(hop.targets)
        facts = hop.edge if isinstance(hop, Derived) else ()
        edge = tuple(value_field(each, always=each.required) for each in facts)
        base = f"{noun.name}{pascal(name)}" if edge else target
        only = hop.targets[0] if len(hop.targets) == 1 else None
        return ManyField(camel(name), description, hop, target, f"{base}Connection", f"{base}Edge", only, edge)

    def _target(self, targets: tuple[str, ...], union: str | None = None) -> str:
        if len(targets) == 1:
            return targets[0]
        name = union or "Or".join(targets)
        self.unions[name] = targets
        return name


def _late(noun: Noun, computed: Computed) -> LateField:
    needs = tuple(
        ID if each == "id" else value_field(noun.property_named(each), always=False) for each in computed.needs
    )
    name = camel(computed.name)
    if computed.kind is not None:
        plain = Property(computed.name, computed.kind, computed.description)
        return LateField(name, computed.description, computed, needs, value_field(plain, always=False))
    type_name = f"{noun.name}{pascal(computed.name)}"
    return LateField(name, computed.description, computed, needs, None, _facts(computed.facts, type_name), type_name)


def _facts(declared: Iterable[Property | Part], type_name: str) -> tuple[ValueField | PartField, ...]:
    """Give the fields of a late object; the type of a part is named after the object and the part."""
    return tuple(
        replace(value_field(each, always=each.required), identifier=each.name.endswith("_id"))
        if isinstance(each, Property)
        else PartField(
            camel(each.name),
            each.description,
            _facts(each.facts, f"{type_name}{pascal(each.name)}"),
            f"{type_name}{pascal(each.name)}",
            each.many,
        )
        for each in declared
    )


def value_field(declared: Property, *, always: bool) -> ValueField:
    """Give the field of a property; `always` says that it is never absent."""
    return ValueField(
        property_field(declared),
        declared.name,
        declared.kind,
        declared.description,
        nullable=not always,
        choices=declared.choices,
        identifier=declared.name == "owner_id",
        declared=declared,
    )
