"""The hot spot: writers of many agencies over two processes of the service claim one area, as fast as they can.

A writer claims without keys, is refused with those that are missing, shows them, and goes on until it is let in: as
others commit meanwhile, that may take several rounds. Only what is let in counts; how long it took, counts from the
first attempt.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.deconfliction.hot_claims import GROUND_AGENCY, Place, Places
from benchmarks.deconfliction.http import Asker, BadAnswer, create
from benchmarks.deconfliction.service import Apis

_UPSERT = """
mutation ($items: [UpsertClaimItem!]!) { upsertClaims(input: {items: $items}) { __typename
  ... on ClaimsUpserted { items { outcome } } ... on Refusal { code message } } }
"""
_MOST_ITEMS = 10_000
_PAUSE_S = 0.05


@dataclass(slots=True)
class Committed:
    """A claim that was let in: its name and id, whose it is, how many it met, and what that took."""

    external_id: str
    claim_id: str
    agency: str
    met: int
    attempts: int
    seconds: float


@dataclass(slots=True)
class Hot:
    """What was seen of the hot spot.

    Attributes
    ----------
    committed
        All that was let in.
    seconds
        How long the writers wrote.
    attempts
        How often the service was asked.
    refused
        Answers of other kinds than expected, by code.
    """

    committed: list[Committed] = field(default_factory=list)
    seconds: float = 0.0
    attempts: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def per_s(self) -> float:
        """Claims that were let in, a second."""
        return len(self.committed) / self.seconds


async def put_ground(apis: Apis, items: Sequence[dict[str, Any]]) -> None:
    """Have the claims be there that are there before.

    Raises
    ------
    BadAnswer
        If any is refused.
    """
    asker, token = Asker(apis.each[0].port), apis.token(GROUND_AGENCY)
    for start in range(0, len(items), _MOST_ITEMS):
        told = (await asker.ask(token, _UPSERT, {"items": items[start : start + _MOST_ITEMS]}))["upsertClaims"]
        if told["__typename"] != "ClaimsUpserted":
            raise BadAnswer(str(told)[:500])
    asker.close()


async def write_hot(
    apis: Apis, agencies: Sequence[str], places: Places, seconds: float, tell: Callable[[int], None]
) -> Hot:
    """Have one writer for each agency claim for so long; each brings its last claim to its end.

    Parameters
    ----------
    tell
        Called with the number of claims let in so far, now and then.
    """
    hot = Hot()
    begun = time.perf_counter()
    until = begun + seconds

    async def writer(number: int, agency: str) -> None:
        asker, token = Asker(apis.each[number % len(apis.each)].port), apis.token(agency)
        while time.perf_counter() < until and (place := places.take(agency)) is not None:
            await _claim(asker, token, agency, place, hot)
        asker.close()

    async def progress() -> None:
        while True:
            await asyncio.sleep(0.5)
            tell(len(hot.committed))

    telling = asyncio.create_task(progress())
    try:
        await asyncio.gather(*(writer(number, agency) for number, agency in enumerate(agencies)))
    finally:
        telling.cancel()
    hot.seconds = time.perf_counter() - begun
    return hot


async def _claim(asker: Asker, token: str, agency: str, place: Place, hot: Hot) -> None:
    seen: dict[str, None] = {}
    attempts = 0
    begun = time.perf_counter()
    while True:
        attempts += 1
        hot.attempts += 1
        try:
            told = await create(asker, token, {**place.input, "seen": list(seen)})
        except BadAnswer as bad:
            hot.refused[str(bad)[:120]] = hot.refused.get(str(bad)[:120], 0) + 1
            await asyncio.sleep(_PAUSE_S)
            continue
        if told["__typename"] == "Claim":
            took = time.perf_counter() - begun
            hot.committed.append(Committed(place.external_id, told["id"], agency, len(seen), attempts, took))
            return
        if told["__typename"] == "KeysMissingError":
            seen |= {each["key"]: None for each in told["missing"]}
            continue
        hot.refused[told["code"]] = hot.refused.get(told["code"], 0) + 1
        if told["code"] == "CONFLICT":
            raise BadAnswer(f"{place.external_id}: {told['message']}")
        await asyncio.sleep(_PAUSE_S)
