"""Systems of agencies that get tokens of the local issuer by a key of their own (RFC 7523, private_key_jwt).

A client signs an assertion with the private part of a key that is registered for its agency (`AgencyKey` with use
CLIENT). Each assertion is good once and for minutes; nothing secret ever leaves the client.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import jwt
from jwt.exceptions import PyJWTError

from opsplan.access.issuer import ISSUER, LocalIssuer
from opsplan.access.jwk import ALGORITHMS, NoPublicKey, public_key
from opsplan.access.store import CLIENT_KEY
from opsplan.graph.driver import Graph
from opsplan.records.writing.idempotency import take_once
from opsplan.vocabulary.actor import Role
from opsplan.vocabulary.clock import Clock, instant_text
from opsplan.vocabulary.sentences import Sentence, say

TOKEN_HOURS: Final = 1.0
"""How long a client's token holds."""
LONGEST_ASSERTION = timedelta(minutes=10)
"""How long an assertion may hold."""
MOST_CHARACTERS = 8_192
"""Of an assertion; longer ones are refused before anything is computed."""
_LEEWAY_S = 30


class NoClient(Exception):
    """Why no token is given: `error` is a code of RFC 6749, section 5.2; the message says what to do."""

    def __init__(self, error: str, message: Sentence) -> None:
        super().__init__(message)
        self.message = message
        self.error = error


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, for how many seconds it holds, and the roles that it carries."""

    token: str
    seconds: int
    roles: tuple[Role, ...]


async def grant_token(
    graph: Graph, clock: Clock, issuer: LocalIssuer, *, assertion: str, scope: str | None, audience: str
) -> Granted:
    """Give a token for an assertion.

    Parameters
    ----------
    assertion
        A JWT: `iss` and `sub` are the agency's code, `aud` is the issuer, with `exp`, `iat` and a new `jti`; its
        header's `kid` is the key's id.
    scope
        The roles asked for, parted by blanks; all that the key has, when None.
    audience
        Of the token.

    Raises
    ------
    NoClient
        When the assertion does not hold, or more is asked for than the key allows.
    """
    now = clock()
    key_id = _key_id(assertion)
    rows = await graph.read_rows(CLIENT_KEY, {"key_id": key_id, "now": instant_text(now)})
    if len(rows) != 1:
        raise NoClient("invalid_client", say("The assertion's `kid` names no key of a client that is in force."))
    jwk, name, names, agency_code = rows[0]
    claims = _verified(assertion, jwk, agency_code)
    if claims["exp"] - now.timestamp() > LONGEST_ASSERTION.total_seconds() + _LEEWAY_S:
        minutes = LONGEST_ASSERTION // timedelta(minutes=1)
        raise NoClient(
            "invalid_client",
            say("The assertion holds longer than {minutes} minutes: give an earlier `exp`.", minutes=minutes),
        )
    roles = _roles(names or (), scope)
    await _take(graph, f"assertion|{key_id}|{claims['jti']}", instant_text(now))
    token = issuer.issue(
        clock,
        agency_code=agency_code,
        roles=roles,
        audience=audience,
        hours=TOKEN_HOURS,
        subject=f"client:{agency_code}:{name}",
    )
    return Granted(token, round(TOKEN_HOURS * 3600), roles)


def _key_id(assertion: str) -> str:
    if len(assertion) > MOST_CHARACTERS:
        raise NoClient(
            "invalid_client",
            say("The assertion is longer than {most_characters:,} characters.", most_characters=MOST_CHARACTERS),
        )
    try:
        return str(jwt.get_unverified_header(assertion).get("kid"))
    except PyJWTError as failure:
        raise NoClient("invalid_client", say("The assertion is no signed JWT.")) from failure


def _verified(assertion: str, jwk: str, agency_code: str) -> Mapping[str, Any]:
    try:
        key = public_key(json.loads(jwk))
        claims: Mapping[str, Any] = jwt.decode(
            assertion,
            key,
            algorithms=[*ALGORITHMS.values()],
            audience=ISSUER,
            issuer=agency_code,
            leeway=_LEEWAY_S,
            options={"require": ["exp", "iat", "aud", "iss", "sub", "jti"]},
        )
    except (PyJWTError, NoPublicKey, ValueError) as failure:
        raise NoClient("invalid_client", say("The assertion does not hold: {why}", why=_why(failure))) from failure
    if claims["sub"] != agency_code:
        raise NoClient("invalid_client", say("The assertion's `sub` is not its `iss`, the agency's code."))
    jti = claims["jti"]
    if not isinstance(jti, str) or not 8 <= len(jti) <= 200:
        raise NoClient("invalid_client", say("The assertion's `jti` is no text of 8 to 200 characters."))
    return claims


def _why(failure: Exception) -> Sentence:
    words = {
        "ExpiredSignatureError": say("it has expired; make a new one for each token."),
        "ImmatureSignatureError": say("its `iat` or `nbf` lies ahead; set the clock."),
        "InvalidAudienceError": say("its `aud` is not {issuer}.", issuer=ISSUER),
        "InvalidIssuerError": say("its `iss` is not the code of the agency whose key signed it."),
        "MissingRequiredClaimError": say("it lacks one of `exp`, `iat`, `aud`, `iss`, `sub`, `jti`."),
    }
    return words.get(type(failure).__name__, say("its signature is not that of the key."))


def _roles(names: Sequence[str], scope: str | None) -> tuple[Role, ...]:
    allowed = tuple(role for role in Role if role.name in names)
    if scope is None or not scope.strip():
        return allowed
    asked = {each.upper() for each in scope.split()}
    if not asked <= {role.name for role in allowed}:
        had = ", ".join(role.name for role in allowed)
        raise NoClient(
            "invalid_scope", say("The key allows {roles}; ask for some of these, or leave the scope out.", roles=had)
        )
    return tuple(role for role in allowed if role.name in asked)


async def _take(graph: Graph, key: str, now: str) -> None:
    if not await graph.write(lambda tx: take_once(tx, key, now)):
        raise NoClient("invalid_client", say("The assertion was used before: make a new one, with a new `jti`."))
