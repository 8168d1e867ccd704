"""Requests that name a trusted document: by id, by hash, beside a text; over real HTTP, by POST and by GET."""

import pytest

from opsplan.web.documents.manifest import sha256_of
from tests.opsplan.web.documents.conftest import AGENCIES, CHANGE, CHANGES, LONG, NEW, TWO, VIEWER

pytestmark = pytest.mark.usefixtures("settled")

OLD = "application/json"
MUTATION = "e3b0c44298fc1c149afbf4c8996fb924"


def _hash(text):
    return sha256_of(text).removeprefix("sha256:")


def _apollo(sha256, version=1):
    return {"persistedQuery": {"version": version, "sha256Hash": sha256}}


def _without_cost(response):
    """What was answered, byte for byte; what it cost, and what is left, stands behind it."""
    return response.content.partition(b',"extensions":{"cost":')[0]


def _data(response):
    content = response.json()
    content.pop("extensions", None)
    return content


def _code(response):
    content = response.json()
    assert "data" not in content
    (error,) = content["errors"]
    return error["extensions"]["code"]


NAMED = {
    "an id of its own": ({"documentId": "viewer"}, VIEWER),
    "the hash that is its id": ({"documentId": sha256_of(AGENCIES), "variables": {"first": 2}}, AGENCIES),
    "the hash of one with another id": ({"documentId": sha256_of(VIEWER)}, VIEWER),
    "a prefix of one's own": ({"documentId": "x-case:Two.~_-", "operationName": "Two"}, TWO),
    "a document too long to be remembered": ({"documentId": "long"}, LONG),
    "Apollo's hash": ({"extensions": _apollo(_hash(VIEWER))}, VIEWER),
    "Apollo's hash with its prefix": ({"extensions": _apollo(sha256_of(VIEWER))}, VIEWER),
    "Apollo's id that is no hash": ({"extensions": _apollo("viewer")}, VIEWER),
    "both, of one document": ({"documentId": "viewer", "extensions": _apollo(_hash(VIEWER))}, VIEWER),
    "an id and its text": ({"documentId": "viewer", "query": VIEWER}, VIEWER),
    "an id and an empty text": ({"documentId": "viewer", "query": ""}, VIEWER),
    "a hash and its text": ({"query": VIEWER, "extensions": _apollo(_hash(VIEWER))}, VIEWER),
    "nothing but extensions of others": ({"query": VIEWER, "extensions": {"other": 1}}, VIEWER),
}


@pytest.mark.parametrize("name", NAMED)
async def test_a_named_document_is_answered_as_its_text_is(client, name):
    """By id or by hash, by POST or by GET, the answer is the same bytes that the text itself gets, never to be kept."""
    members, text = NAMED[name]
    token = client.service.token()
    sent = {member: each for member, each in members.items() if member in ("variables", "operationName")}
    plain = await client.post(token=token, **sent, query=text)
    assert "errors" not in plain.json()
    for response in (await client.post(token=token, **members), await client.get(token=token, **members)):
        assert response.status_code == 200
        assert _without_cost(response) == _without_cost(plain)
        assert response.headers["cache-control"] == "no-store"


UNKNOWN = {
    "another id": "other",
    "a hash of another text": sha256_of("{ __typename }"),
    "another case": "Viewer",
    "the hash in capitals": "sha256:" + _hash(VIEWER).upper(),
    "the prefix in capitals": "SHA256:" + _hash(VIEWER),
    "the hash without its prefix": _hash(VIEWER),
    "the prefix alone": "sha256:",
    "a blank": " ",
    "a blank behind it": "viewer ",
    "an end of line": "viewer\n",
    "a NUL": "viewer\0",
    "a name of JavaScript": "__proto__",
    "a name of a folder": "../documents.json",
    "another script": "ｖｉｅｗｅｒ",
    "900,000 characters": "v" * 900_000,
}


