"""`opsplan client`, as a newcomer uses it: what it prints can be pasted; what goes wrong is said with what helps."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import jwt
import pytest
from graphql import build_schema, parse, validate
from typer.testing import CliRunner

from opsplan.cli import app
from opsplan.cli.client import KeyRole
from opsplan.client import Client, new_key, read_key
from opsplan.graph.driver import Graph
from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OWN, Running
from tests.opsplan.web.processes import free_port

SDL = Path(__file__).parents[3] / "graph_schema" / "public.graphql"
WITHOUT = """import sys
from opsplan.cli import app
sys.modules["websockets.asyncio.client"] = None
app(sys.argv[1:])"""
"""The command line where something that the extra brings is missing."""


async def run(*words: str, status: int = 0) -> str:
    """Run a command; give what it prints when it should succeed, what it complains of when not."""
    ended = await asyncio.to_thread(CliRunner().invoke, app, ["client", *words])
    assert ended.exit_code == status, ended.output
    return ended.stdout if status == 0 else " ".join(ended.stderr.split())


def token_in(printed: str) -> str:
    """Give the line that is a token; the service of the tests writes its log to the same place."""
    [token] = re.findall(r"^eyJ\S+$", printed, re.MULTILINE)
    return str(token)


async def test_a_key_is_made_registered_and_gets_a_token(service: Running, world: Graph, tmp_path: Path) -> None:
    """The three commands, one after the other; the printed mutation is one, and carries nothing secret."""
    path = tmp_path / "key.jwk"
    printed = await run("new-key", str(path), "--agency", OWN)
    key = read_key(path)
    assert key.key_id in printed
    assert key.jwk["d"] not in printed
    mutation = printed[printed.index("mutation {") :]
    assert validate(build_schema(SDL.read_text(encoding="utf-8")), parse(mutation)) == []
    administrator = service.token(OWN, Role.ADMINISTRATOR)
    where = ("--key", str(path), "--agency", OWN, "--service", service.url)
    assert key.key_id in await run("register", *where, "--token", administrator)
    assert "registered already" in await run("register", *where, "--token", administrator, status=2)
    token = token_in(await run("token", *where))
    assert jwt.decode(token, options={"verify_signature": False})["roles"] == ["PLANNER"]
    async with Client(service.url, token) as client:
        assert (await client.viewer()).agency_code == OWN


async def test_the_printed_mutation_registers_the_key(service: Running, world: Graph, tmp_path: Path) -> None:
    """Pasted as it is, by an administrator."""
    path = tmp_path / "key.jwk"
    printed = await run("new-key", str(path), "--agency", OWN, "--role", "READER", "--name", 'The "new" one')
    async with Client(service.url, service.token(OWN, Role.ADMINISTRATOR)) as client:
        answer = client.get_data(await client.execute(printed[printed.index("mutation {") :]))
    assert answer["createAgencyKey"]["keyId"] == read_key(path).key_id
    token = token_in(await run("token", "--key", str(path), "--agency", OWN, "--service", service.url))
    assert jwt.decode(token, options={"verify_signature": False})["roles"] == ["READER"]


async def test_what_goes_wrong_is_said_with_what_helps(service: Running, world: Graph, tmp_path: Path) -> None:
    """No service there, a key that is not registered, no key, no right to register, no extra."""
    path = tmp_path / "key.jwk"
    new_key(path)
    nowhere = ("--key", str(path), "--agency", OWN, "--service", f"http://127.0.0.1:{free_port()}")
    there = ("--key", str(path), "--agency", OWN, "--service", service.url)
    assert "make serve" in await run("token", *nowhere, status=1)
    assert "make serve" in await run("register", *nowhere, "--token", "x", status=1)
    assert "opsplan client register" in await run("token", *there, status=2)
    assert "never overwritten" in await run("new-key", str(path), status=2)
    assert "opsplan client new-key" in await run("token", "--key", str(tmp_path / "no.jwk"), "--agency", OWN, status=2)
    planner = service.token(OWN, Role.PLANNER)
    assert "FORBIDDEN" in await run("register", *there, "--token", planner, status=2)
    assert "UNAUTHENTICATED" in await run("register", *there, "--token", "nonsense", status=1)


def test_the_extra_is_named_where_it_is_missing(tmp_path: Path) -> None:
    """A sentence and a remedy, and no traceback."""
    command = [sys.executable, "-c", WITHOUT, "client", "new-key", str(tmp_path / "key.jwk")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "pip install '.[client]'" in ended.stderr


async def test_what_cannot_be_meant_is_refused_with_what_can(tmp_path: Path) -> None:
    """No key is an administrator's; what an issuer is told has a name; a kind of key that is none; a binary file."""
    path = tmp_path / "key.jwk"
    assert "ADMINISTRATOR" not in await run("new-key", "--help")
    assert {*KeyRole} == {*Role} - {Role.ADMINISTRATOR}
    assert "APPROVER" in await run("new-key", str(path), "--role", "ADMINISTRATOR", status=2)
    assert "Ed25519 or P-256" in await run("new-key", str(path), "--kind", "RSA", status=2)
    assert not path.exists()
    assert "It never leaves this machine" in await run("new-key", str(path), "--kind", "P-256")
    who = ("--key", str(path), "--agency", OWN)
    assert "'resource' is not of the form NAME=VALUE" in await run("token", *who, "--more", "resource", status=2)
    path.write_bytes(b"\xff\xfe")
    assert "new-key" not in (told := await run("token", *who, status=2))
    assert "holds no private key" in told


@pytest.mark.parametrize("verb", ["new-key", "register", "token"])
async def test_every_command_has_help(verb: str) -> None:
    """It says what the command does."""
    assert "Usage:" in await run(verb, "--help")
