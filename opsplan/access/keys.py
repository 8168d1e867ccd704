"""The public keys that tokens are verified with: fetched from an issuer and kept for a while, or given.

Rotation works without a restart: keys are fetched again after a while, and at once when a token names a key that is
not known (at most once in some seconds, so that nobody can make us hammer the issuer). While the issuer is down the
keys known last stay in force, for a stated time.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import structlog
from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWTError

from opsplan.vocabulary.errors import Unavailable
from opsplan.vocabulary.sentences import say

_log = structlog.get_logger("opsplan.access")


class Keys(Protocol):
    """Where the verifier finds keys."""

    async def find(self, key_id: str | None) -> PyJWK | None:
        """Give the key of this id, or None when there is none.

        Without an id: the only key there is, or None when there are several.
        """
        ...


class GivenKeys:
    """Keys that never change: those of the local issuer."""

    def __init__(self, key_set: Mapping[str, Any]) -> None:
        self._by_id = usable_keys(key_set)

    async def find(self, key_id: str | None) -> PyJWK | None:
        """Give a key, as `Keys` says."""
        return _pick(self._by_id, key_id)


class FetchedKeys:
    """Keys that an issuer publishes at an address.

    Parameters
    ----------
    url
        Address of the key set (JWKS).
    refresh_s
        Seconds after which the set is fetched again.
    pause_s
        Least seconds between two fetches, whatever tokens ask for.
    stale_s
        Seconds for which the last known set serves while the issuer does not answer.
    timeout_s
        Seconds that one fetch may take.
    monotonic
        Seconds of a clock that never goes back.
    """

    def __init__(
        self,
        url: str,
        *,
        refresh_s: float = 300.0,
        pause_s: float = 10.0,
        stale_s: float = 86_400.0,
        timeout_s: float = 5.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        # Its own cache forgets all keys when a fetch fails and its lock is a thread's: only its fetch is used.
        self._client = PyJWKClient(url, cache_jwk_set=False, timeout=timeout_s)
        self._refresh_s = refresh_s
        self._pause_s = pause_s
        self._stale_s = stale_s
        self._monotonic = monotonic
        self._by_id: dict[str, PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None

    async def find(self, key_id: str | None) -> PyJWK | None:
        """Give a key, as `Keys` says.

        Raises
        ------
        Unavailable
            When no key set could ever be fetched, or the last one is too old.
        """
        if self._fetched_at is None:
            await self._fetch()
        elif self._age_s() > self._refresh_s and (self._renewal is None or self._renewal.done()):
            # Nobody waits for a slow issuer while the keys at hand still serve.
            self._renewal = asyncio.create_task(self._fetch())
        key = self._pick(key_id)
        if key is None and key_id is not None:
            await self._fetch()
            key = self._pick(key_id)
        return key

    async def close(self) -> None:
        """Wait for a fetch under way; it lasts no longer than its time-out."""
        if self._renewal is not None:
            await self._renewal

    def _pick(self, key_id: str | None) -> PyJWK | None:
        if self._age_s() > self._stale_s:
            raise Unavailable(
                say("The issuer's keys cannot be had at present, so tokens cannot be verified; try again."),
                remedy=say("look whether the address in OPSPLAN_TOKEN_JWKS_URL answers"),
            )
        return _pick(self._by_id, key_id)

    def _age_s(self) -> float:
        return float("inf") if self._fetched_at is None else self._monotonic() - self._fetched_at

    async def _fetch(self) -> None:
        """Fetch the set unless that was just tried; on failure keep what is known."""
        asked_at = self._monotonic()
        async with self._lock:
            if self._tried_at is not None and (
                self._tried_at >= asked_at or self._monotonic() - self._tried_at < self._pause_s
            ):
                return
            try:
                key_set = await asyncio.to_thread(self._client.fetch_data)
                by_id = usable_keys(key_set)
            except (PyJWTError, ValueError, OSError) as failure:
                _log.warning("token_keys_not_fetched", failure=type(failure).__name__, known_keys=len(self._by_id))
            else:
                self._by_id, self._fetched_at = by_id, self._monotonic()
                _log.info("token_keys_fetched", keys=len(by_id))
            finally:
                self._tried_at = self._monotonic()


def usable_keys(key_set: Mapping[str, Any]) -> dict[str, PyJWK]:
    """Give the signature keys of a set (RFC 7517) by id, leaving out what we cannot or must not use.

    Left out are symmetric keys (a public set must hold none), keys for encryption, and kinds that are unknown.
    A key without an id gets an empty one.

    Raises
    ------
    ValueError
        If it is no key set.
    """
    entries = key_set.get("keys") if isinstance(key_set, Mapping) else None
    if not isinstance(entries, list):
        raise ValueError("a key set has a list `keys`")
    found: dict[str, PyJWK] = {}
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("kty") == "oct" or entry.get("use", "sig") != "sig":
            continue
        try:
            key = PyJWK({name: value for name, value in entry.items() if name != "d"})
        except (PyJWTError, ValueError, TypeError):
            continue
        found.setdefault(str(entry.get("kid", "")), key)
    return found


def _pick(by_id: Mapping[str, PyJWK], key_id: str | None) -> PyJWK | None:
    if key_id is not None:
        return by_id.get(key_id)
    return next(iter(by_id.values())) if len(by_id) == 1 else None
