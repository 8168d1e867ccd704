"""Agency systems get tokens by a key of their own: each assertion once, for minutes, for the roles that the key has."""

import asyncio
import base64
import json
import secrets
import time
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from opsplan.access.jwk import thumbprint
from opsplan.vocabulary.actor import Role
from tests.opsplan.web.conftest import OTHER, OWN, Api, Running, agency_id, enter

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
VIEWER = "{ viewer { subject agencyCode roles expiresAt limits { costPerMinute remaining resetSeconds atOnce } } }"


class Client:
    """A key pair of an agency's system, and the assertions that it makes."""

    def __init__(self, curve: str = "Ed25519") -> None:
        self.private: Any = Ed25519PrivateKey.generate() if curve == "Ed25519" else generate_private_key(SECP256R1())
        maker: Any = ECAlgorithm if isinstance(self.private, EllipticCurvePrivateKey) else OKPAlgorithm
        self.jwk: dict[str, Any] = maker.to_jwk(self.private.public_key(), as_dict=True)

    async def registered(self, world: Any, code: str = OWN, **more: Any) -> "Client":
        """Have the key registered."""
        row = {"name": "Case system", "use": "CLIENT", "roles": ["READER", "PLANNER"], "jwk": self.jwk}
        await enter(world, "AgencyKey", [{**row, "agency": agency_id(code), "owner": code, **more}])
        return self

    def assertion(self, *, headers: dict[str, Any] | None = None, algorithm: str | None = None, **more: Any) -> str:
        """Make an assertion; a claim that is None is left out."""
        now = int(time.time())
        claims = {"iss": OWN, "sub": OWN, "aud": "opsplan-local", "iat": now, "exp": now + 60}
        claims |= {"jti": secrets.token_urlsafe(12), **more}
        algorithm = algorithm or ("ES256" if isinstance(self.private, EllipticCurvePrivateKey) else "EdDSA")
        return jwt.encode(
            {name: each for name, each in claims.items() if each is not None},
            self.private,
            algorithm=algorithm,
            headers={"kid": thumbprint(self.jwk), **(headers or {})},
        )


async def asked(http: httpx.AsyncClient, assertion: str, **more: Any) -> httpx.Response:
    """Ask for a token."""
    form = {"grant_type": "client_credentials", "client_assertion_type": TYPE, "client_assertion": assertion, **more}
    return await http.post("/oauth/token", data={name: each for name, each in form.items() if each is not None})


@pytest.mark.parametrize("curve", ["Ed25519", "P-256"])
async def test_a_registered_key_gets_a_token_that_holds(http, world, curve):
    """The token is the agency's, with the key's roles; the answer is kept by nobody."""
    client = await Client(curve).registered(world)
    answer = await asked(http, client.assertion())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 3600, "READER PLANNER")
    assert answer.headers["cache-control"] == "no-store"
    viewer = (await Api(http, told["access_token"]).data(VIEWER))["viewer"]
    assert (viewer["agencyCode"], viewer["roles"]) == (OWN, ["READER", "PLANNER"])
    assert viewer["subject"] == f"client:{OWN}:Case system"
    assert 0 < viewer["limits"]["remaining"] <= viewer["limits"]["costPerMinute"]


async def test_less_may_be_asked_for_and_never_more(http, world):
    """A scope names roles; one that the key lacks is refused."""
    client = await Client().registered(world)
    told = (await asked(http, client.assertion(), scope="reader")).json()
    assert told["scope"] == "READER"
    refused = await asked(http, client.assertion(), scope="READER COORDINATOR")
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_scope")
    assert "READER, PLANNER" in refused.json()["error_description"]


async def test_an_assertion_is_good_once(http, world):
    """Ten times at once: one token."""
    client = await Client().registered(world)
    assertion = client.assertion()
    answers = await asyncio.gather(*(asked(http, assertion) for _ in range(10)))
    assert sorted(each.status_code for each in answers) == [200] + [401] * 9
    assert {each.json()["error"] for each in answers if each.status_code == 401} == {"invalid_client"}


