"""WebSockets: who may connect, for how long, and subscriptions that miss nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import websockets

from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OTHER, OWN, enter

SITE = {"name": "EXERCISE Heron Court", "location": {"longitude": 104.9, "latitude": 11.6}, "owner": OWN}
CHANGES = """subscription ($after: String, $nouns: [RecordNoun!]) {
  recordChanged(after: $after, nouns: $nouns) {
    cursor kind noun recordId fields by reason record { id ... on Compound { name country { code } } }
  }
}"""


class Socket:
    """One connection that speaks graphql-transport-ws."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self, timeout: float = 15):
        text = await asyncio.wait_for(self.connection.recv(), timeout)
        assert isinstance(text, str)
        return json.loads(text)

    async def subscribe(self, query: str = CHANGES, name: str = "1", **variables) -> None:
        await self.send(id=name, type="subscribe", payload={"query": query, "variables": variables})

    async def changes(self, number: int) -> list[dict]:
        taken = []
        for _ in range(number):
            message = await self.receive()
            assert message["type"] == "next", message
            assert "errors" not in message["payload"], message
            taken.append(message["payload"]["data"]["recordChanged"])
        return taken

    async def closed(self, timeout: float = 15) -> int:
        await asyncio.wait_for(self.connection.wait_closed(), timeout)
        return self.connection.close_code


@asynccontextmanager
async def connected(service, token: str | None = None, **more) -> AsyncIterator[Socket]:
    """Open a connection and, with a token, have it acknowledged."""
    url = service.url.replace("http", "ws") + "/graphql"
    async with websockets.connect(url, subprotocols=["graphql-transport-ws"], **more) as connection:
        socket = Socket(connection)
        if token is not None:
            await socket.send(type="connection_init", payload={"authorization": f"Bearer {token}"})
            assert (await socket.receive())["type"] == "connection_ack"
        yield socket


async def test_changes_arrive_in_order_with_the_record_as_it_stands(service, api, world):
    """A subscriber hears of what others commit, with the nested selection read as any query reads it."""
    async with connected(service, service.token(OTHER, Role.READER)) as socket:
        await socket.subscribe(nouns=["Compound"])
        await asyncio.sleep(0.3)
        made = await enter(world, "Compound", [SITE, SITE])
        first, second = await socket.changes(2)
    assert [first["recordId"], second["recordId"]] == made
    assert first["kind"] == "CREATED"
    assert first["record"] == {"id": made[0], "name": SITE["name"], "country": {"code": "KH"}}
    assert "location" in first["fields"]


async def test_a_subscriber_goes_on_behind_its_cursor(service, api, world):
    """Between two connections nothing is missing and nothing comes twice, also within one commit."""
    async with connected(service, service.token()) as socket:
        await socket.subscribe(nouns=["Compound"])
        await asyncio.sleep(0.3)
        made = await enter(world, "Compound", [SITE, SITE, SITE])
        first = (await socket.changes(1))[0]
    made += await enter(world, "Compound", [SITE])
    async with connected(service, service.token()) as socket:
        await socket.subscribe(nouns=["Compound"], after=first["cursor"])
        rest = await socket.changes(3)
    assert [each["recordId"] for each in [first, *rest]] == made


OPERATION = {
    "code_name": "EXERCISE HERON",
    "h_hour": "2026-12-01T06:00:00Z",
    "start": "2026-12-01T00:00:00Z",
    "end": "2026-12-03T00:00:00Z",
    "owner": OWN,
}
OF_OPERATION = """subscription ($operation: ID!, $after: String, $nouns: [RecordNoun!]) {
  operationChanged(operationId: $operation, after: $after, nouns: $nouns) { cursor kind noun recordId }
}"""


async def _followed(socket: Socket, number: int) -> list[dict]:
    taken = []
    for _ in range(number):
        message = await socket.receive()
        assert message["type"] == "next", message
        taken.append(message["payload"]["data"]["operationChanged"])
    return taken


