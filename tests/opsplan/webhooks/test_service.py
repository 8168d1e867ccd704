"""Webhooks of a running service, over GraphQL: what callers see, and what a killed service leaves to the next."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from opsplan.graph.address import GraphAddress
from opsplan.graph.driver import Graph
from opsplan.main import CAPABILITIES
from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OTHER, OWN, Api, Running, _make_world, enter, serving, settings_for
from tests.opsplan.web.processes import running_service
from tests.opsplan.webhooks import receiver as told
from tests.opsplan.webhooks.receiver import Receiver, until

REGISTER = """mutation ($url: String!, $nouns: [String!], $key: String) {
  registerWebhookEndpoint(input: {url: $url, nouns: $nouns, description: "EXERCISE"}, idempotencyKey: $key) {
    __typename
    ... on WebhookEndpointRegistered { secret endpoint { id url state nouns } }
    ... on Refusal { code field message remedy }
  } }"""
PROVE = """mutation ($id: ID!) { proveWebhookEndpoint(input: {endpointId: $id}) { __typename
  ... on WebhookEndpointTried { endpoint { state } attempt { outcome isOk statusCode excerpt } }
  ... on Refusal { code message } } }"""
TEST = PROVE.replace("proveWebhookEndpoint", "testWebhookEndpoint")
ROTATE = """mutation ($id: ID!) { rotateWebhookSecret(input: {endpointId: $id, overlap: "PT2H"}) { __typename
  ... on WebhookSecretRotated { secret previousUntil endpoint { secretRotatedAt } }
  ... on Refusal { code message } } }"""
ENDPOINTS = "{ webhookEndpoints { totalCount nodes { id url state } } webhookDeliveries { totalCount } }"
DELIVERIES = """query ($id: ID!) { webhookDeliveries(where: {endpoint: {id: {eq: $id}}}, orderBy: [SEQUENCE_ASC]) {
  nodes { id state attempts statusCode outcome excerpt nextAttemptAt sequence endpoint { id } } } }"""
REDELIVER = """mutation ($id: ID!) { redeliverWebhook(input: {deliveryId: $id}) { __typename
  ... on WebhookRedelivered { delivery { attempts state } attempt { isOk } } ... on Refusal { code } } }"""
PROGRAM = """
import asyncio, os
from opsplan.main import serve
from opsplan.settings import Settings
from tests.opsplan.webhooks.test_service import WEBHOOKS
asyncio.run(serve(Settings.from_env(os.environ), capabilities=WEBHOOKS))
"""
COMPOUND = {"location": {"longitude": 104.9, "latitude": 11.6}, "owner": OWN}
WEBHOOKS = [each for each in CAPABILITIES if each.api is not None and each.api.__name__ == "_webhook_api"]


def environment(receiver: Receiver, authority: tuple[Path, Any]) -> dict[str, str]:
    """Give settings by which the receiver may be called."""
    return {
        "OPSPLAN_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "OPSPLAN_WEBHOOK_PORTS": f"443,{receiver.port}",
        "OPSPLAN_WEBHOOK_CA_FILE": str(authority[0]),
        "OPSPLAN_WEBHOOK_SECONDS": "2",
        # Several processes tell of one graph here, as in a service of several.
        "OPSPLAN_WEBHOOK_KEY": "a key of the tests alone, and long enough",
    }


@pytest.fixture(scope="module")
def running(
    graph_server: GraphAddress,
    receiver: Receiver,
    authority: tuple[Path, Any],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """Run a service with its webhooks."""
    settings = settings_for(graph_server, tmp_path_factory.mktemp("webhooks"), **environment(receiver, authority))
    with serving(settings, WEBHOOKS) as service:
        yield service


@pytest.fixture
async def settled(graph: Graph, running: Running) -> Graph:
    """Give a graph with a few agencies, and nothing else."""
    return await _make_world(graph)


@pytest.fixture
async def ask(running: Running) -> AsyncIterator[Callable[..., Api]]:
    """Give a maker of callers."""
    async with httpx.AsyncClient(base_url=running.url, timeout=30) as client:
        yield lambda code=OWN, *roles: Api(client, running.token(code, *roles))


async def _only(api: Api, document: str, **variables: Any) -> Any:
    (answer,) = (await api.data(document, variables)).values()
    return answer


async def test_from_registration_to_a_delivery_that_is_listed(
    settled: Graph, ask: Callable[..., Api], receiver: Receiver, path: str, running: Running
) -> None:
    """Register, get the secret once, prove, be told at once, list it, test, send again."""
    api = ask()
    made = await _only(api, REGISTER, url=receiver.url(path), nouns=["Compound"], key="register-webhook-1")
    endpoint_id, secret = made["endpoint"]["id"], made["secret"]
    assert secret.startswith("whsec_")
    assert (made["endpoint"]["state"], made["endpoint"]["nouns"]) == ("PENDING", ["Compound"])
    again = await _only(api, REGISTER, url=receiver.url(path), nouns=["Compound"], key="register-webhook-1")
    assert again == {**made, "secret": None}
    proven = await _only(api, PROVE, id=endpoint_id)
    assert (proven["endpoint"]["state"], proven["attempt"]["outcome"]) == ("ACTIVE", "OK")
    # The server plans each statement anew in the beginning.
    for count in range(1, 4):
        await enter(settled, "Compound", [{**COMPOUND, "name": "EXERCISE Court"}])
        await receiver.hears(path, count)
    (compound,) = await enter(settled, "Compound", [{**COMPOUND, "name": "EXERCISE Yard"}])
    committed = time.time()
    got = (await receiver.hears(path, 4))[3]
    # Another process committed it, so that the service had to look.
    assert got.at_s - committed < 1.5
    assert Webhook(secret).verify(got.body, got.headers)["data"]["changes"][0]["recordId"] == compound

    async def last() -> Any:
        return (await _only(api, DELIVERIES, id=endpoint_id))["nodes"][-1]

    async def is_delivered() -> bool:
        return (await last())["state"] == "DELIVERED"

    await until(is_delivered)
    delivery = await last()
    assert (delivery["id"], delivery["endpoint"]["id"]) == (got.headers["webhook-id"], endpoint_id)
    assert (delivery["attempts"], delivery["statusCode"], delivery["excerpt"]) == (1, 200, "thanks")
    tested = await _only(api, TEST, id=endpoint_id)
    assert tested["attempt"]["isOk"]
    assert Webhook(secret).verify(receiver.at(path)[-1].body, receiver.at(path)[-1].headers)["type"] == "webhook.test"
    sent = await _only(api, REDELIVER, id=delivery["id"])
    assert (sent["attempt"]["isOk"], sent["delivery"]["attempts"]) == (True, 2)
    rotated = await _only(api, ROTATE, id=endpoint_id)
    assert rotated["secret"].startswith("whsec_")
    assert rotated["endpoint"]["secretRotatedAt"] is not None
    assert (await _only(api, ROTATE, id=endpoint_id))["code"] == "STATE_CONFLICT"


async def test_to_other_agencies_it_is_not_there(
    settled: Graph, ask: Callable[..., Api], receiver: Receiver, path: str
) -> None:
    """They find no endpoint, no delivery, nothing in the feed, and can neither test it nor send again."""
    api, other = ask(), ask(OTHER, Role.ADMINISTRATOR)
    place = (await other.data("{ changes { endCursor } }"))["changes"]["endCursor"]
    made = await _only(api, REGISTER, url=receiver.url(path), nouns=["Compound"])
    endpoint_id = made["endpoint"]["id"]
    await _only(api, PROVE, id=endpoint_id)
    await enter(settled, "Compound", [{**COMPOUND, "name": "EXERCISE Yard"}])
    await receiver.hears(path, 1)
    mine = await api.data(ENDPOINTS)
    assert (mine["webhookEndpoints"]["totalCount"], mine["webhookDeliveries"]["totalCount"]) == (1, 1)
    theirs = await other.data(ENDPOINTS)
    assert (theirs["webhookEndpoints"]["totalCount"], theirs["webhookDeliveries"]["totalCount"]) == (0, 0)
    (delivery,) = (await _only(api, DELIVERIES, id=endpoint_id))["nodes"]
    for document, record_id in (
        (PROVE, endpoint_id),
        (TEST, endpoint_id),
        (ROTATE, endpoint_id),
        (REDELIVER, delivery["id"]),
    ):
        assert (await _only(other, document, id=record_id))["code"] == "NOT_FOUND"
    nodes = await other.data("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [endpoint_id, delivery["id"]]})
    assert nodes["nodes"] == [None, None]
    changes = await other.data(
        "query ($after: String) { changes(after: $after) { changes { noun } } }", {"after": place}
    )
    assert {each["noun"] for each in changes["changes"]["changes"]} == {"Compound"}


@pytest.mark.parametrize("role", [Role.READER, Role.PLANNER, Role.APPROVER])
async def test_who_may_not_connect_is_refused(
    role: Role, settled: Graph, ask: Callable[..., Api], receiver: Receiver, path: str
) -> None:
    """An endpoint carries an agency's view out of the service: that is for its coordinators."""
    refused = await _only(ask(OWN, role), REGISTER, url=receiver.url(path))
    assert refused["code"] == "FORBIDDEN"


