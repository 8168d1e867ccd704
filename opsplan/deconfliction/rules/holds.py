"""What claims hold of pools: beds, interpreters, aircraft of a country, over time; exactly, and as it may be told.

A claim holds of a pool what its capacities add up to at each instant. Of what is hidden, others see for each spell of
hours the most that is held in it, rounded up to a power of two: so whoever asks again and again learns no more, and as
that is never less than what is held, no true conflict is missed.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from opsplan.deconfliction.rules.given import WronglyGiven, choice_of, country_of, number_of, object_of
from opsplan.operations.model import ResourceKind
from opsplan.records.codes import LANGUAGE_CODES
from opsplan.records.values import canonical_json
from opsplan.vocabulary.clock import instant_from_text, instant_text
from opsplan.vocabulary.interval import Interval
from opsplan.vocabulary.sentences import Sentence, say

MOST_CAPACITIES: Final = 50
LARGEST_AMOUNT: Final = 1_000_000
LONGEST_MINUTES: Final = 40_320
"""As of the needs of a mode."""
_MEMBERS: Final = frozenset({"country", "kind", "language", "amount", "after_start_minutes", "held_minutes"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime.max.replace(microsecond=0, tzinfo=UTC)

Spell = tuple[datetime, datetime, int]
"""From when until when, exclusive, how much."""


@dataclass(frozen=True, slots=True, order=True)
class Pool:
    """All resources of one kind and language that a country holds, in one of the two worlds."""

    country: str
    kind: str
    language: str = ""
    exercise: bool = False

    @property
    def key(self) -> str:
        """Under which text its holds are found."""
        return "|".join(("EXERCISE" if self.exercise else "LIVE", self.country, self.kind, self.language))

    @property
    def title(self) -> Sentence:
        """Name it for people."""
        if self.language:
            return say("{kind} ({language}) in {country}", kind=self.kind, language=self.language, country=self.country)
        return say("{kind} in {country}", kind=self.kind, country=self.country)


@dataclass(frozen=True, slots=True, order=True)
class Hold:
    """How much a claim holds of a pool from an instant until another, exclusive; of one pool no two overlap."""

    pool: Pool
    start: datetime
    end: datetime
    amount: int


def check_capacities(given: Any) -> None:
    """Hold what a claim is entered with to being a list of objects with `country`, `kind` and `amount` at least.

    Raises
    ------
    WronglyGiven
        Where one of them is none; it says which, and why.
    """
    if not isinstance(given, list) or len(given) > MOST_CAPACITIES:
        raise WronglyGiven("", say("it is no list of at most {most} capacities", most=MOST_CAPACITIES), _SHAPE)
    for place, each in enumerate(given):
        path = f"[{place}]"
        known = object_of(each, _MEMBERS, path, _SHAPE)
        country_of(known.get("country"), f"{path}.country")
        kind = choice_of(ResourceKind, known.get("kind"), f"{path}.kind")
        _check_language(known.get("language"), kind, f"{path}.language")
        number_of(known.get("amount"), 1, LARGEST_AMOUNT, f"{path}.amount")
        for name, least in (("after_start_minutes", 0), ("held_minutes", 1)):
            if known.get(name) is not None:
                number_of(known[name], least, LONGEST_MINUTES, f"{path}.{name}")


def _check_language(given: Any, kind: ResourceKind, path: str) -> None:
    if given is None:
        return
    if not isinstance(given, str) or given not in LANGUAGE_CODES:
        raise WronglyGiven(path, say("it is no ISO 639 language code"), say("give a code such as km"))
    if kind is not ResourceKind.INTERPRETER:
        raise WronglyGiven(path, say("only interpreters have a language"), say("leave the language out"))


def holds_of(given: str | None, time: Interval, *, exercise: bool) -> tuple[Hold, ...]:
    """Give what a stored claim holds; what would begin after it has ended is not held."""
    if given is None:
        return ()
    spans: dict[Pool, list[Spell]] = {}
    for each in json.loads(given):
        pool = Pool(each["country"], each["kind"], each.get("language") or "", exercise)
        start = _later(time.start, each.get("after_start_minutes") or 0)
        minutes = each.get("held_minutes")
        end = time.end if minutes is None else _later(start, minutes)
        if start < end:
            spans.setdefault(pool, []).append((start, end, each["amount"]))
    return _all_holds(spans, sum)


def veiled_holds(holds: Sequence[Hold], hours: int) -> tuple[Hold, ...]:
    """Give what those see of holds from whom they are hidden: by whole spells of hours, the power of two above."""
    spans: dict[Pool, list[Spell]] = {}
    for each in holds:
        start, end = spells_of(each.start, each.end, hours)
        spans.setdefault(each.pool, []).append((start, end, 1 << (each.amount - 1).bit_length()))
    return _all_holds(spans, max)


def spells_of(start: datetime, end: datetime, hours: int) -> tuple[datetime, datetime]:
    """Give the whole spells of hours, counted from midnight UTC, that a time touches."""
    spell = timedelta(hours=hours)
    over = (end - _EPOCH) % spell
    return start - (start - _EPOCH) % spell, end if not over else min(end - over, _LAST - spell) + spell


def hulls_of(holds: Iterable[Hold]) -> dict[Pool, tuple[datetime, datetime]]:
    """Give of each pool from when until when something of it is held."""
    found: dict[Pool, tuple[datetime, datetime]] = {}
    for each in holds:
        start, end = found.get(each.pool, (each.start, each.end))
        found[each.pool] = min(start, each.start), max(end, each.end)
    return found


def holds_no_more(holds: Sequence[Hold], before: Sequence[Hold]) -> bool:
    """Whether at no instant more of a pool is held than before."""
    spans: dict[Pool, list[Spell]] = {}
    for sign, those in ((1, holds), (-1, before)):
        for each in those:
            spans.setdefault(each.pool, []).append((each.start, each.end, sign * each.amount))
    return all(amount <= 0 for those in spans.values() for _, _, amount in steps(those, sum))


def plain_holds(holds: Iterable[Hold]) -> list[list[Any]]:
    """Give holds as plain values that differ where they do; `holds_from_plain` reads them."""
    return [[*astuple(each.pool), instant_text(each.start), instant_text(each.end), each.amount] for each in holds]


def holds_from_plain(given: Iterable[Sequence[Any]]) -> tuple[Hold, ...]:
    """Read what `plain_holds` has given."""
    return tuple(
        Hold(Pool(*pool), instant_from_text(start), instant_from_text(end), amount)
        for *pool, start, end, amount in given
    )


def steps(spans: Iterable[Spell], together: Callable[[list[int]], int]) -> list[Spell]:
    """Give what spans come to at each instant, `together` of those that hold it, as spells that do not overlap."""
    known = list(spans)
    instants = sorted({instant for start, end, _ in known for instant in (start, end)})
    found: list[Spell] = []
    for start, end in pairwise(instants):
        amounts = [amount for first, last, amount in known if first <= start and end <= last]
        if not amounts or not (amount := together(amounts)):
            continue
        if found and found[-1][1] == start and found[-1][2] == amount:
            start = found.pop()[0]
        found.append((start, end, amount))
    return found


def _all_holds(spans: Mapping[Pool, Sequence[Spell]], together: Callable[[list[int]], int]) -> tuple[Hold, ...]:
    return tuple(Hold(pool, *each) for pool in sorted(spans) for each in steps(spans[pool], together))


def _later(instant: datetime, minutes: int) -> datetime:
    return instant + min(timedelta(minutes=minutes), _LAST - instant)


_SAMPLE: Final = canonical_json(
    [{"country": "KH", "kind": "BED", "amount": 35, "after_start_minutes": 180, "held_minutes": 4320}]
)
_SHAPE: Final = say("give capacities such as {sample}", sample=_SAMPLE)
