"""GraphQL over HTTP: media types, status codes, methods, bodies, limits, headers; all by real sockets."""

import asyncio
import gzip
import http.client
import json
import ssl
from urllib.parse import urlsplit

import pytest

from opsplan.vocabulary.actor import Role

pytestmark = pytest.mark.usefixtures("settled")

VIEWER = "{ viewer { subject agencyCode roles } }"
NEW, OLD = "application/graphql-response+json", "application/json"


def _head(service, **more):
    return {"authorization": f"Bearer {service.token()}", "content-type": OLD, **more}


async def test_a_caller_learns_who_they_are(api):
    """`viewer` tells subject, agency and roles of the token that came with the request."""
    data = await api().data("{ viewer { subject agencyCode agencyId roles expiresAt } }")
    assert data["viewer"]["subject"] == "anna"
    assert data["viewer"]["agencyCode"] == "KH-NCB"
    assert data["viewer"]["roles"] == ["COORDINATOR"]
    assert data["viewer"]["expiresAt"].endswith("Z")


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, OLD),
        ("*/*", OLD),
        ("application/*", OLD),
        (OLD, OLD),
        (NEW, NEW),
        (f"{OLD};q=0.5, {NEW}", NEW),
        (f"{NEW}; charset=utf-8", NEW),
        (f"text/html, {NEW}, {OLD};q=0.9", NEW),
    ],
)
async def test_the_answer_has_the_media_type_that_was_asked_for(http, service, accept, media):
    """The Accept header chooses between the two media types of GraphQL answers."""
    headers = _head(service) | ({"accept": accept} if accept else {})
    request = http.build_request("POST", "/graphql", json={"query": VIEWER}, headers=headers)
    if accept is None:
        del request.headers["accept"]
    response = await http.send(request)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{media}; charset=utf-8"


async def test_a_caller_who_takes_neither_media_type_gets_406(http, service):
    """An Accept header that matches nothing is told so."""
    response = await http.post("/graphql", json={"query": VIEWER}, headers=_head(service, accept="image/png"))
    assert response.status_code == 406


BAD_DOCUMENTS = {
    "syntax": ("{ viewer {", None),
    "validation": ("{ nothing }", None),
    "no operation": ("fragment A on Query { __typename }", None),
    "several operations": ("query A { __typename } query B { __typename }", None),
    "missing variable": ("query ($if: Boolean!) { __typename @skip(if: $if) }", None),
    "wrong variable": ("query ($if: Boolean!) { __typename @skip(if: $if) }", {"if": "perhaps"}),
}


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
@pytest.mark.parametrize(("media", "status"), [(NEW, 400), (OLD, 200)])
async def test_a_document_that_cannot_be_executed_is_refused_without_data(http, service, name, media, status):
    """What fails before execution has errors with a code and no data; 400 by the new media type, 200 by the old."""
    query, variables = BAD_DOCUMENTS[name]
    body = {"query": query, "variables": variables}
    response = await http.post("/graphql", json=body, headers=_head(service, accept=media))
    content = response.json()
    assert response.status_code == status
    assert "data" not in content
    assert content["errors"][0]["extensions"]["code"] == "BAD_QUERY"


async def test_one_of_several_operations_is_chosen_by_name(http, service):
    """`operationName` chooses; an unknown one is refused."""
    body = {"query": "query A { a: __typename } query B { b: __typename }", "operationName": "B"}
    response = await http.post("/graphql", json=body, headers=_head(service))
    assert response.json()["data"] == {"b": "Query"}
    response = await http.post("/graphql", json=body | {"operationName": "C"}, headers=_head(service, accept=NEW))
    assert response.status_code == 400


