"""Identity: a token's agency is looked up in the graph, remembered for a moment, and refused when it is not there."""

import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from opsplan.access.identity import Identity
from opsplan.access.issuer import ISSUER, LocalIssuer
from opsplan.access.keys import FetchedKeys
from opsplan.access.refusal import Unauthenticated
from opsplan.access.tokens import TokenPolicy
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import system_clock


class Seconds:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer(tmp_path):
    return LocalIssuer.open_in(tmp_path)


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def identity(issuer, empty_graph, seconds):
    return Identity(TokenPolicy(ISSUER, "opsplan"), issuer.keys, empty_graph, remember_s=15, monotonic=seconds)


def _token(issuer, code="XA-NCB"):
    return issuer.issue(system_clock, agency_code=code, roles=[Role.PLANNER], audience="opsplan", subject="anna")


async def _agency(graph, code, **more):
    await graph.run_outside(
        "CREATE (a:Record:Agency) SET a = $properties", {"properties": {"code": code, "id": f"agency_{code}", **more}}
    )


async def test_a_token_names_its_actor(identity, issuer, empty_graph):
    """The caller is the token's subject, for the agency of its code, with its roles, until it expires."""
    await _agency(empty_graph, "XA-NCB")
    caller = await identity.of_header(f"Bearer {_token(issuer)}")
    assert caller.actor.subject == "anna"
    assert (caller.actor.agency_id, caller.actor.agency_code) == ("agency_XA-NCB", "XA-NCB")
    assert caller.actor.roles == {Role.PLANNER}


async def test_a_token_for_an_agency_that_is_not_there_is_refused_clearly(identity, issuer, empty_graph):
    """An unknown agency, and a retired one, are told apart from a bad token by name; entering it lets the token in."""
    token = _token(issuer)
    with pytest.raises(Unauthenticated, match="XA-NCB, which this service does not know"):
        await identity.of_token(token)
    await _agency(empty_graph, "XA-NCB")
    assert (await identity.of_token(token)).actor.agency_id
    await _agency(empty_graph, "XB-NCB", retired_at="2026-01-01T00:00:00.000Z")
    with pytest.raises(Unauthenticated, match="XB-NCB"):
        await identity.of_token(_token(issuer, "XB-NCB"))


async def test_an_agency_is_remembered_for_a_moment_only(identity, issuer, empty_graph, seconds):
    """A retired agency is let in no longer than the stated seconds."""
    await _agency(empty_graph, "XA-NCB")
    token = _token(issuer)
    await identity.of_token(token)
    await empty_graph.run_outside("MATCH (a:Agency) SET a.retired_at = '2026-01-01T00:00:00.000Z'")
    seconds.now = 14
    await identity.of_token(token)
    seconds.now = 16
    with pytest.raises(Unauthenticated):
        await identity.of_token(token)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Token x"])
async def test_without_a_bearer_token_nobody_is_let_in(identity, header):
    """A missing or other Authorization header is refused, and the remedy says what to send."""
    with pytest.raises(Unauthenticated) as caught:
        await identity.of_header(header)
    assert not caught.value.had_token
    assert "Authorization: Bearer" in (caught.value.remedy or "")


async def test_with_an_outside_issuer_its_tokens_hold_and_those_made_here_do_not(issuer, empty_graph, key_server):
    """Keys come from the issuer's address; a token of the local issuer is from another issuer then."""
    await _agency(empty_graph, "XA-NCB")
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key_server.keys = [{**json.loads(RSAAlgorithm.to_jwk(private.public_key())), "kid": "outside"}]
    outside = Identity(TokenPolicy("https://id.example", "opsplan"), FetchedKeys(key_server.url), empty_graph)
    now = datetime.now(UTC)
    claims = {
        "iss": "https://id.example",
        "aud": ["opsplan", "another"],
        "sub": "anna",
        "agency": "XA-NCB",
        "roles": ["COORDINATOR"],
        "iat": now,
        "exp": now + timedelta(minutes=5),
    }
    token = jwt.encode(claims, private, algorithm="RS256", headers={"kid": "outside"})
    assert (await outside.of_token(token)).actor.roles == {Role.COORDINATOR}
    with pytest.raises(Unauthenticated):
        await outside.of_token(_token(issuer))
