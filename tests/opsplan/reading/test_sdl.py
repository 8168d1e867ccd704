"""The schema as text: everything is described, and breaking changes are named."""

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema

from opsplan.reading.sdl import breaking_changes, sdl
from tests.opsplan.reading.desk import desk_over


@pytest.fixture(scope="module")
def text() -> str:
    """The reading room's schema."""
    return sdl(desk_over(None).reads.ground.schema)  # type: ignore[arg-type]


def test_every_type_field_and_argument_is_described(text: str) -> None:
    """A caller finds a sentence on everything but the members of choices, which are named by their words."""
    for each in build_schema(text).type_map.values():
        if each.name.startswith("__") or each.name in ("String", "Int", "Float", "Boolean", "ID"):
            continue
        assert each.description, each.name
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name, field in each.fields.items():
                assert field.description, f"{each.name}.{name}"
                for argument, declared in getattr(field, "args", {}).items():
                    assert declared.description, f"{each.name}.{name}({argument})"
        if isinstance(each, GraphQLEnumType) and each.name.endswith("Order"):
            assert all(value.description for value in each.values.values())


def test_custom_scalars_say_where_they_are_specified(text: str) -> None:
    """DateTime, Duration, CountryCode, GeoPoint and JSON point to their specifications."""
    types = build_schema(text).type_map
    for name in ("DateTime", "Duration", "CountryCode", "GeoPoint", "JSON"):
        assert types[name].specified_by_url.startswith("https://")  # type: ignore[attr-defined]


def test_the_text_is_the_same_each_time(text: str) -> None:
    """Two schemas of one catalogue have the same text."""
    assert sdl(desk_over(None).reads.ground.schema) == text  # type: ignore[arg-type]


def test_breaking_changes_are_named(text: str) -> None:
    """A changed type, a removed field and a removed choice are told; an added field is none."""
    changed = text.replace("  capacity: Int\n", "  capacity: String\n").replace("  TLP_RED\n", "")
    sentences = breaking_changes(text, changed)
    assert "FIELD_CHANGED_KIND: Field Compound.capacity changed type from Int to String." in sentences
    assert "VALUE_REMOVED_FROM_ENUM: Enum value Marking.TLP_RED was removed." in sentences
    assert breaking_changes(text, text) == []
    assert breaking_changes(text, text.replace("  capacity: Int\n", "  capacity: Int\n  rooms: Int\n")) == []