async def _an_action(world, operation: str) -> list[str]:
    """Enter an action with a mode and a need of it, and give the three ids."""
    window = {"window_start": OPERATION["start"], "window_end": OPERATION["end"], "owner": OWN}
    (action,) = await enter(world, "Action", [{"name": "x", "kind": "RAID", "operation": operation, **window}])
    (mode,) = await enter(
        world, "ActionMode", [{"name": "m", "duration_minutes": "PT1H", "action": action, "owner": OWN}]
    )
    need = {"unit_kind": "TACTICAL", "unit_type": 2, "count": 1, "mode": mode, "owner": OWN}
    return [action, mode, *(await enter(world, "UnitNeed", [need]))]


async def test_an_operation_is_followed_with_all_that_belongs_to_it(service, world):
    """Its actions, their modes and needs are told, of other operations and sites nothing; and behind a cursor."""
    own, other = await enter(world, "Operation", [OPERATION, {**OPERATION, "code_name": "EXERCISE CRANE"}])
    async with connected(service, service.token()) as socket:
        await socket.subscribe(OF_OPERATION, operation=own)
        await asyncio.sleep(0.3)
        await _an_action(world, other)
        await enter(world, "Compound", [SITE])
        made = await _an_action(world, own)
        told = await _followed(socket, 3)
    assert [each["recordId"] for each in told] == made
    assert [each["noun"] for each in told] == ["Action", "ActionMode", "UnitNeed"]
    async with connected(service, service.token()) as socket:
        await socket.subscribe(OF_OPERATION, operation=own, after=told[0]["cursor"], nouns=["UnitNeed", "Compound"])
        assert [each["recordId"] for each in await _followed(socket, 1)] == made[2:]
    async with connected(service, service.token()) as socket:
        await socket.subscribe(OF_OPERATION, operation="operation_nobodys")
        message = await socket.receive()
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == "NOT_FOUND"
        assert errors[0]["extensions"]["field"] == "operationId"


async def test_a_cursor_is_good_for_its_reader_alone(service, world):
    """Another reader's cursor, a changed one and rubbish are refused with a remedy."""
    async with connected(service, service.token()) as socket:
        await socket.subscribe(nouns=["Compound"])
        await asyncio.sleep(0.3)
        await enter(world, "Compound", [SITE])
        cursor = (await socket.changes(1))[0]["cursor"]
    for token, after in ((service.token(OTHER), cursor), (service.token(), cursor[:-2] + "xx"), (service.token(), "1")):
        async with connected(service, token) as socket:
            await socket.subscribe(after=after)
            message = await socket.receive()
            errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
            assert errors[0]["extensions"]["code"] == "INVALID"
            assert errors[0]["extensions"]["field"] == "after"


@pytest.mark.parametrize("payload", [None, {}, {"authorization": "Bearer x.y.z"}, {"authorization": 7}, {"token": "x"}])
async def test_a_connection_without_a_token_that_holds_is_closed(service, world, payload):
    """No token, a forged one, a wrong kind of one: closed with 4403 before anything is answered."""
    async with connected(service) as socket:
        await socket.send(type="connection_init", **({} if payload is None else {"payload": payload}))
        assert await socket.closed() == 4403
        assert "token" in socket.connection.close_reason


async def test_nothing_is_answered_before_the_token(service, world):
    """A subscription before the first message closes the connection with 4401."""
    async with connected(service) as socket:
        await socket.subscribe()
        assert await socket.closed() == 4401


async def test_the_token_may_come_in_the_handshake(service, world):
    """Clients that can set headers may send the token there."""
    headers = {"authorization": f"Bearer {service.token()}"}
    async with connected(service, additional_headers=headers) as socket:
        await socket.send(type="connection_init")
        assert (await socket.receive())["type"] == "connection_ack"


async def test_the_first_message_may_write_the_token_as_a_header_is_written(service, world):
    """`Authorization` is taken as `authorization` is: clients differ."""
    async with connected(service) as socket:
        await socket.send(type="connection_init", payload={"Authorization": f"Bearer {service.token()}"})
        assert (await socket.receive())["type"] == "connection_ack"