BAD_BODIES = {
    "nothing": (b"", 400),
    "no JSON": (b"{", 400),
    "invalid UTF-8": (b'{"query": "{ \xff\xfe }"}', 400),
    "a lone surrogate": (b'{"query": "{ a(b: \\"\\ud800\\") }"}', 400),
    "UTF-16": ('{"query": "{ __typename }"}'.encode("utf-16"), 400),
    "NaN": (b'{"query": "{ __typename }", "variables": {"a": NaN}}', 400),
    "two values": (b'{"query": "{ __typename }"} {}', 400),
    "a list": (b'[{"query": "{ __typename }"}]', 400),
    "a text": (b'"{ __typename }"', 400),
    "no query": (b"{}", 400),
    "an empty query": (b'{"query": "  "}', 400),
    "a query that is a number": (b'{"query": 7}', 400),
    "variables that are a list": (b'{"query": "{ __typename }", "variables": [1]}', 400),
    "an operation name that is a number": (b'{"query": "{ __typename }", "operationName": 1}', 400),
    "extensions that are a text": (b'{"query": "{ __typename }", "extensions": "x"}', 400),
    "nested too deep for JSON": (b'{"query": "{ __typename }", "variables": ' + b"[" * 100_000, 400),
}


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_malformed_body_is_refused(http, service, name):
    """Every malformed body gets an error with a code and a remedy, and the service goes on."""
    body, status = BAD_BODIES[name]
    response = await http.post("/graphql", content=body, headers=_head(service))
    assert response.status_code == status
    extensions = response.json()["errors"][0]["extensions"]
    assert extensions["code"] == "BAD_REQUEST"
    assert extensions["remedy"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "multipart/form-data; boundary=x"}, 415),
        ({"content-type": "application/json; charset=latin-1"}, 415),
        ({"content-encoding": "gzip"}, 415),
        ({"content-type": "application/json; charset=UTF-8"}, 200),
    ],
)
async def test_only_plain_json_in_utf8_is_taken(http, service, headers, status):
    """Forms, uploads, other encodings and compressed bodies are refused by their headers."""
    body = json.dumps({"query": VIEWER}).encode()
    content = gzip.compress(body) if "content-encoding" in headers else body
    response = await http.post("/graphql", content=content, headers=_head(service) | headers)
    assert response.status_code == status


async def test_a_body_of_10_mb_is_refused_before_it_is_sent(service):
    """A told length beyond the limit is answered 413 at once, without waiting for the body."""
    reader, writer = await _connect(service)
    writer.write(_request(service, b"content-length: 10000000\r\n"))
    await writer.drain()
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)
    assert b"413" in answer
    writer.close()


async def test_a_chunked_body_is_refused_when_it_grows_too_long(service):
    """A body without a told length is read up to the limit and no further."""
    reader, writer = await _connect(service)
    writer.write(_request(service, b"transfer-encoding: chunked\r\n"))
    sent = 0
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    answered = asyncio.create_task(reader.readuntil(b"\r\n"))
    while not answered.done() and sent < 80_000_000:
        writer.write(chunk)
        try:
            await writer.drain()
        except ConnectionError:
            break
        sent += 0x10000
        await asyncio.sleep(0)
    assert b"413" in await asyncio.wait_for(answered, 5)
    assert sent < 80_000_000
    writer.close()


def _request(service, more: bytes) -> bytes:
    token = service.token().encode()
    return (
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer "
        + token
        + b"\r\n"
        + more
        + b"\r\n"
    )


async def _connect(service):
    return await asyncio.open_connection("127.0.0.1", urlsplit(service.url).port)


@pytest.mark.parametrize("megabytes", [8.1, 20])
async def test_the_answer_is_not_lost_where_the_client_wants_the_connection_closed(service, megabytes):
    """Who sends all of too long a body and then reads, over a connection that is to close, gets the 413."""
    length = int(megabytes * 1_000_000)

    def post() -> int:
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(service.url).port, timeout=30)
        headers = {
            "authorization": f"Bearer {service.token()}",
            "content-type": "application/json",
            "connection": "close",
        }
        connection.request("POST", "/graphql", body=b" " * length, headers=headers)
        status = connection.getresponse().status
        connection.close()
        return status

    assert [await asyncio.to_thread(post) for _ in range(5)] == [413] * 5


