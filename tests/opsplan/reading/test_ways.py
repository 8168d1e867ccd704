"""Declared texts that a policy could not be put on are refused when the schema is built."""

import pytest

from opsplan.nouns import CATALOGUE
from opsplan.reading.shape.shapes import Shapes
from opsplan.reading.shape.ways import WayText
from opsplan.records.declaration import Derived, Filter, Kind

_COMPOUND = CATALOGUE["Compound"]


_KNOWN_WAY = "MATCH ({node})-[:LIES_IN]->(c:Country)<-[:BASED_IN]-({other}:Agency) WHERE {known}"


def _derived(text: str) -> Derived:
    return Derived("tried", text, "A text that is tried.", target="Agency")


def test_every_declared_text_is_taken_apart() -> None:
    """Each derived list and filter of the product has its conditions behind every node and relationship."""
    shapes = Shapes(CATALOGUE)
    tried = 0
    for noun in CATALOGUE:
        declared: tuple[Derived | Filter, ...] = (*noun.derived, *noun.filters)
        for each in declared:
            way = shapes.way(noun, each)
            assert way.stretches
            assert all(stretch.hops for stretch in way.stretches)
            tried += 1
    assert tried > 9


def test_what_a_way_passes_is_known() -> None:
    """Nodes come with their nouns, also those that only their relationships tell of; hops as they are stored."""
    way = Shapes(CATALOGUE).way(_COMPOUND, next(each for each in _COMPOUND.derived if each.name == "network"))
    (stretch,) = way.stretches
    assert {each.name: [noun.name for noun in each.nouns] for each in stretch.nodes} == {
        "near": ["Target", "Compound"],
        "link": ["Link"],
        "far": ["Target", "Compound"],
    }
    assert [(hop.name, hop.start, hop.end) for hop in stretch.hops] == [
        ("first", "link", "near"),
        ("second", "link", "far"),
    ]
    assert {relation.type for hop in stretch.hops for _, relation in hop.relations} == {"LINKS_FROM", "LINKS_TO"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("MATCH ({node})-[:LIES_IN]->(country:Country)<-[:BASED_IN]-({other}:Agency)", "none follows"),
        ("MATCH ({node})-[:LIES_IN]->(:Country)<-[:BASED_IN]-({other}:Agency) WHERE {known}", "has no name"),
        ("MATCH ({node})-[:LIES_IN]->()<-[:BASED_IN]-({other}:Agency) WHERE {known}", "has no name"),
        ("MATCH ({node})-->(country:Country)<-[:BASED_IN]-({other}:Agency) WHERE {known}", "between two nodes"),
        ("MATCH ({node})-[]->(country:Country)<-[:BASED_IN]-({other}:Agency) WHERE {known}", "between two nodes"),
        ("MATCH ({node})-[:LIES_IN*1..2]->({other}:Agency) WHERE {known}", "between two nodes"),
        ("MATCH ({node})-[:LIES_IN]-(country:Country)<-[:BASED_IN]-({other}:Agency) WHERE {known}", "must point"),
        ("MATCH ({node})-[:NOWHERE]->(country:Country)<-[:BASED_IN]-({other}:Agency) WHERE {known}", "no noun points"),
        ("MATCH ({node})-[:LIES_IN|MAY_LIE_IN]->(c:Country)<-[:BASED_IN]-({other}:Agency) WHERE {known}", "a name"),
        ("MATCH ({node})-[:LIES_IN]->(c:Somewhere)<-[:BASED_IN]-({other}:Agency) WHERE {known}", "names no nouns"),
        (
            _KNOWN_WAY + " AND d.name = 'x'",
            "from no named node",
        ),
        (
            _KNOWN_WAY + " WITH {other}, properties(c) AS e",
            "one by one",
        ),
        (
            _KNOWN_WAY + " AND NOT EXISTS { MATCH ({other})<-[:GRANTED_TO]-(g:Jurisdiction) }",
            "none follows",
        ),
        (
            _KNOWN_WAY + " MATCH ({node})-[:LIES_IN]->(c:Airport) WHERE {known}",
            "two different things",
        ),
    ],
)
def test_what_a_policy_would_miss_is_refused(text: str, why: str) -> None:
    """Without a name, a type, a direction or a condition behind it, a way is no way; the refusal says which and why."""
    with pytest.raises(ValueError, match=f"Compound.tried: .*{why}"):
        WayText(CATALOGUE, _COMPOUND, _derived(text))


def test_a_filter_is_no_exception() -> None:
    """Named filters are held to the same."""
    with pytest.raises(ValueError, match="none follows"):
        WayText(
            CATALOGUE,
            CATALOGUE["Target"],
            Filter("tried", "EXISTS { MATCH ({node})<-[:IDENTIFIES]-(mark:Identifier) }", "Tried.", kind=Kind.TEXT),
        )
