"""Bearer tokens: JSON Web Tokens (RFC 7519) with pinned issuer, audience and asymmetric algorithms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidIssuerError,
    InvalidSignatureError,
    MissingRequiredClaimError,
    PyJWTError,
)

from opsplan.access.keys import Keys
from opsplan.access.refusal import Unauthenticated, bad_token
from opsplan.vocabulary.actor import Role

ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
"""Every algorithm that may be allowed. None of them verifies with a secret that a forger could learn."""

_REQUIRED = ("exp", "iat", "sub", "iss", "aud", "agency", "roles")
_LONGEST = 8_192
"""Characters of a token; longer ones are refused before anything is computed."""
_TYPES = frozenset({None, "jwt", "at+jwt", "application/at+jwt"})


@dataclass(frozen=True, slots=True)
class TokenPolicy:
    """What a token must show.

    Parameters
    ----------
    issuer, audience
        Its `iss`, and one of its `aud`.
    algorithms
        Signature algorithms that are accepted; each must be asymmetric.
    clock_skew_s
        Seconds by which the issuer's clock may differ from ours.
    """

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("RS256", "ES256", "EdDSA")
    clock_skew_s: float = 30.0

    def __post_init__(self) -> None:
        wrong = set(self.algorithms) - ASYMMETRIC
        if wrong or not self.algorithms:
            raise ValueError(f"algorithms: {sorted(wrong)} must not be accepted; choose from {sorted(ASYMMETRIC)}")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says.

    `expires_at` includes no leeway. `roles` holds the roles that we know, at least one.
    """

    subject: str
    agency_code: str
    roles: frozenset[Role]
    expires_at: datetime


async def verify(token: str, policy: TokenPolicy, keys: Keys) -> Claims:
    """Give the claims of a token that holds.

    Raises
    ------
    Unauthenticated
        If it does not; the message says why, and never repeats the token.
    Unavailable
        If the issuer's keys cannot be had.
    """
    if len(token) > _LONGEST:
        raise bad_token(f"is longer than {_LONGEST:,} characters")
    header = _header(token)
    algorithm = header.get("alg")
    if algorithm not in policy.algorithms:
        raise bad_token("is signed in a way that is not accepted", f"use one of {', '.join(policy.algorithms)}")
    kind = header.get("typ")
    if (kind.lower() if isinstance(kind, str) else kind) not in _TYPES:
        raise bad_token("is of another type", "send an access token (JWT)")
    key_id = header.get("kid")
    key = await keys.find(key_id if isinstance(key_id, str) else None)
    if key is None:
        raise bad_token("is signed with a key that its issuer does not publish")
    # The key says what it is for: a token cannot choose another algorithm for it.
    if key.algorithm_name != algorithm:
        raise bad_token("is signed in another way than its key is for")
    return _claims(_decode(token, key, policy))


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except (PyJWTError, ValueError) as failure:
        raise bad_token("is no JSON Web Token", "send the token as its issuer gave it") from failure


def _decode(token: str, key: jwt.PyJWK, policy: TokenPolicy) -> Mapping[str, Any]:
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[*policy.algorithms],
            audience=policy.audience,
            issuer=policy.issuer,
            leeway=policy.clock_skew_s,
            options={"require": list(_REQUIRED), "enforce_minimum_key_length": True},
        )
    except PyJWTError as failure:
        raise _refused(failure) from failure
    except (ValueError, TypeError, RecursionError) as failure:
        raise bad_token("cannot be read") from failure


def _refused(failure: PyJWTError) -> Unauthenticated:
    if isinstance(failure, ExpiredSignatureError):
        return bad_token("has expired")
    if isinstance(failure, ImmatureSignatureError):
        return bad_token("is not valid yet", "check that the clocks of issuer and service agree")
    if isinstance(failure, InvalidAudienceError):
        return bad_token("is for another audience", "ask your issuer for a token whose `aud` is this service")
    if isinstance(failure, InvalidIssuerError):
        return bad_token("is from another issuer")
    if isinstance(failure, InvalidSignatureError):
        return bad_token("has a signature that does not hold")
    if isinstance(failure, MissingRequiredClaimError):
        return bad_token(f"lacks the claim `{failure.claim}`")
    return bad_token("does not hold")


def _claims(payload: Mapping[str, Any]) -> Claims:
    subject, agency = payload["sub"], payload["agency"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 200:
        raise bad_token("has no usable `sub`", "it is a text of 1 to 200 characters")
    if not isinstance(agency, str) or not 0 < len(agency) <= 40:
        raise bad_token("has no usable claim `agency`", "it is the code of an agency, e.g. KH-NCB")
    names = payload["roles"]
    if not isinstance(names, list):
        raise bad_token("has no usable claim `roles`", f"it is a list of some of {', '.join(Role)}")
    # An issuer may know roles of other services; those say nothing here.
    roles = frozenset(role for role in Role if role in names)
    if not roles:
        raise bad_token("names no role of this service", f"`roles` is a list of some of {', '.join(Role)}")
    try:
        expires_at = datetime.fromtimestamp(int(payload["exp"]), tz=UTC)
    except (ValueError, OverflowError, OSError) as failure:
        raise bad_token("has no usable `exp`") from failure
    return Claims(subject, agency, roles, expires_at)