async def test_a_caller_without_a_token_is_refused_before_the_body_is_read(service):
    """Without a token nothing is read: the answer comes while the body is still missing."""
    reader, writer = await _connect(service)
    writer.write(b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n")
    await writer.drain()
    assert b"401" in await asyncio.wait_for(reader.readuntil(b"\r\n"), 5)
    writer.close()


@pytest.mark.parametrize(
    "query",
    [
        "{ __typename }",
        "{ __schema { types { name } } }",
        "{ viewer { subject } }",
        "{ no such thing",
        "mutation { __typename }",
    ],
)
@pytest.mark.parametrize("header", [None, "Basic YTpi", "Bearer x.y.z", "Bearer"])
async def test_no_operation_is_answered_without_a_token_that_holds(http, query, header):
    """Introspection, queries, mutations and rubbish alike: 401 with WWW-Authenticate, and nothing of the schema."""
    headers = {"authorization": header} if header else {}
    for response in (
        await http.post("/graphql", json={"query": query}, headers=headers),
        await http.get("/graphql", params={"query": query}, headers=headers),
    ):
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert "data" not in response.json()


async def test_a_token_in_the_address_or_the_body_counts_for_nothing(http, service):
    """Tokens are taken from the Authorization header alone, so that none stands in an access log."""
    token = service.token()
    response = await http.post(f"/graphql?access_token={token}", json={"query": VIEWER, "token": token})
    assert response.status_code == 401


async def test_queries_may_come_by_get_and_mutations_may_not(http, service):
    """GET answers queries; a mutation or subscription by GET is refused before it does anything."""
    head = {"authorization": f"Bearer {service.token()}"}
    response = await http.get("/graphql", params={"query": VIEWER, "variables": "{}"}, headers=head)
    assert response.json()["data"]["viewer"]["subject"] == "anna"
    response = await http.get("/graphql", params={"query": "mutation { __typename }"}, headers=head)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    response = await http.get("/graphql?query=%7B__typename%7D&query=%7B__schema%7B__typename%7D%7D", headers=head)
    assert response.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_refused_and_cors_is_off(http, method):
    """Preflight requests get no permission, and no answer carries a CORS header."""
    response = await http.request(
        method, "/graphql", headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
    )
    assert response.status_code == 405
    assert not [name for name in response.headers if name.startswith("access-control")]


DEEP = "{ __schema { types " + "{ fields { type " * 50 + "{ name }" + " } }" * 50 + " } }"
FLOOD = "{ " + " ".join(f"a{number}: __typename" for number in range(1000)) + " }"
BOMB = (
    "{ ...f0 } "
    + " ".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(40))
    + " fragment f40 on Query { __typename }"
)
CIRCLE = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"
LARGE = {
    "depth 100": (DEEP, "QUERY_TOO_LARGE"),
    "1,000 aliases": (FLOOD, "QUERY_TOO_LARGE"),
    "2^40 fields by fragments": (BOMB, "QUERY_TOO_LARGE"),
    "circular fragments": (CIRCLE, "BAD_QUERY"),
    "20,000 tokens": ("{ " + "__typename " * 20_000 + "}", "QUERY_TOO_LARGE"),
    "2,000 fields": ("{ " + "__typename " * 2_000 + "}", "QUERY_TOO_LARGE"),
    "a nest of 3,000 braces": ("{ a " * 1_500 + "}" * 1_500, "QUERY_TOO_LARGE"),
    "a nest of 20,000 brackets": ("{ a(b: " + "[" * 20_000, "QUERY_TOO_LARGE"),
}


@pytest.mark.parametrize("name", LARGE)
async def test_an_operation_that_is_too_large_is_refused_quickly(api, name):
    """Depth, aliases, fields and tokens are bounded, fragments unfolded; nothing of it reaches the graph."""
    query, code = LARGE[name]
    begun = asyncio.get_running_loop().time()
    response = await api().post(query, headers={"accept": NEW})
    assert response.status_code == 400
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {code}
    assert asyncio.get_running_loop().time() - begun < 2


async def test_the_standard_introspection_query_stays_within_the_limits(api):
    """Tools that learn the schema are served."""
    from graphql import build_client_schema, get_introspection_query

    data = await api("KH-NCB", Role.READER).data(get_introspection_query(input_value_deprecation=True))
    assert build_client_schema(data).query_type is not None


async def test_answers_carry_a_request_id_and_headers_that_browsers_heed(http, service):
    """A plain id of the caller is kept, another is replaced; nothing may be framed, sniffed or loaded."""
    response = await http.post(
        "/graphql", json={"query": VIEWER}, headers=_head(service, **{"x-request-id": "case-4711-a"})
    )
    assert response.headers["x-request-id"] == "case-4711-a"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"
    assert "server" not in response.headers
    response = await http.post(
        "/graphql", json={"query": VIEWER}, headers=_head(service, **{"x-request-id": "no blanks, please"})
    )
    assert len(response.headers["x-request-id"]) == 26


async def test_ssl_is_not_spoken(service):
    """The service speaks HTTP; a TLS handshake is turned away without harm."""
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection("127.0.0.1", urlsplit(service.url).port, ssl=ssl.create_default_context())


async def test_the_local_issuer_publishes_its_public_key_and_nothing_more(http, service):
    """The key set is open, verifies the tokens made here, and holds no private part."""
    response = await http.get("/.well-known/jwks.json")
    (key,) = response.json()["keys"]
    assert response.status_code == 200
    assert key == service.issuer.key_set["keys"][0]
    assert {"d", "p", "q", "k"}.isdisjoint(key)