@pytest.mark.parametrize("name", UNKNOWN)
async def test_an_unknown_id_is_refused_with_its_code(client, name):
    """Ids are compared exactly; the refusal is one error with a code and a remedy, and repeats no more than it must."""
    for media, status in ((NEW, 404), (OLD, 200)):
        response = await client.post(accept=media, documentId=UNKNOWN[name])
        assert response.status_code == status
        assert _code(response) == "DOCUMENT_NOT_FOUND"
        extensions = response.json()["errors"][0]["extensions"]
        assert extensions["field"] == "documentId"
        assert len(extensions["value"]) <= 257
        assert "send the text as query" in extensions["remedy"]
        assert not extensions["retryable"]


async def test_an_unknown_id_is_refused_by_get_and_beside_a_text_too(client):
    """The text does not stand in for a document that the request names and that is not there."""
    assert _code(await client.get(documentId="other")) == "DOCUMENT_NOT_FOUND"
    assert _code(await client.post(documentId="other", query=VIEWER)) == "DOCUMENT_NOT_FOUND"
    assert _code(await client.post(documentId=sha256_of("{ a }"), query=VIEWER)) == "DOCUMENT_NOT_FOUND"


async def test_apollos_clients_are_told_in_their_words_and_register_nothing(client):
    """An unknown hash is PersistedQueryNotFound; the text that follows is answered, and is not known afterwards."""
    query = "{ viewer { agencyCode } }"
    for _ in range(2):
        for media, status in ((NEW, 404), (OLD, 200)):
            response = await client.post(accept=media, extensions=_apollo(_hash(query)))
            assert response.status_code == status
            assert response.json()["errors"][0]["message"] == "PersistedQueryNotFound"
            assert _code(response) == "PERSISTED_QUERY_NOT_FOUND"
        assert _code(await client.get(extensions=_apollo(_hash(query)))) == "PERSISTED_QUERY_NOT_FOUND"
        for sha256 in (_hash(query), sha256_of(query)):
            response = await client.post(query=query, extensions=_apollo(sha256))
            assert _data(response) == {"data": {"viewer": {"agencyCode": "KH-NCB"}}}


MISMATCHES = {
    "an id and another text": {"documentId": "viewer", "query": VIEWER + " "},
    "an id and the text of another": {"documentId": "viewer", "query": AGENCIES},
    "a known hash and another text": {"query": TWO, "extensions": _apollo(_hash(VIEWER))},
    "an unknown hash and another text": {"query": TWO, "extensions": _apollo(_hash("{ a }"))},
    "an id and the hash of another": {"documentId": "viewer", "extensions": _apollo(_hash(TWO))},
    "an id and an unknown hash": {"documentId": "viewer", "extensions": _apollo(_hash("{ a }"))},
}


@pytest.mark.parametrize("name", MISMATCHES)
async def test_members_that_mean_different_documents_are_refused(client, name):
    """Where a request says twice what it means, both must be one; nothing is executed otherwise."""
    for response in (await client.post(**MISMATCHES[name]), await client.get(**MISMATCHES[name])):
        assert response.status_code == 400
        assert _code(response) == "DOCUMENT_MISMATCH"


MALFORMED = {
    "a number as id": {"documentId": 7},
    "a flag as id": {"documentId": True},
    "a list as id": {"documentId": ["viewer"]},
    "an object as id": {"documentId": {"id": "viewer"}},
    "an empty id": {"documentId": ""},
    "an id that is null": {"documentId": None},
    "an id that is a number beside a text": {"documentId": 7, "query": VIEWER},
    "a text that is a number beside an id": {"documentId": "viewer", "query": 7},
    "neither": {"variables": {}},
    "a hash that is a number": {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 7}}},
    "an empty hash": {"extensions": _apollo("")},
    "no hash": {"extensions": {"persistedQuery": {"version": 1}}},
    "another version": {"extensions": _apollo(_hash(VIEWER), version=2)},
    "a hash that is no object": {"extensions": {"persistedQuery": _hash(VIEWER)}},
    "variables that are a list": {"documentId": "viewer", "variables": [1]},
    "variables that are a text": {"documentId": "viewer", "variables": "{}"},
    "an operation name that is a number": {"documentId": "viewer", "operationName": 7},
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_members_of_a_wrong_kind_are_refused(client, name):
    """Ids that are no text, hashes of another form and the like are malformed requests, by either media type."""
    for media in (NEW, OLD):
        response = await client.post(accept=media, **MALFORMED[name])
        assert response.status_code == 400
        assert _code(response) == "BAD_REQUEST"