NOW = time.time()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"exp": NOW - 3_600, "iat": NOW - 3_700}, "expired"),
        ({"exp": NOW + 90_000}, "longer than 10 minutes"),
        ({"iat": NOW + 3_600}, "lies ahead"),
        ({"aud": "http://another"}, "`aud`"),
        ({"iss": OTHER, "sub": OTHER}, "`iss`"),
        ({"sub": "somebody"}, "`sub`"),
        ({"jti": None}, "it lacks one"),
        ({"jti": "x"}, "`jti`"),
        ({"exp": None}, "it lacks one"),
        ({"headers": {"kid": "unknown"}}, "`kid`"),
    ],
)
async def test_what_does_not_hold_is_refused(http, world, change, what):
    """Each with what is wrong, for the one who wrote the client; none gets a token."""
    client = await Client().registered(world)
    answer = await asked(http, client.assertion(**change))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert what in answer.json()["error_description"]


async def test_other_keys_get_none(http, world):
    """A key for approvals, one that is over, one that was taken back, another's signature under the same id."""
    approver, over, back, own = [Client() for _ in range(4)]
    await approver.registered(world, use="APPROVAL", roles=None)
    await over.registered(world, end="2026-01-01T00:00:00Z")
    await back.registered(world)
    await world.run_outside("MATCH (k:AgencyKey {key_id: $id}) SET k.retired_at = 'x'", {"id": thumbprint(back.jwk)})
    await own.registered(world)
    thief = Client()
    forged = thief.assertion(headers={"kid": thumbprint(own.jwk)})
    none = ".".join(
        base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=")
        for each in ({"alg": "none", "kid": thumbprint(own.jwk)}, {"iss": OWN, "sub": OWN, "aud": "opsplan-local"})
    )
    for assertion in (approver.assertion(), over.assertion(), back.assertion(), forged, f"{none}."):
        answer = await asked(http, assertion)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "nothing"}, "invalid_request"),
        ({"client_assertion": None}, "invalid_request"),
        ({"client_assertion": "x" * 9_000}, "invalid_client"),
        ({"client_assertion": "x" * 30_000}, "invalid_request"),
        ({"client_assertion": "é.b.c"}, "invalid_client"),
    ],
)
async def test_a_request_that_is_none_is_refused(http, world, form, error):
    """As RFC 6749 has it, and never with a fault of ours."""
    answer = await asked(http, "a.b.c", **form)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == error


async def test_only_forms_are_taken(http, world):
    """JSON, doubled names and other methods are not."""
    assert (await http.post("/oauth/token", json={})).json()["error"] == "invalid_request"
    doubled = "grant_type=client_credentials&grant_type=client_credentials"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert (await http.post("/oauth/token", content=doubled, headers=headers)).json()["error"] == "invalid_request"
    assert (await http.get("/oauth/token")).status_code == 405


async def test_keys_of_clients_say_what_their_tokens_allow(api, world):
    """Without roles, with those of an administrator, or with roles for approvals, a key is not registered."""
    register = (
        "mutation ($input: CreateAgencyKeyInput!) { createAgencyKey(input: $input) { ... on Refusal { code field } } }"
    )
    given = {"name": "Key", "jwk": Client().jwk, "agencyId": agency_id(OWN), "ownerId": agency_id(OWN)}
    asks = api(OWN, Role.ADMINISTRATOR)
    for more in ({"use": "CLIENT"}, {"use": "CLIENT", "roles": ["ADMINISTRATOR"]}, {"roles": ["READER"]}):
        refused = (await asks.data(register, {"input": {**given, **more}}))["createAgencyKey"]
        assert refused == {"code": "INVALID", "field": "input.roles"}


async def test_clients_find_the_endpoint(http, service: Running, world):
    """What RFC 8414 asks for, with addresses under which it answers."""
    told = (await http.get("/.well-known/oauth-authorization-server")).json()
    assert told["token_endpoint"] == f"{service.url}/oauth/token"
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert set(told["scopes_supported"]) == {role.name for role in Role} - {"ADMINISTRATOR"}
    assert (await http.get(told["jwks_uri"])).json()["keys"]
