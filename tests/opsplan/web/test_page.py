"""The page that explores the API: open to browsers, self-contained, with examples that hold."""

import base64
import hashlib
import json
import re

import pytest
from graphql import parse, validate
from graphql.utilities import type_from_ast
from graphql.utilities.coerce_input_value import coerce_input_value

from opsplan.nouns import CATALOGUE
from opsplan.reading.cursors import CursorKey
from opsplan.web.explorer import examples
from opsplan.web.limits import Limits, refused_by
from opsplan.web.schema import build_schema

pytestmark = pytest.mark.usefixtures("settled")
SCHEMA = build_schema(CATALOGUE, CursorKey(b"x" * 32)).schema


async def _page(http):
    return await http.get("/graphql", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})


async def test_a_browser_gets_the_page_without_a_token(http):
    """The page is open, as it holds no data; `/` leads there."""
    response = await _page(http)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "<title>opsplan API</title>" in response.text
    moved = await http.get("/", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (307, "/graphql")


async def test_the_page_loads_nothing_and_its_policy_lets_only_its_own_script_run(http):
    """No address of another place stands in the page; script and style are allowed by their hashes alone."""
    response = await _page(http)
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!#)", response.text)
    assert "@import" not in response.text
    assert "http://" not in response.text.replace("http://www.w3.org", "")
    assert "https://" not in response.text
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, directive in (("script", "script-src"), ("style", "style-src")):
        content = re.search(f"<{tag}>(.*?)</{tag}>", response.text, re.DOTALL).group(1)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy


async def test_the_page_keeps_no_token(http):
    """The token is written to no storage of the browser and to no address."""
    text = (await _page(http)).text
    assert not re.search(r"localStorage|sessionStorage|document\.cookie|location\.(href|search|hash)\s*=", text)


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_every_worked_example_is_valid(example):
    """Each example fits the schema and its limits, says what it does, and its variables fit their types."""
    document = parse(example.document)
    assert not validate(SCHEMA, document)
    assert not refused_by(document, Limits())
    assert example.document.startswith("# ")
    variables = json.loads(example.variables or "{}")
    for operation in document.definitions:
        for definition in getattr(operation, "variable_definitions", None) or ():
            name = definition.variable.name.value
            if name in variables:
                coerce_input_value(variables[name], type_from_ast(SCHEMA, definition.type))


async def test_the_examples_that_ask_are_answered(api, settled):
    """Each worked query is answered without an error, on an empty graph too."""
    for example in examples():
        if re.sub(r"#[^\n]*", "", example.document).strip().startswith("query"):
            await api().data(example.document, json.loads(example.variables or "{}"))


def test_there_are_examples_for_queries_changes_and_subscriptions():
    """The page shows each kind of operation at least once."""
    kinds = {definition.operation.value for each in examples() for definition in parse(each.document).definitions}
    assert kinds == {"query", "mutation", "subscription"}