async def test_an_id_twice_in_an_address_is_refused(client):
    """As of any member, there is one id or none."""
    head = {"authorization": f"Bearer {client.service.token()}"}
    response = await client.http.get("/graphql?documentId=viewer&documentId=long", headers=head)
    assert response.status_code == 400


async def test_variables_of_a_named_document_are_checked_as_always(client):
    """Missing ones and those of a wrong type are refused before anything is read."""
    for variables in ({}, {"first": "two"}, {"first": None}):
        response = await client.post(documentId=sha256_of(AGENCIES), variables=variables)
        assert response.status_code == 400
        assert _code(response) == "BAD_QUERY"
    response = await client.post(documentId=sha256_of(AGENCIES), variables={"first": 1_000_000})
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID"


async def test_an_operation_of_several_is_chosen_by_name(client):
    """A trusted document may hold several operations, as any may."""
    response = await client.post(documentId="x-case:Two.~_-", operationName="Two")
    assert _data(response) == {"data": {"two": "Query"}}
    for name in (None, "", "Three"):
        assert _code(await client.post(documentId="x-case:Two.~_-", operationName=name)) == "BAD_QUERY"


@pytest.mark.parametrize("text", [CHANGE, CHANGES])
async def test_get_is_for_queries_under_an_id_too(client, text):
    """A trusted mutation or subscription by GET is refused with 405 before it does anything."""
    given = {"input": {"id": "compound_x", "expectedVersion": 1, "reason": "x"}} if text is CHANGE else {}
    response = await client.get(documentId=sha256_of(text), variables=given)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


async def test_a_trusted_mutation_is_done_by_post(client):
    """It is executed and refused by its own rules, as its text would be."""
    given = {"input": {"id": "compound_x", "expectedVersion": 1, "reason": "x"}}
    response = await client.post(documentId=MUTATION, variables=given)
    assert response.json()["data"]["retireCompound"]["code"] == "NOT_FOUND"


async def test_nothing_is_told_of_documents_without_a_token(client):
    """Known and unknown ids alike answer 401."""
    for document_id in ("viewer", "other"):
        for response in (
            await client.post(documentId=document_id, token="x.y.z"),
            await client.get(documentId=document_id, token="x.y.z"),
        ):
            assert response.status_code == 401
            assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_an_address_with_an_id_is_a_request_in_a_browser_too(client):
    """The explorer page comes only where no document is named."""
    response = await client.get(accept="text/html,*/*;q=0.8", documentId="viewer")
    assert _data(response) == {"data": {"viewer": {"subject": "anna"}}}
    response = await client.get(accept="text/html,*/*;q=0.8", extensions=_apollo("viewer"))
    assert _data(response) == {"data": {"viewer": {"subject": "anna"}}}


async def test_a_service_without_documents_knows_none(http, service):
    """Where none are trusted, an id is refused, Apollo's clients are told to send the text, and texts go on."""
    head = {"authorization": f"Bearer {service.token()}", "accept": NEW}
    response = await http.post("/graphql", json={"documentId": "viewer"}, headers=head)
    assert (response.status_code, _code(response)) == (404, "DOCUMENT_NOT_FOUND")
    response = await http.post("/graphql", json={"extensions": _apollo(_hash(VIEWER))}, headers=head)
    assert _code(response) == "PERSISTED_QUERY_NOT_FOUND"
    response = await http.post("/graphql", json={"query": VIEWER, "extensions": _apollo(_hash(VIEWER))}, headers=head)
    assert response.json()["data"] == {"viewer": {"subject": "anna"}}
