"""From a bearer token to an actor: the token is verified, its agency is looked up in the graph."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from opsplan.access.keys import Keys
from opsplan.access.refusal import bad_token, no_token
from opsplan.access.store import agency_id_of
from opsplan.access.tokens import Claims, TokenPolicy, verify
from opsplan.graph.driver import Graph
from opsplan.vocabulary.actor import Actor
from opsplan.vocabulary.sentences import say

_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is at the other end of a call, and until when their token holds."""

    actor: Actor
    expires_at: datetime


class Identity:
    """Turns tokens into callers.

    Parameters
    ----------
    policy, keys
        What a token must show, and the keys that verify it.
    graph
        Where agencies are looked up.
    remember_s
        Seconds for which an agency's id, and a verified token, is remembered; a retired agency, and a token whose key
        its issuer took back, is let in no longer than that.
    monotonic
        Seconds of a clock that never goes back.
    """

    def __init__(
        self,
        policy: TokenPolicy,
        keys: Keys,
        graph: Graph,
        *,
        remember_s: float = 15.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.policy = policy
        self._keys = keys
        self._graph = graph
        self._remember_s = remember_s
        self._monotonic = monotonic
        self._known: dict[str, tuple[str, float]] = {}
        self._verified: dict[bytes, tuple[Claims, float]] = {}

    async def of_header(self, authorization: str | None) -> Caller:
        """Give the caller of an ``Authorization: Bearer`` header.

        Raises
        ------
        Unauthenticated
            Without a token, with one that does not hold, or with one for an agency that is not there.
        """
        if authorization is None:
            raise no_token()
        scheme, _, token = authorization.strip().partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise no_token()
        return await self.of_token(token.strip())

    async def of_token(self, token: str) -> Caller:
        """Give the caller that a token names; raises as `of_header`."""
        claims = await self._claims(token)
        agency_id = await self._agency_id(claims.agency_code)
        return Caller(Actor(claims.subject, agency_id, claims.agency_code, claims.roles), claims.expires_at)

    async def _claims(self, token: str) -> Claims:
        """Verify a token, or remember that it held a moment ago: its signature is as good as then."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        now_s = self._monotonic()
        known = self._verified.get(digest)
        if known is not None and now_s < known[1]:
            return known[0]
        claims = await verify(token, self.policy, self._keys)
        if len(self._verified) >= _MOST_REMEMBERED:
            self._verified.clear()
        # Never beyond its end, and not so long that a key which its issuer took back holds on.
        left_s = (claims.expires_at - datetime.now(UTC)).total_seconds()  # noqa: TID251 - as its verification does
        self._verified[digest] = (claims, now_s + min(self._remember_s, left_s))
        return claims

    async def _agency_id(self, code: str) -> str:
        now_s = self._monotonic()
        known = self._known.get(code)
        if known is not None and now_s - known[1] < self._remember_s:
            return known[0]
        agency_id = await agency_id_of(self._graph, code)
        if agency_id is None:
            self._known.pop(code, None)
            raise bad_token(
                say("is for the agency {code}, which this service does not know", code=code),
                say("enter the agency first (`opsplan load`), or ask with a token of one that is there"),
            )
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[code] = (agency_id, now_s)
        return agency_id
