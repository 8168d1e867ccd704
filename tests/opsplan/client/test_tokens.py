"""Tokens by a key: of the local issuer and of one that shares nothing with opsplan; kept, renewed, refused."""

import asyncio
import json
from collections import Counter
from pathlib import Path

import httpx
import jwt
import pytest

from opsplan.client import Client, Curve, KeyTokens, NoToken, Unauthenticated, Unreachable, Unreadable, new_key
from opsplan.client.tokens import find_issuer
from opsplan.graph.driver import Graph
from tests.opsplan.client.conftest import registered
from tests.opsplan.client.issuer import Known, installed, issuing
from tests.opsplan.web.conftest import OWN, Running
from tests.opsplan.web.processes import free_port


class Counted(httpx.AsyncHTTPTransport):
    """Real requests, counted by path."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: Counter[str] = Counter()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.paths[request.url.path] += 1
        return await super().handle_async_request(request)


async def test_many_who_ask_at_once_get_one_token(service: Running, world: Graph, tmp_path: Path) -> None:
    """The issuer is looked up and asked once, and again shortly before the token's end."""
    key = await registered(world, tmp_path / "key.jwk")
    now_s = 0.0
    counted = Counted()
    async with httpx.AsyncClient(transport=counted) as http:
        tokens = KeyTokens(key, service.url, OWN, http=http, clock=lambda: now_s)
        first = await asyncio.gather(*(tokens.token() for _ in range(20)))
        assert len(set(first)) == 1
        now_s = 3_500.0
        assert await tokens.token() == first[0]
        now_s = 3_541.0
        assert await tokens.token() != first[0]
    assert counted.paths == {"/.well-known/oauth-authorization-server": 1, "/oauth/token": 2}


async def test_a_token_that_is_not_taken_is_renewed_once(service: Running, world: Graph, tmp_path: Path) -> None:
    """A client whose token came to nothing asks again with another one; one without a key says so."""
    key = await registered(world, tmp_path / "key.jwk")
    tokens = KeyTokens(key, service.url, OWN)
    good = await tokens.token()
    tokens._token = good[:-8] + "AAAAAAAA"
    async with Client(service.url, tokens) as client:
        assert (await client.viewer()).agency_code == OWN
    async with Client(service.url, good[:-8] + "AAAAAAAA") as client:
        with pytest.raises(Unauthenticated):
            await client.viewer()


async def test_the_issuer_s_words_reach_the_caller(service: Running, world: Graph, tmp_path: Path) -> None:
    """A key that is not registered, an agency that is not its own, a role that it has not."""
    stranger = new_key(tmp_path / "stranger.jwk")
    with pytest.raises(NoToken, match="names no key") as told:
        await KeyTokens(stranger, service.url, OWN).token()
    assert told.value.error == "invalid_client"
    key = await registered(world, tmp_path / "key.jwk")
    with pytest.raises(NoToken, match="`iss`"):
        await KeyTokens(key, service.url, "TH-NCB").token()
    with pytest.raises(NoToken, match="The key allows PLANNER"):
        await KeyTokens(key, service.url, OWN, scope="COORDINATOR").token()
    held = await KeyTokens(key, service.url, OWN, scope="PLANNER").token()
    assert jwt.decode(held, options={"verify_signature": False})["roles"] == ["PLANNER"]


async def test_an_issuer_that_is_not_there_or_none(service: Running, tmp_path: Path) -> None:
    """Nothing listens; something listens that knows of no tokens; an address that is none."""
    key = new_key(tmp_path / "key.jwk")
    with pytest.raises(Unreachable):
        await KeyTokens(key, f"http://127.0.0.1:{free_port()}", OWN).token()
    with pytest.raises(Unreadable, match="is no issuer"):
        await KeyTokens(key, f"{service.url}/elsewhere", OWN).token()
    with pytest.raises(Unreadable, match="is no address"):
        await KeyTokens(key, "nowhere", OWN).token()


async def test_an_issuer_speaks_for_itself_alone() -> None:
    """What says to be another issuer gets no assertion, which would be good there."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        told = {"issuer": "https://issuer.example", "token_endpoint": "https://issuer.example/token"}
        body = json.dumps(told).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, httpx.AsyncClient() as http:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreadable, match="speaks for another issuer"):
            await find_issuer(http, f"http://127.0.0.1:{port}")


@pytest.fixture(scope="module")
def issuer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder where the independent issuer is installed."""
    return installed(tmp_path_factory.mktemp("issuer"))


@pytest.mark.parametrize("curve", list(Curve))
async def test_another_issuer_gives_tokens_too(issuer_folder: Path, tmp_path: Path, curve: Curve) -> None:
    """It is found by OpenID Connect Discovery; its tokens say what opsplan reads, and are renewed before they end."""
    key, stranger = new_key(tmp_path / "key.jwk", curve), new_key(tmp_path / "stranger.jwk", curve)
    now_s = 0.0
    with issuing(issuer_folder, [Known("cases", key.public, OWN)], seconds=20) as issuer:
        tokens = KeyTokens(key, issuer, "cases", clock=lambda: now_s)
        token = await tokens.token()
        claims = jwt.decode(token, options={"verify_signature": False})
        assert (claims["iss"], claims["aud"], claims["agency"], claims["roles"]) == (
            issuer,
            "opsplan",
            OWN,
            ["PLANNER"],
        )
        now_s = 14.0
        assert await tokens.token() == token
        now_s = 16.0
        assert await tokens.token() != token
        with pytest.raises(NoToken) as told:
            await KeyTokens(stranger, issuer, "cases").token()
        assert told.value.error == "invalid_client"
