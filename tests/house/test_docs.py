"""The pages' GraphQL examples are valid operations of the public schema."""

import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

ROOT = Path(__file__).parents[2]
PAGES = {"taking-part.md": 2, "plans.md": 16, "orders.md": 3, "integrating.md": 5, "languages.md": 1}
"""Pages with examples, and how many they have."""
_OPERATION = re.compile(r"\s*(\{|query|mutation|subscription)\b|\s*\{")


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """Give the public schema as clients get it."""
    return build_schema((ROOT / "graph_schema" / "public.graphql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_examples_are_of_the_schema(schema: GraphQLSchema, page: str) -> None:
    """Each indented block that is an operation can be asked as it stands."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^(?:    .*)?\n)+", text, re.MULTILINE)
    operations = [each for each in blocks if _OPERATION.match(each)]
    assert len(operations) == PAGES[page]
    for each in operations:
        assert validate(schema, parse(each)) == []
