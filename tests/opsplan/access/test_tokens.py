"""Tokens: only one that is signed by its issuer, for this service, now, with all claims, is let in."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from opsplan.access.keys import GivenKeys
from opsplan.access.refusal import Unauthenticated
from opsplan.access.tokens import TokenPolicy, verify
from opsplan.vocabulary.actor import Role

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
POLICY = TokenPolicy("https://issuer.example", "opsplan")


def _jwk(algorithm: Any, private: Any, key_id: str, **more: Any) -> dict[str, Any]:
    return {**json.loads(algorithm.to_jwk(private.public_key())), "kid": key_id, **more}


KEYS = GivenKeys(
    {
        "keys": [
            _jwk(RSAAlgorithm, RSA, "rsa", alg="RS256", use="sig"),
            _jwk(ECAlgorithm, EC, "ec"),
            _jwk(OKPAlgorithm, ED, "ed"),
            _jwk(RSAAlgorithm, OTHER_RSA, "for-encryption", use="enc"),
            {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ", "kid": "shared", "alg": "HS256"},
        ]
    }
)
SIGNERS = {"rsa": (RSA, "RS256"), "ec": (EC, "ES256"), "ed": (ED, "EdDSA")}


def claims(**changed: Any) -> dict[str, Any]:
    """Give the claims of a token that holds, some of them changed; one set to None is left out."""
    now = datetime.now(UTC)
    given = {
        "iss": "https://issuer.example",
        "aud": "opsplan",
        "sub": "anna",
        "agency": "XA-NCB",
        "roles": ["PLANNER"],
        "iat": now,
        "exp": now + timedelta(hours=1),
        **changed,
    }
    return {name: value for name, value in given.items() if value is not None}


def signed(payload: dict[str, Any], key_id: str = "rsa", **headers: Any) -> str:
    """Sign claims with one of the known keys."""
    key, algorithm = SIGNERS[key_id]
    plain = {name: int(each.timestamp()) if isinstance(each, datetime) else each for name, each in payload.items()}
    # Not by jwt.encode: it would refuse to make some of the wrong tokens.
    return jwt.api_jws.encode(json.dumps(plain).encode(), key, algorithm=algorithm, headers={"kid": key_id, **headers})


def _part(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def _plain_claims(**changed: Any) -> dict[str, Any]:
    return {
        name: int(value.timestamp()) if isinstance(value, datetime) else value
        for name, value in claims(**changed).items()
    }


@pytest.mark.parametrize("key_id", ["rsa", "ec", "ed"])
async def test_a_token_signed_by_any_key_of_the_issuer_holds(key_id):
    """RSA, elliptic-curve and Edwards-curve signatures are verified with the key that the token names."""
    told = await verify(signed(claims(), key_id), POLICY, KEYS)
    assert (told.subject, told.agency_code, told.roles) == ("anna", "XA-NCB", frozenset({Role.PLANNER}))
    assert told.expires_at > datetime.now(UTC)


NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"exp": NOW - timedelta(minutes=2)}, "has expired"),
        ({"exp": None}, "lacks the claim `exp`"),
        ({"iat": None}, "lacks the claim `iat`"),
        ({"iat": NOW + timedelta(minutes=5)}, "not valid yet"),
        ({"nbf": NOW + timedelta(minutes=5)}, "not valid yet"),
        ({"sub": None}, "lacks the claim `sub`"),
        ({"sub": ""}, "`sub`"),
        ({"sub": "x" * 300}, "`sub`"),
        ({"aud": None}, "lacks the claim `aud`"),
        ({"aud": "another"}, "another audience"),
        ({"aud": ["another", "third"]}, "another audience"),
        ({"iss": None}, "lacks the claim `iss`"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"iss": ["https://issuer.example"]}, "issuer"),
        ({"agency": None}, "lacks the claim `agency`"),
        ({"agency": ["XA-NCB"]}, "claim `agency`"),
        ({"agency": "X" * 41}, "claim `agency`"),
        ({"roles": None}, "lacks the claim `roles`"),
        ({"roles": "ADMINISTRATOR"}, "claim `roles`"),
        ({"roles": []}, "names no role"),
        ({"roles": ["administrator", "root", {"a": 1}]}, "names no role"),
        ({"exp": 10**30}, "`exp`"),
    ],
)
async def test_a_token_with_wrong_claims_is_refused_with_the_reason(changed, words):
    """Expired, early, foreign or incomplete tokens are refused, and the holder is told why."""
    with pytest.raises(Unauthenticated) as caught:
        await verify(signed(claims(**changed)), POLICY, KEYS)
    assert words in caught.value.message


async def test_a_clock_that_differs_a_little_is_borne():
    """Within the agreed skew an issuer's clock may be ahead, or a token just over."""
    now = datetime.now(UTC)
    await verify(signed(claims(iat=now + timedelta(seconds=20))), POLICY, KEYS)
    await verify(signed(claims(exp=now - timedelta(seconds=20))), POLICY, KEYS)


