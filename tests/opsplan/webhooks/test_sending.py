"""One request to a real TLS server on loopback: where it goes, and that nothing that comes back does harm."""

import asyncio
import gc
import os
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from opsplan.vocabulary.errors import SetupError
from opsplan.webhooks.model import WebhookOutcome
from opsplan.webhooks.sending import Limits, Post, SystemResolver
from opsplan.webhooks.sending.post import MOST_BODY_BYTES
from tests.opsplan.webhooks import receiver as told
from tests.opsplan.webhooks.receiver import Receiver

BODY = b'{"type": "webhook.test", "timestamp": "2026-12-01T00:00:00Z", "data": {}}'
SIGNED = {"content-type": "application/json", "webhook-id": "msg_1"}


def _names(*answers: list[str]):
    """Make a resolver that gives one answer after the other, the last one for ever; and the list of what was asked."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked


async def test_a_request_arrives_with_name_and_certificate(receiver: Receiver, path: str, limits: Limits) -> None:
    """TLS is spoken with the name, and the header Host has it, though the connection goes to an address."""
    resolve, asked = _names(["127.0.0.1"])
    attempt = await Post(limits, resolve).send(receiver.url(path, "hook.example"), SIGNED, BODY)
    assert (attempt.outcome, attempt.status_code, attempt.excerpt) == (WebhookOutcome.OK, 200, "thanks")
    (got,) = receiver.at(path)
    assert got.body == BODY
    assert got.headers["host"] == f"hook.example:{receiver.port}"
    assert got.headers["webhook-id"] == "msg_1"
    assert asked == ["hook.example"]


async def test_a_name_that_rebinds_is_asked_once(receiver: Receiver, path: str, limits: Limits) -> None:
    """The connection goes to the address that was checked, whatever the name leads to a moment later."""
    resolve, asked = _names(["127.0.0.2"], ["127.0.0.1"])
    attempt = await Post(limits, resolve).send(receiver.url(path, "rebinding.example"), SIGNED, BODY)
    assert attempt.is_ok
    assert [each.address for each in receiver.at(path)] == ["127.0.0.2"]
    assert asked == ["rebinding.example"]


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["169.254.169.254"], ["::1"], ["::ffff:127.0.0.1"], ["1.1.1.1", "192.168.0.1"], ["fe80::1%lo"]],
)
async def test_no_connection_is_made_to_what_may_not_be_called(
    addresses: list[str], receiver: Receiver, path: str, limits: Limits
) -> None:
    """One refused address spoils a name, even beside one that may be called; nothing is sent."""
    resolve, _ = _names(["127.0.0.1", *addresses])
    before = receiver.connections
    attempt = await Post(limits, resolve).send(receiver.url(path, "hook.example"), SIGNED, BODY)
    assert attempt.outcome is WebhookOutcome.ADDRESS_REFUSED
    assert receiver.connections == before


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_loopback_is_refused_unless_a_setting_names_it(
    host: str, receiver: Receiver, path: str, limits: Limits, system_resolver: SystemResolver
) -> None:
    """As an address and by name."""
    url, before = receiver.url(path, host), receiver.connections
    closed = Post(replace(limits, networks=()), system_resolver)
    assert (await closed.send(url, SIGNED, BODY)).outcome is WebhookOutcome.ADDRESS_REFUSED
    assert receiver.connections == before
    assert (await Post(limits, system_resolver).send(url, SIGNED, BODY)).is_ok


async def test_a_port_that_is_open_no_more_is_not_called(receiver: Receiver, path: str, limits: Limits) -> None:
    """What was registered under other settings is judged by those of now."""
    resolve, asked = _names(["127.0.0.1"])
    post = Post(replace(limits, ports=(443,)), resolve)
    assert (await post.send(receiver.url(path, "hook.example"), SIGNED, BODY)).outcome is WebhookOutcome.ADDRESS_REFUSED
    assert asked == []


async def test_a_redirect_inward_is_not_followed(receiver: Receiver, path: str, limits: Limits) -> None:
    """It is a failure, whatever it leads to."""
    inward = f"https://localhost:{receiver.port}{path}/inward"
    receiver.behaviours[path] = told.answering(307, b"this way", location=inward)
    resolve, asked = _names(["127.0.0.1"])
    attempt = await Post(limits, resolve).send(receiver.url(path, "hook.example"), SIGNED, BODY)
    assert (attempt.outcome, attempt.status_code) == (WebhookOutcome.REDIRECTED, 307)
    assert receiver.at(f"{path}/inward") == []
    assert asked == ["hook.example"]


@pytest.mark.parametrize(
    ("behaviour", "outcome"),
    [
        (told.hanging, WebhookOutcome.TIMED_OUT),
        (told.dripping, WebhookOutcome.TIMED_OUT),
        (told.endless_headers, WebhookOutcome.TOO_LARGE),
        (told.answering(500, b"sorry"), WebhookOutcome.REFUSED_STATUS),
        (told.answering(410), WebhookOutcome.GONE),
        (told.answering(204), WebhookOutcome.OK),
    ],
)
async def test_a_request_ends_within_its_time(
    behaviour: told.Behaviour, outcome: WebhookOutcome, receiver: Receiver, path: str, limits: Limits
) -> None:
    """Whoever hangs, drips or never stops is left in time."""
    receiver.behaviours[path] = behaviour
    resolve, _ = _names(["127.0.0.1"])
    begun = time.monotonic()
    attempt = await Post(replace(limits, total_s=0.7), resolve).send(receiver.url(path, "hook.example"), SIGNED, BODY)
    assert attempt.outcome is outcome
    assert time.monotonic() - begun < 2.0


async def test_a_handshake_that_never_ends_is_left(limits: Limits) -> None:
    """Nothing of it stays open (a warning would fail the test)."""
    closed = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        closed.set()
        writer.close()

    resolve, _ = _names(["127.0.0.1"])
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        post = Post(replace(limits, ports=(port,), total_s=0.3), resolve)
        attempt = await post.send(f"https://hook.example:{port}/", SIGNED, BODY)
        assert attempt.outcome is WebhookOutcome.TIMED_OUT
        await asyncio.wait_for(closed.wait(), 5)
    gc.collect()


async def test_no_more_is_read_than_is_needed(receiver: Receiver, path: str, limits: Limits) -> None:
    """Of a gigabyte the first bytes are; the status counts all the same."""
    receiver.behaviours[path] = told.huge
    resolve, _ = _names(["127.0.0.1"])
    attempt = await Post(limits, resolve).send(receiver.url(path, "hook.example"), SIGNED, BODY)
    assert attempt.is_ok
    assert len(attempt.answer) == MOST_BODY_BYTES
    assert attempt.excerpt == "x" * 200


async def test_an_excerpt_is_plain_text(receiver: Receiver, path: str, limits: Limits) -> None:
    """What is kept of an answer holds no control characters and is short."""
    receiver.behaviours[path] = told.answering(400, b"\x1b[31m no\x00\r\n\xff" + b"y" * 500)
    resolve, _ = _names(["127.0.0.1"])
    attempt = await Post(limits, resolve).send(receiver.url(path, "hook.example"), SIGNED, BODY)
    assert attempt.excerpt is not None
    assert attempt.excerpt.startswith("[31m no")
    assert len(attempt.excerpt) <= 200
    assert attempt.excerpt.isprintable()


async def test_a_certificate_of_another_name_or_authority_is_not_trusted(
    receiver: Receiver, path: str, limits: Limits
) -> None:
    """Nothing is sent to a server that cannot show the name's certificate."""
    resolve, _ = _names(["127.0.0.1"])
    for post, host in (
        (Post(limits, resolve), "other.example"),
        (Post(replace(limits, ca_file=None), resolve), "hook.example"),
    ):
        attempt = await post.send(receiver.url(path, host), SIGNED, BODY)
        assert attempt.outcome is WebhookOutcome.NOT_TRUSTED
    assert receiver.at(path) == []


