"""Keys of an outside issuer: fetched, kept, rotated, and borne when the issuer is down."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from opsplan.access.keys import FetchedKeys
from opsplan.vocabulary.errors import Unavailable


def _key(key_id: str) -> dict[str, str]:
    return {**json.loads(ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())), "kid": key_id}


class Seconds:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _keys(key_server, seconds: Seconds) -> FetchedKeys:
    return FetchedKeys(key_server.url, refresh_s=300, pause_s=10, stale_s=3600, timeout_s=2, monotonic=seconds)


async def test_keys_are_fetched_once_and_kept(key_server):
    """Many tokens cost one fetch."""
    key_server.keys = [_key("first")]
    keys = _keys(key_server, Seconds())
    for _ in range(5):
        found = await keys.find("first")
        assert found is not None
        assert found.key_id == "first"
    assert key_server.asked == 1


async def test_a_rotated_key_is_found_at_once_and_an_unknown_one_cannot_make_us_hammer_the_issuer(key_server):
    """A token with a new key id causes one fetch; ids that nobody knows cause at most one in ten seconds."""
    seconds = Seconds()
    key_server.keys = [_key("first")]
    keys = _keys(key_server, seconds)
    assert await keys.find("first")
    seconds.now += 11
    key_server.keys = [_key("second")]
    assert await keys.find("second")
    assert await keys.find("first") is None
    for number in range(20):
        assert await keys.find(f"made-up-{number}") is None
    assert key_server.asked == 2
    seconds.now += 11
    assert await keys.find("made-up") is None
    assert key_server.asked == 3


async def test_a_withdrawn_key_is_forgotten_after_the_refresh_time(key_server):
    """Without any new key id, the set is fetched again after its time, and a withdrawn key then no longer holds."""
    seconds = Seconds()
    key_server.keys = [_key("first"), _key("second")]
    keys = _keys(key_server, seconds)
    assert await keys.find("first")
    key_server.keys = [_key("second")]
    seconds.now += 301
    await keys.find("second")
    await keys.close()
    assert await keys.find("first") is None


@pytest.mark.parametrize("fault", ["down", "no JSON", "no key set"])
async def test_while_the_issuer_is_down_the_known_keys_serve_for_a_stated_time(key_server, fault):
    """An issuer that fails, or answers rubbish, takes no key away, until the last set is too old."""
    seconds = Seconds()
    key_server.keys = [_key("first")]
    keys = _keys(key_server, seconds)
    assert await keys.find("first")
    key_server.up = fault != "down"
    key_server.body = {"down": None, "no JSON": b"<html>", "no key set": b'{"keys": 7}'}[fault]
    seconds.now += 301
    assert await keys.find("first")
    await keys.close()
    assert await keys.find("first")
    seconds.now += 3600
    with pytest.raises(Unavailable):
        await keys.find("first")
    await keys.close()


async def test_an_issuer_that_was_never_there_makes_tokens_unverifiable_not_valid(key_server):
    """Without a key set nobody is let in, and it is called unavailable, not a bad token."""
    key_server.up = False
    keys = _keys(key_server, Seconds())
    with pytest.raises(Unavailable):
        await keys.find("first")
    with pytest.raises(Unavailable):
        await keys.find("first")
    assert key_server.asked == 1
