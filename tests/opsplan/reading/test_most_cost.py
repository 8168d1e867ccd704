"""What an operation may cost at most, told before anybody asks it."""

import pytest
from graphql import OperationDefinitionNode, parse, validate

from opsplan.reading.most_cost import most_cost
from opsplan.vocabulary.errors import Invalid
from tests.opsplan.reading.desk import Desk

MANY = "actions(first: 5) { edges { node { name } } }"
DERIVED = "jurisdictions(first: 4) { edges { node { code } } }"
KNOWN = {
    "one by id": ('{ compound(id: "compound_x") { name } }', 1),
    "one with a reference": ('{ compound(id: "compound_x") { country { code } } }', 2),
    "a list": ("{ compounds(first: 7) { nodes { name } } }", 7),
    "a list of the default size": ("{ compounds { nodes { name } } }", 20),
    "lists in a list": (f"{{ compounds(last: 10) {{ nodes {{ country {{ code }} {MANY} }} }} }}", 70),
    "a derived list, whose way counts a page": (f'{{ compound(id: "a") {{ {DERIVED} }} }}', 25),
    "a count, which looks at a page": ('{ compound(id: "a") { actions(first: 4) { totalCount } } }', 25),
    "two roots": ("{ a: compounds(first: 7) { nodes { name } } b: agencies(first: 8) { nodes { code } } }", 15),
    "some by id": ('{ nodes(ids: ["compound_a", "agency_b"]) { id } }', 2),
    "a fragment": ("{ compounds(first: 3) { nodes { ...F } } } fragment F on Compound { country { code } }", 6),
    "a size by a variable": ("query ($n: Int!) { compounds(first: $n) { nodes { name } } }", 1_000),
    "the same with a default": ("query ($n: Int = 5) { compounds(first: $n) { nodes { name } } }", 1_000),
    "sizes by variables, multiplied": (
        "query ($n: Int, $m: Int) { compounds(first: $n) { nodes { " + MANY.replace("5", "$m") + " } } }",
        1_001_000,
    ),
    "what may be included": (
        'query ($y: Boolean!) { compound(id: "a") { actions(first: 4) @include(if: $y) { totalCount } } }',
        25,
    ),
    "what may be skipped": (
        "query ($no: Boolean = true) { compounds(first: 10) { nodes { name country @skip(if: $no) { code } } } }",
        20,
    ),
    "a filter by a variable": ("query ($w: CompoundFilter!) { compounds(where: $w, first: 4) { nodes { id } } }", 4),
    "an id by a variable": ("query ($id: ID!) { compound(id: $id) { country { code } } }", 2),
    "a cursor by a variable": ("query ($a: String) { compounds(first: 4, after: $a) { nodes { id } } }", 4),
}


def _of(desk: Desk, text: str) -> int | None:
    document = parse(text)
    assert not validate(desk.reads.ground.schema, document)
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return most_cost(desk.reads, document, operation)


@pytest.mark.parametrize("name", KNOWN)
def test_it_is_the_product_of_the_largest_pages(desk: Desk, name: str) -> None:
    """Page sizes multiply along the nesting; where a variable gives one, the largest page counts."""
    text, most = KNOWN[name]
    assert _of(desk, text) == most


@pytest.mark.parametrize(
    "text",
    [
        "{ __typename }",
        "query ($id: ID!) { node(id: $id) { id } }",
        "query ($id: ID!) { nodes(ids: [$id]) { id } }",
        '{ compounds(first: 4, after: "a cursor of somebody") { nodes { id } } }',
        "query ($n: Int!) { a: compounds(first: 5000) { nodes { id } } b: compounds(first: $n) { nodes { id } } }",
    ],
)
def test_what_cannot_be_told_is_left_open(desk: Desk, text: str) -> None:
    """Nothing is claimed of queries that read no records, whose cursor is a reader's own, or whose values decide."""
    assert _of(desk, text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{ compounds(first: 5000) { nodes { id } } }", "give 0 to 1000"),
        (f"{{ compounds(first: 1000) {{ nodes {{ {MANY.replace('5', '500')} }} }} }}", "more than the 250,000"),
        ("{ compounds(first: 1, last: 1) { nodes { id } } }", "not both"),
    ],
)
def test_what_will_be_refused_whoever_asks_is_told_now(desk: Desk, text: str, words: str) -> None:
    """An operation without variables is bounded for good."""
    with pytest.raises(Invalid, match=words):
        _of(desk, text)
