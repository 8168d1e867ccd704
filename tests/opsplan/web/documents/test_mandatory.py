"""A service that takes trusted documents alone: every other text is refused alike, before it is parsed."""

import pytest
from graphql import get_introspection_query

from opsplan.web.documents.manifest import sha256_of
from tests.opsplan.web.documents.conftest import AGENCIES, CHANGE, NEW, TWO, VIEWER

pytestmark = pytest.mark.usefixtures("settled")

OLD = "application/json"
OTHERS = {
    "a valid query": "{ viewer { subject } }",
    "a trusted one with a blank more": VIEWER + " ",
    "a trusted one with a comment": "# a comment\n" + VIEWER,
    "a trusted one without its last line end": AGENCIES.rstrip(),
    "introspection": get_introspection_query(),
    "the name of the type alone": "{ __typename }",
    "a mutation": "mutation { __typename }",
    "a subscription": "subscription { recordChanged { kind } }",
    "no GraphQL": "select * from agencies",
    "a syntax error": "{ viewer {",
    "an unknown field": "{ nothing }",
    "no operation": "fragment A on Query { __typename }",
    "circular fragments": "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    "1,000 aliases": "{ " + " ".join(f"a{number}: __typename" for number in range(1_000)) + " }",
    "a nest of 20,000 brackets": "{ a(b: " + "[" * 20_000,
    "20,000 tokens": "{ " + "__typename " * 20_000 + "}",
    "900,000 characters": "{" * 900_000,
}


@pytest.mark.parametrize("name", OTHERS)
async def test_every_other_text_gets_the_same_refusal(strict_client, name):
    """Valid, invalid, too large, introspection: the answer is one, so nothing of the text was looked at.

    What is refused for its syntax, size or fields where others are taken would say so here, were it parsed.
    """
    expected = (await strict_client.post(query="{ x }")).content
    response = await strict_client.post(query=OTHERS[name])
    assert response.content == expected
    assert response.status_code == 403
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
    assert "documentId" in error["extensions"]["remedy"]
    assert "locations" not in error
    old = await strict_client.post(query=OTHERS[name], accept=OLD)
    assert (old.status_code, old.content) == (200, expected)
    if len(OTHERS[name]) < 20_000:
        response = await strict_client.get(query=OTHERS[name])
        assert (response.status_code, response.content) == (403, expected)


async def test_trusted_documents_are_answered_by_id_and_by_their_very_text(strict_client):
    """Clients that still send texts go on, as long as these are trusted."""
    for members in (
        {"documentId": "viewer"},
        {"documentId": sha256_of(VIEWER)},
        {"query": VIEWER},
        {"query": VIEWER, "operationName": "Viewer"},
        {"query": VIEWER, "documentId": "viewer"},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "viewer"}}},
    ):
        for response in (await strict_client.post(**members), await strict_client.get(**members)):
            assert response.json()["data"] == {"viewer": {"subject": "anna"}}
    response = await strict_client.post(query=AGENCIES, variables={"first": 1})
    assert response.json()["data"] == {"agencies": {"nodes": [{"code": "INT-NGO"}]}}


async def test_a_text_is_not_let_in_under_an_id_or_a_hash(strict_client):
    """Neither a trusted document's id nor the text's own hash makes an other text trusted."""
    other = "{ __typename }"
    response = await strict_client.post(query=other, documentId="viewer")
    assert response.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_MISMATCH"
    response = await strict_client.post(query=other, documentId=sha256_of(other))
    assert response.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_FOUND"
    sha256 = sha256_of(other).removeprefix("sha256:")
    for _ in range(2):
        hashed = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256}}}
        response = await strict_client.post(**hashed)
        assert response.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        assert "send the text" not in response.json()["errors"][0]["extensions"]["remedy"]
        response = await strict_client.post(query=other, **hashed)
        assert response.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"


async def test_an_operation_name_chooses_within_a_trusted_document_alone(strict_client):
    """A name that the document does not have leads nowhere."""
    response = await strict_client.post(query=TWO, operationName="Two")
    assert response.json()["data"] == {"two": "Query"}
    response = await strict_client.post(query=TWO, operationName="IntrospectionQuery")
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_QUERY"


async def test_a_token_comes_first_and_get_stays_for_queries(strict_client):
    """Without a token it is 401 whatever is sent; a trusted mutation by GET is 405."""
    assert (await strict_client.post(query="{ x }", token="x.y.z")).status_code == 401
    given = {"input": {"id": "compound_x", "expectedVersion": 1, "reason": "x"}}
    assert (await strict_client.get(query=CHANGE, variables=given)).status_code == 405
    response = await strict_client.post(query=CHANGE, variables=given)
    assert response.json()["data"]["retireCompound"]["code"] == "NOT_FOUND"


async def test_the_explorer_page_is_off_and_says_so(strict_client):
    """A browser gets a page without script that names the reason, with status 404."""
    response = await strict_client.http.get("/", headers={"accept": "text/html"}, follow_redirects=True)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "trusted documents only" in response.text
    assert "<script" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


async def test_refusals_take_the_media_type_that_was_asked_for(strict_client):
    """The refusal is a GraphQL answer like any other."""
    response = await strict_client.post(query="{ x }")
    assert response.headers["content-type"] == f"{NEW}; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