async def test_roles_of_other_services_say_nothing():
    """Roles that are not ours are passed over beside one that is."""
    told = await verify(signed(claims(roles=["billing", "READER", 7])), POLICY, KEYS)
    assert told.roles == {Role.READER}


def _forged_none(kind: str) -> str:
    return f"{_part({'alg': kind, 'typ': 'JWT', 'kid': 'rsa'})}.{_part(_plain_claims(roles=['ADMINISTRATOR']))}."


def _hs256(secret: bytes, key_id: str) -> str:
    body = f"{_part({'alg': 'HS256', 'typ': 'JWT', 'kid': key_id})}.{_part(_plain_claims())}"
    return f"{body}.{_part(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


def _public_pem() -> bytes:
    return RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _tampered() -> str:
    head, _, tail = signed(claims()).split(".")
    return f"{head}.{_part(_plain_claims(roles=['ADMINISTRATOR']))}.{tail}"


def _with_own_key() -> str:
    """A token that brings the key to verify it with."""
    return jwt.encode(
        claims(),
        OTHER_RSA,
        algorithm="RS256",
        headers={"kid": "mine", "jwk": _jwk(RSAAlgorithm, OTHER_RSA, "mine"), "jku": "http://127.0.0.1:1/jwks"},
    )


FORGERIES = {
    "alg none": _forged_none("none"),
    "alg None": _forged_none("None"),
    "alg nOnE": _forged_none("nOnE"),
    "HS256 with the public key": _hs256(_public_pem(), "rsa"),
    "HS256 with a shared key of the set": _hs256(b"secret-secret-secret-secret-1234", "shared"),
    "another key under a known id": jwt.encode(claims(), OTHER_RSA, algorithm="RS256", headers={"kid": "rsa"}),
    "an unknown key": jwt.encode(claims(), OTHER_RSA, algorithm="RS256", headers={"kid": "unknown"}),
    "no key id with several keys": jwt.encode(claims(), RSA, algorithm="RS256"),
    "a key for encryption": jwt.encode(claims(), OTHER_RSA, algorithm="RS256", headers={"kid": "for-encryption"}),
    "another algorithm of the same key": jwt.encode(claims(), RSA, algorithm="PS256", headers={"kid": "rsa"}),
    "an algorithm that is not pinned": jwt.encode(claims(), RSA, algorithm="RS512", headers={"kid": "rsa"}),
    "its own key": _with_own_key(),
    "changed claims": _tampered(),
    "no signature": signed(claims()).rsplit(".", 1)[0] + ".",
    "an unknown critical header": signed(claims(), crit=["exp"]),
    "another type": signed(claims(), typ="logout+jwt"),
    "a key id that is no text": signed(claims(), kid=""),
    "no token": "hello",
    "two parts": "a.b",
    "five parts": "a.b.c.d.e",
    "no JSON": f"{_part(b'{')}.{_part(b'{}')}.x",
    "a header that is a list": f"{_part([])}.{_part({})}.{_part(b'x')}",
    "a payload that is a list": jwt.api_jws.encode(b"[]", RSA, algorithm="RS256", headers={"kid": "rsa"}),
    "not ASCII": "\u00e9.\u00e9.\u00e9",
    "empty": "",
    "very long": signed(claims(sub="x" * 20_000)),
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_or_malformed_token_is_refused(name):
    """No trick with algorithm, key, type or form lets a token in; the refusal repeats nothing of it."""
    token = FORGERIES[name]
    with pytest.raises(Unauthenticated) as caught:
        await verify(token, POLICY, KEYS)
    assert len(token) < 6 or token not in str(caught.value.message)


def test_a_symmetric_algorithm_cannot_even_be_configured():
    """A policy that would accept a shared secret, or nothing at all, cannot be made."""
    for algorithms in (("HS256",), ("RS256", "none"), ()):
        with pytest.raises(ValueError, match="algorithms"):
            TokenPolicy("i", "a", algorithms)


async def test_a_key_too_short_to_be_safe_verifies_nothing():
    """An RSA key of 1024 bits, published by the issuer itself, lets no token in."""
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    keys = GivenKeys({"keys": [_jwk(RSAAlgorithm, weak, "weak")]})
    head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": "weak"}).encode()).rstrip(b"=")
    body = head + b"." + base64.urlsafe_b64encode(json.dumps(_plain_claims()).encode()).rstrip(b"=")
    signature = weak.sign(body, padding.PKCS1v15(), hashes.SHA256())
    token = body + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
    with pytest.raises(Unauthenticated):
        await verify(token.decode(), POLICY, keys)
