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
from opsplan.vocabulary.sentences import say

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
        raise bad_token(say("is longer than {longest:,} characters", longest=_LONGEST))
    header = _header(token)
    algorithm = header.get("alg")
    if algorithm not in policy.algorithms:
        raise bad_token(
            say("is signed in a way that is not accepted"),
            say("use one of {algorithms}", algorithms=list(policy.algorithms)),
        )
    kind = header.get("typ")
    if (kind.lower() if isinstance(kind, str) else kind) not in _TYPES:
        raise bad_token(say("is of another type"), say("send an access token (JWT)"))
    key_id = header.get("kid")
    key = await keys.find(key_id if isinstance(key_id, str) else None)
    if key is None:
        raise bad_token(say("is signed with a key that its issuer does not publish"))
    # The key says what it is for: a token cannot choose another algorithm for it.
    if key.algorithm_name != algorithm:
        raise bad_token(say("is signed in another way than its key is for"))
    return _claims(_decode(token, key, policy))


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except (PyJWTError, ValueError) as failure:
        raise bad_token(say("is no JSON Web Token"), say("send the token as its issuer gave it")) from failure


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
        raise bad_token(say("cannot be read")) from failure


def _refused(failure: PyJWTError) -> Unauthenticated:
    if isinstance(failure, ExpiredSignatureError):
        return bad_token(say("has expired"))
    if isinstance(failure, ImmatureSignatureError):
        return bad_token(say("is not valid yet"), say("check that the clocks of issuer and service agree"))
    if isinstance(failure, InvalidAudienceError):
        return bad_token(say("is for another audience"), say("ask your issuer for a token whose `aud` is this service"))
    if isinstance(failure, InvalidIssuerError):
        return bad_token(say("is from another issuer"))
    if isinstance(failure, InvalidSignatureError):
        return bad_token(say("has a signature that does not hold"))
    if isinstance(failure, MissingRequiredClaimError):
        return bad_token(say("lacks the claim `{claim}`", claim=failure.claim))
    return bad_token(say("does not hold"))


def _claims(payload: Mapping[str, Any]) -> Claims:
    subject, agency = payload["sub"], payload["agency"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 200:
        raise bad_token(say("has no usable `sub`"), say("it is a text of 1 to 200 characters"))
    if not isinstance(agency, str) or not 0 < len(agency) <= 40:
        raise bad_token(say("has no usable claim `agency`"), say("it is the code of an agency, e.g. KH-NCB"))
    names = payload["roles"]
    if not isinstance(names, list):
        raise bad_token(say("has no usable claim `roles`"), say("it is a list of some of {roles}", roles=list(Role)))
    # An issuer may know roles of other services; those say nothing here.
    roles = frozenset(role for role in Role if role in names)
    if not roles:
        raise bad_token(
            say("names no role of this service"), say("`roles` is a list of some of {roles}", roles=list(Role))
        )
    try:
        expires_at = datetime.fromtimestamp(int(payload["exp"]), tz=UTC)
    except (ValueError, OverflowError, OSError) as failure:
        raise bad_token(say("has no usable `exp`")) from failure
    return Claims(subject, agency, roles, expires_at)
