"""Names in GraphQL, and shapes of nouns."""

import pytest

from opsplan.nouns import CATALOGUE
from opsplan.reading.names import camel, plural_field, property_field, singular_field
from opsplan.reading.shape.shapes import Shapes
from opsplan.records.declaration import Catalogue, Kind, Noun, Property


def test_durations_lose_their_unit() -> None:
    """The scalar carries the unit of a MINUTES property; other kinds keep theirs in the name."""
    assert property_field(Property("duration_minutes", Kind.MINUTES, "x")) == "duration"
    assert property_field(Property("h_offset_minutes", Kind.INTEGER, "x")) == "hOffsetMinutes"
    assert camel("overlapping_markets") == "overlappingMarkets"


def test_a_noun_without_a_plural_of_its_own() -> None:
    """Its list has another name than its look-up."""
    quiet = CATALOGUE["QuietHours"]
    assert (singular_field(quiet), plural_field(quiet)) == ("quietHours", "allQuietHours")


def test_two_fields_of_one_name_are_refused() -> None:
    """A property and another that would have the same GraphQL name cannot both be declared."""
    noun = Noun(
        "Thing",
        "Things",
        "A thing.",
        owner="test",
        system=True,
        properties=(
            Property("hold_minutes", Kind.MINUTES, "One."),
            Property("hold", Kind.TEXT, "Other."),
        ),
    )
    with pytest.raises(ValueError, match="hold"):
        Shapes(Catalogue((noun,)))