async def test_refusals_name_field_and_remedy(
    settled: Graph, ask: Callable[..., Api], receiver: Receiver, path: str
) -> None:
    """A URL that may not be called, a noun that is none."""
    api = ask()
    for url in ("http://cases.example/", "https://127.0.0.1:22/", "https://anna@cases.example/"):
        refused = await _only(api, REGISTER, url=url)
        assert (refused["code"], refused["field"]) == ("INVALID", "input.url")
        assert refused["remedy"]
    refused = await _only(api, REGISTER, url=receiver.url(path), nouns=["Compound", "Compuond"])
    assert (refused["code"], refused["field"]) == ("INVALID", "input.nouns")


@pytest.mark.timeout(240)
async def test_a_killed_service_loses_nothing(
    graph: Graph,
    graph_server: GraphAddress,
    receiver: Receiver,
    authority: tuple[Path, Any],
    path: str,
    tmp_path: Path,
) -> None:
    """Killed while it sends, and before it could send what was committed: the next one tells all of it, each message
    under the id that it had."""
    await _make_world(graph)
    given = {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
        **environment(receiver, authority),
    }

    async def compound(name: str) -> str:
        return (await enter(graph, "Compound", [{**COMPOUND, "name": f"EXERCISE {name}"}]))[0]

    with running_service(tmp_path, given, PROGRAM) as process:
        await process.ready()
        async with httpx.AsyncClient(base_url=process.url, timeout=30) as client:
            api = Api(client, process.token(OWN))
            made = await _only(api, REGISTER, url=receiver.url(path), nouns=["Compound"])
            assert (await _only(api, PROVE, id=made["endpoint"]["id"]))["attempt"]["isOk"]
        receiver.behaviours[path] = told.hanging
        first = await compound("while it sends")
        await receiver.hears(path, 1)
        process.running.kill()
        await process.ended()
        assert made["secret"] not in process.text()
    second = await compound("while nobody is there")
    receiver.behaviours.pop(path)
    with running_service(tmp_path, given, PROGRAM) as process:
        await process.ready()
        await until(lambda: len(receiver.at(path)) >= 3, 30)
        got = receiver.at(path)
        assert [each.record_ids for each in got] == [[first], [first], [second]]
        assert got[0].headers["webhook-id"] == got[1].headers["webhook-id"]
        assert all(Webhook(made["secret"]).verify(each.body, each.headers) for each in got)
        assert made["secret"] not in process.text()
