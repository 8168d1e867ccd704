"""Refusals and errors in the language that a caller asks for, from a catalogue that its operator named."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from babel.messages.pofile import write_po
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from opsplan.graph.driver import Graph
from opsplan.vocabulary.actor import Role
from tests.house.catalogue import sentences
from tests.opsplan.web.conftest import OWN, Running, serving, settings_for

OPEN, CLOSE = "⟦", "⟧"
"""Around every sentence of the translation that the tests make: what has none of them was not translated."""
CREATE = """mutation ($input: CreateCompoundInput!) { createCompound(input: $input) {
  __typename
  ... on Refusal { code message field remedy facts { name text number recordId } }
  ... on InvalidInput { problems { field message remedy facts { name number } } } } }"""


@pytest.fixture(scope="module")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with two languages: every sentence of the catalogue in French, and none of the Spanish."""
    folder = tmp_path_factory.mktemp("translations")
    for tag, is_translated in (("fr", True), ("es", False)):
        catalogue = sentences()
        for message in catalogue:
            if is_translated and message.id:
                message.string = f"{OPEN}{message.id}{CLOSE}"
        file = folder / tag / "LC_MESSAGES" / "opsplan.po"
        file.parent.mkdir(parents=True)
        with file.open("wb") as out:
            write_po(out, catalogue)
    return folder


@pytest.fixture(scope="module")
def polyglot(
    graph_server, translations: Path, tmp_path_factory: pytest.TempPathFactory, settled: Graph
) -> Iterator[Running]:
    """Run a service that knows more than English."""
    folder = tmp_path_factory.mktemp("polyglot")
    with serving(settings_for(graph_server, folder, OPSPLAN_TRANSLATIONS=str(translations))) as running:
        yield running


def _post(
    service: Running, query: str, language: str | None, *, token: str | None = None, **variables
) -> httpx.Response:
    headers = {"authorization": f"Bearer {token or service.token(OWN, Role.PLANNER)}"}
    if language is not None:
        headers["accept-language"] = language
    with httpx.Client(base_url=service.url, timeout=30) as client:
        return client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def _refused(service: Running, language: str | None) -> dict:
    given = {"name": "EXERCISE Heron Court", "location": {"longitude": 104.9, "latitude": 11.6}, "capacity": -4}
    return _post(service, CREATE, language, input=given).json()["data"]["createCompound"]


def test_a_refusal_is_told_in_the_language_of_the_call(polyglot: Running):
    """Every part of it is translated; code, field and facts are the same in all languages."""
    french, english = _refused(polyglot, "fr-CH, fr;q=0.9, en;q=0.1"), _refused(polyglot, None)
    (problem,) = french["problems"]
    assert english["message"].startswith("input.capacity: -4 is below")
    for text in (french["remedy"], problem["message"], problem["remedy"]):
        assert text.startswith(OPEN)
        assert text.endswith(CLOSE)
    assert french["message"].replace(OPEN, "").replace(CLOSE, "") == english["message"]
    # What is wrong and what to do are sentences of their own in it: each is translated.
    assert french["message"] == f"input.capacity: {problem['message']}; {problem['remedy']}"
    for same in ("__typename", "code", "field", "facts"):
        assert french[same] == english[same]
    assert {"name": "value", "number": -4.0} in problem["facts"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (None, "en"),
        ("fr", "fr"),
        ("FR", "fr"),
        ("de, fr;q=0.2, en;q=0.1", "fr"),
        ("es-MX", "es"),
        ("km, zh", "en"),
        ("fr;q=0", "en"),
        (",,;q=9, fr ;q=1.0", "fr"),
        ("x" * 5_000, "en"),
    ],
)
def test_the_answer_says_its_language(polyglot: Running, asked: str | None, told: str):
    """Content-Language names it, and caches learn that it depends on what was asked for."""
    answer = _post(polyglot, "{ viewer { agencyCode } }", asked)
    assert answer.headers["content-language"] == told
    assert "accept-language" in answer.headers["vary"].lower()


def test_what_a_catalogue_lacks_is_told_in_english(polyglot: Running):
    """A translation that has only begun takes nothing away."""
    assert _refused(polyglot, "es")["message"] == _refused(polyglot, "en")["message"]


def test_errors_are_told_in_it_too(polyglot: Running):
    """Beside payloads: no token, a bad body, too much at once, and the issuer's own answers; with facts by name."""
    tokenless = _post(polyglot, "{ viewer { agencyCode } }", "fr", token="none")
    assert tokenless.status_code == 401
    assert tokenless.json()["errors"][0]["message"].startswith(OPEN)
    too_many = _post(polyglot, "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", "fr", ids=["x"] * 2_000).json()
    (error,) = too_many["errors"]
    assert error["message"].startswith(OPEN)
    assert error["extensions"]["facts"]["count"] == 2_000
    assert error["extensions"]["remedy"].startswith(OPEN)
    with httpx.Client(base_url=polyglot.url) as client:
        answer = client.post("/oauth/token", data={"grant_type": "password"}, headers={"accept-language": "fr"})
    assert answer.json()["error"] == "unsupported_grant_type"
    assert answer.json()["error_description"].startswith(OPEN)


async def test_a_socket_has_the_language_of_its_handshake(polyglot: Running):
    """What a subscription is refused with is told in it."""
    url = polyglot.url.replace("http:", "ws:") + "/graphql"
    protocol = Subprotocol("graphql-transport-ws")
    async with connect(url, subprotocols=[protocol], additional_headers={"accept-language": "fr"}) as socket:
        token = polyglot.token(OWN, Role.PLANNER)
        await socket.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        query = 'subscription { recordChanged(after: "nonsense") { kind } }'
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query}}))
        answer = json.loads(await socket.recv())
        errors = answer["payload"] if answer["type"] == "error" else answer["payload"]["errors"]
        assert errors[0]["message"].startswith(OPEN)


def test_english_alone_says_nothing_of_languages(service: Running, settled: Graph):
    """A service without translations has one language, and none of the headers."""
    answer = _post(service, "{ viewer { agencyCode } }", "fr")
    assert "content-language" not in answer.headers
    assert "vary" not in answer.headers