async def test_what_cannot_be_reached_is_told_apart(limits: Limits, receiver: Receiver, path: str) -> None:
    """A name without addresses, a port where nobody listens, one that speaks no TLS."""

    async def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    sent = await Post(limits, unknown).send(receiver.url(path, "hook.example"), SIGNED, BODY)
    assert sent.outcome is WebhookOutcome.NOT_RESOLVED
    resolve, _ = _names(["127.0.0.1"])
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    sent = await Post(replace(limits, ports=(port,)), resolve).send(f"https://hook.example:{port}/", SIGNED, BODY)
    assert sent.outcome is WebhookOutcome.NOT_CONNECTED

    async def plain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        sent = await Post(replace(limits, ports=(port,)), resolve).send(f"https://hook.example:{port}/", SIGNED, BODY)
    assert sent.outcome in (WebhookOutcome.NOT_TRUSTED, WebhookOutcome.NOT_CONNECTED)


async def test_no_proxy_is_taken_from_the_environment(
    receiver: Receiver, path: str, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would see everything, and go where we do not."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")
    resolve, _ = _names(["127.0.0.1"])
    assert (await Post(limits, resolve).send(receiver.url(path, "hook.example"), SIGNED, BODY)).is_ok


def test_authorities_that_cannot_be_read_stop_the_start(limits: Limits, tmp_path: Path) -> None:
    """They are named with their setting."""
    with pytest.raises(SetupError) as refused:
        Post(replace(limits, ca_file=tmp_path / "none.pem"), _names()[0])
    assert refused.value.field == "OPSPLAN_WEBHOOK_CA_FILE"
