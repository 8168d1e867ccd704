"""The hot spot: writers of many agencies over two processes of the service claim one area, as fast as they can.

A writer claims without keys, is refused with those that are missing, shows them, and goes on until it is let in: as
others commit meanwhile, that may take several rounds. Only what is let in counts; how long it took, counts from the
first attempt. A server that was started a moment ago still compiles itself and plans what it is asked, for most of a
minute; until then what is let in is counted in the end like all else, and makes no figure.
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
    """A claim that was let in: its name and id, whose it is, how many it met, and what that took.

    `is_warm` says that it was begun when the server was warm.
    """

    external_id: str
    claim_id: str
    agency: str
    met: int
    attempts: int
    seconds: float
    is_warm: bool


@dataclass(slots=True)
class Hot:
    """What was seen of the hot spot.

    Attributes
    ----------
    committed
        All that was let in.
    seconds
        How long the writers wrote once it was warm.
    let_in
        How many were let in meanwhile.
    attempts
        How often the service was asked for all.
    refused
        Answers of other kinds than expected, by code.
    """

    committed: list[Committed] = field(default_factory=list)
    seconds: float = 0.0
    let_in: int = 0
    attempts: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def per_s(self) -> float:
        """Claims that were let in, a second, once it was warm."""
        return self.let_in / self.seconds

    @property
    def warm(self) -> list[Committed]:
        """What was begun once it was warm."""
        return [each for each in self.committed if each.is_warm]


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
    apis: Apis,
    agencies: Sequence[str],
    places: Places,
    *,
    warm_s: float,
    seconds: float,
    when_warm: Callable[[], None],
    tell: Callable[[int], None],
) -> Hot:
    """Have one writer for each agency claim for so long; each brings its last claim to its end.

    Parameters
    ----------
    warm_s, seconds
        For how long to get warm, and how long after that.
    when_warm
        Called when it is.
    tell
        Called with the number of claims let in so far, now and then.
    """
    hot = Hot()
    begun = time.perf_counter() + warm_s
    until = begun + seconds

    async def writer(number: int, agency: str) -> None:
        asker, token = Asker(apis.each[number % len(apis.each)].port), apis.token(agency)
        while time.perf_counter() < until and (place := places.take(agency)) is not None:
            await _claim(asker, token, agency, place, hot, is_warm=time.perf_counter() >= begun)
        asker.close()

    async def progress() -> None:
        while True:
            await asyncio.sleep(0.5)
            tell(len(hot.committed))

    async def get_warm() -> None:
        await asyncio.sleep(warm_s)
        when_warm()
        before = len(hot.committed)
        await asyncio.sleep(seconds)
        hot.let_in = len(hot.committed) - before

    telling = asyncio.create_task(progress())
    warming = asyncio.create_task(get_warm())
    try:
        await asyncio.gather(*(writer(number, agency) for number, agency in enumerate(agencies)))
        await warming
    finally:
        telling.cancel()
        warming.cancel()
    hot.seconds = seconds
    return hot


async def _claim(asker: Asker, token: str, agency: str, place: Place, hot: Hot, *, is_warm: bool) -> None:
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
            hot.committed.append(Committed(place.external_id, told["id"], agency, len(seen), attempts, took, is_warm))
            return
        if told["__typename"] == "KeysMissingError":
            seen |= {each["key"]: None for each in told["missing"]}
            continue
        hot.refused[told["code"]] = hot.refused.get(told["code"], 0) + 1
        if told["code"] == "CONFLICT":
            raise BadAnswer(f"{place.external_id}: {told['message']}")
        await asyncio.sleep(_PAUSE_S)
