"""Subscriptions that name a trusted document, over graphql-transport-ws by real sockets."""

import asyncio

import pytest

from opsplan.web.documents.manifest import sha256_of
from tests.opsplan.web.conftest import enter
from tests.opsplan.web.documents.conftest import CHANGES
from tests.opsplan.web.test_socket import SITE, connected

HASH = sha256_of(CHANGES).removeprefix("sha256:")
HASHED = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": HASH}}}


@pytest.mark.parametrize("which", ["knowing", "strict"])
@pytest.mark.parametrize(
    "named",
    [
        {"documentId": "changes"},
        {"documentId": sha256_of(CHANGES)},
        {"query": "", **HASHED},
        HASHED,
        {"query": CHANGES},
    ],
    ids=["id", "sha256 id", "hash with an empty query", "hash", "text"],
)
async def test_a_subscription_may_name_its_document(request, world, which, named):
    """By id, by hash or by its very text, a trusted subscription tells what happens, with its variables heeded."""
    service = request.getfixturevalue(which)
    async with connected(service, service.token()) as socket:
        await socket.send(id="1", type="subscribe", payload={**named, "variables": {"nouns": ["Compound"]}})
        await asyncio.sleep(0.3)
        made = await enter(world, "Compound", [SITE])
        (change,) = await socket.changes(1)
    assert change == {"recordId": made[0], "kind": "CREATED"}


BAD = {
    "an unknown id": ({"documentId": "other"}, "DOCUMENT_NOT_FOUND"),
    "an id in another case": ({"documentId": "CHANGES"}, "DOCUMENT_NOT_FOUND"),
    "an id that is a number": ({"documentId": 7}, "BAD_REQUEST"),
    "a huge id": ({"documentId": "c" * 900_000}, "DOCUMENT_NOT_FOUND"),
    "nothing": ({}, "BAD_REQUEST"),
    "an empty query": ({"query": ""}, "BAD_REQUEST"),
    "a query that is a number": ({"query": 7}, "BAD_REQUEST"),
    "an unknown hash": ({"extensions": {"persistedQuery": {"sha256Hash": "a" * 64}}}, "PERSISTED_QUERY_NOT_FOUND"),
    "a hash of another form": ({"extensions": {"persistedQuery": HASH}}, "BAD_REQUEST"),
    "extensions that are a list": ({"documentId": "changes", "extensions": []}, "BAD_REQUEST"),
    "an id and another text": ({"documentId": "changes", "query": CHANGES + " "}, "DOCUMENT_MISMATCH"),
    "a trusted query": ({"documentId": "viewer"}, "BAD_QUERY"),
    "variables that are a list": ({"documentId": "changes", "variables": []}, "BAD_REQUEST"),
    "variables of a wrong type": ({"documentId": "changes", "variables": {"nouns": [7]}}, "BAD_QUERY"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_subscription_that_names_none_is_refused_alone(knowing, world, name):
    """The refusal has its code and ends this subscription; the socket and its others go on."""
    payload, code = BAD[name]
    async with connected(knowing, knowing.token()) as socket:
        await socket.send(id="1", type="subscribe", payload=payload)
        message = await socket.receive()
        assert (message["type"], message["id"]) == ("error", "1")
        assert message["payload"][0]["extensions"]["code"] == code
        await socket.send(id="1", type="subscribe", payload={"documentId": "changes"})
        await asyncio.sleep(0.3)
        made = await enter(world, "Compound", [SITE])
        assert (await socket.changes(1))[0]["recordId"] == made[0]


@pytest.mark.parametrize(
    "query",
    [
        CHANGES + " ",
        "subscription { recordChanged { kind } }",
        "subscription {",
        "{ __schema { types { name } } }",
        "subscription { recordChanged { " + " ".join(f"a{n}: by" for n in range(200)) + " } }",
    ],
    ids=["trusted with a blank more", "valid", "syntax error", "introspection", "too large"],
)
async def test_where_only_trusted_documents_are_taken_every_other_is_refused_alike(strict, world, query):
    """Over a socket too nothing of another text is parsed: the refusal is the same whatever is wrong with it."""
    async with connected(strict, strict.token()) as socket:
        await socket.subscribe(query)
        message = await socket.receive()
        assert message["type"] == "error"
        (error,) = message["payload"]
        assert error["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
        assert "locations" not in error
