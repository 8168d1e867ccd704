"""Inputs of nouns: which members they have in GraphQL, and the rows of records that they become.

A property keeps its name in camel case (a MINUTES property without its unit, as everywhere in the API). A reference to
a country is its code; any other reference is an id, under the reference's name with ``Id`` or ``Ids``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import strawberry

from opsplan.reading.names import camel, property_field
from opsplan.reading.types.enums import enum_of
from opsplan.reading.types.making import input_field, new_input, put_fields
from opsplan.reading.types.scalars import PYTHON_TYPES, CountryCodeText
from opsplan.reading.values import duration_text
from opsplan.records.declaration import Kind, Noun, Property, Relation
from opsplan.records.problem import Problem

_COUNTRY = "Country"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an input: its GraphQL name and type, and the column of a row that it fills."""

    name: str
    column: str
    annotation: Any
    description: str
    required: bool


SEEN = Member(
    "seen",
    "seen",
    list[str],
    "The keys of all that it conflicts with, to show that you have seen it. A refusal names those that are missing.",
    False,
)


EXIGENT = Member(
    "exigentReason",
    "exigent_reason",
    str,
    "Why it cannot wait for keys that are missing, in an emergency: it is committed without them, all whom it "
    "conflicts with are told (`Override`), and it has to be justified within 24 hours. What is activated is not passed "
    "over.",
    False,
)
KEYS = (SEEN, EXIGENT)
"""The members of an input for what is committed with keys."""


def beside(noun: Noun) -> tuple[Member, ...]:
    """Give the members that an input of a noun has beside those that say what is to be written."""
    return KEYS if noun.committed_with_keys else ()


def members_of(noun: Noun, *, changing: bool) -> tuple[Member, ...]:
    """Give the members of a noun's input to create it, or (`changing`) to change it."""
    return tuple(_members(noun, changing))


def _members(noun: Noun, changing: bool) -> Iterator[Member]:
    for each in noun.entered_properties:
        if each.changeable or not changing:
            required = each.required and not changing
            yield Member(property_field(each), each.name, _annotation(each), _described(each, changing), required)
    for relation in noun.entered_relations:
        if relation.changeable or not changing:
            yield _reference(relation, changing)
    if not changing and not noun.owns_itself:
        yield Member(
            "ownerId",
            "owner",
            strawberry.ID,
            "The agency that is to own it, by id or code: the caller's own when none is given. Only an administrator "
            "may name another.",
            False,
        )


def _reference(relation: Relation, changing: bool) -> Member:
    required = relation.required and not changing
    if relation.targets == (_COUNTRY,):
        one: Any = CountryCodeText
        name = camel(relation.name)
        how = "By code."
    else:
        one = strawberry.ID
        name = camel(singular(relation.name) if relation.many else relation.name) + ("Ids" if relation.many else "Id")
        how = _how(relation)
    annotation = list[one] if relation.many else one
    return Member(name, relation.name, annotation, f"{relation.description} {how}", required)


def _how(relation: Relation) -> str:
    ways = ["By id"]
    if _COUNTRY in relation.targets:
        ways.append("a country also by code")
    if "Agency" in relation.targets:
        ways.append("an agency also by code")
    return ", ".join(ways) + "; or by owner's code and external id, as in `KH-NCB/C-17`."


def _annotation(declared: Property) -> Any:
    if declared.kind is Kind.CHOICE:
        return enum_of(declared.choices)  # type: ignore[arg-type]
    if declared.kind is Kind.CHOICE_LIST:
        return list[enum_of(declared.choices)]  # type: ignore[arg-type, misc]
    return PYTHON_TYPES[declared.kind]


def _described(declared: Property, changing: bool) -> str:
    words = [declared.description]
    if declared.default is not None and not changing:
        words.append(f"`{_shown(declared, declared.default)}` when not given.")
    bounds = [
        f"{word} {_shown(declared, bound)}"
        for word, bound in (("at least", declared.minimum), ("at most", declared.maximum))
        if bound is not None
    ]
    if bounds:
        words.append(f"{' and '.join(bounds).capitalize()}.")
    if declared.max_length is not None:
        what = "characters" if declared.kind in (Kind.TEXT, Kind.LONG_TEXT) else "entries"
        words.append(f"Up to {declared.max_length:,} {what}.")
    return " ".join(words)


def _shown(declared: Property, value: Any) -> str:
    if declared.kind is Kind.MINUTES:
        return duration_text(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:,g}" if value != int(value) else f"{int(value):,}"
    return str(getattr(value, "name", value))


def singular(plural: str) -> str:
    """Give the singular of a reference's name.

    >>> singular("targets"), singular("agencies"), singular("staff")
    ('target', 'agency', 'staff')
    """
    if plural.endswith("ies"):
        return plural[:-3] + "y"
    return plural[:-1] if plural.endswith("s") else plural


def input_type(name: str, description: str, members: tuple[Member, ...]) -> Any:
    """Make an input type of members."""
    made = new_input(name, description)
    put_fields(
        made,
        [input_field(each.name, each.annotation, each.description, required=each.required) for each in members],
    )
    return made


def row_of(members: tuple[Member, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the row of a coerced input: by columns, only what was given; None stays None."""
    return {each.column: _raw(given[each.name]) for each in members if each.name in given}


def _raw(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list):
        return [_raw(each) for each in value]
    return value


def placed(members: tuple[Member, ...], problem: Problem) -> str:
    """Give the place of a problem as the caller wrote it, such as ``input.maxDuty``."""
    column = problem.name or problem.field.removeprefix("input.")
    names = {each.column: each.name for each in members}
    return f"input.{names.get(column, camel(column))}"