async def test_a_socket_ends_with_its_token(service, world):
    """When the token expires, the socket is closed with a code and a reason, subscription or not."""
    async with connected(service, service.token(hours=2 / 3600)) as socket:
        await socket.subscribe()
        assert await socket.closed(10) == 4403
        assert "expired" in socket.connection.close_reason


async def test_pages_of_other_origins_cannot_connect(service, world):
    """A browser page from elsewhere is turned away in the handshake."""
    with pytest.raises(websockets.InvalidStatus):
        async with connected(service, origin="https://evil.example"):
            pass


@pytest.mark.parametrize("protocols", [None, ["graphql-ws"], ["chat"]])
async def test_only_graphql_transport_ws_is_spoken(service, world, protocols):
    """Another or no subprotocol is refused with 4406."""
    url = service.url.replace("http", "ws") + "/graphql"
    async with websockets.connect(url, subprotocols=protocols) as connection:
        await asyncio.wait_for(connection.wait_closed(), 10)
        assert connection.close_code == 4406


BAD_MESSAGES = [
    "no JSON",
    "[]",
    "7",
    "{}",
    '{"type": "shout"}',
    '{"type": 7}',
    '{"type": "subscribe", "id": 1}',
    '{"type": "subscribe", "id": "1"}',
    '{"type": "subscribe", "id": "1", "payload": null}',
    '{"type": "subscribe", "id": "1", "payload": []}',
]


@pytest.mark.parametrize("message", BAD_MESSAGES)
async def test_a_malformed_message_closes_the_socket(service, world, message):
    """Rubbish is answered with 4400, and the service goes on."""
    async with connected(service, service.token()) as socket:
        await socket.connection.send(message)
        assert await socket.closed() == 4400


_EVENT = "subscription { recordChanged { record { ... on Compound { %s } } } }"
_MANY = "compounds(first: 100) { nodes { targets(first: 100) { nodes { id } } } }"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ viewer { subject } }", "BAD_QUERY"),
        ("mutation { __typename }", "BAD_QUERY"),
        ("subscription { nothing }", "BAD_QUERY"),
        ("subscription {", "BAD_QUERY"),
        ("subscription { a: recordChanged { by } b: recordChanged { by } }", "BAD_QUERY"),
        ("subscription { recordChanged { " + " ".join(f"a{n}: by" for n in range(200)) + " } }", "QUERY_TOO_LARGE"),
        ("", "BAD_REQUEST"),
        (_EVENT % "targets(first: 100000) { nodes { id } }", "INVALID"),
        (_EVENT % 'targets(after: "forged") { nodes { id } }', "INVALID"),
        (_EVENT % f"targets(first: 100) {{ nodes {{ {_MANY} }} }}", "QUERY_TOO_LARGE"),
    ],
)
async def test_only_a_valid_subscription_is_taken(service, world, query, code):
    """Queries and mutations, invalid or oversized documents, and events that cannot be read are refused by name."""
    async with connected(service, service.token()) as socket:
        await socket.subscribe(query)
        message = await socket.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == code


async def test_a_message_of_10_mb_closes_the_socket(service, world):
    """Messages are bounded as bodies are."""
    async with connected(service, service.token()) as socket:
        await socket.connection.send("x" * 10_000_000)
        assert await socket.closed() == 1009


async def test_a_subscription_ends_when_its_reader_says_so(service, world):
    """After `complete` no further change is sent, and the same id may be used again."""
    async with connected(service, service.token()) as socket:
        await socket.subscribe(nouns=["Compound"])
        await asyncio.sleep(0.3)
        await socket.send(id="1", type="complete")
        await asyncio.sleep(0.1)
        await enter(world, "Compound", [SITE])
        await socket.send(type="ping")
        assert (await socket.receive())["type"] == "pong"
        await socket.subscribe(nouns=["Compound"])
        await asyncio.sleep(0.3)
        made = await enter(world, "Compound", [SITE])
        assert (await socket.changes(1))[0]["recordId"] == made[0]
