"""The claims of the hot spot: one area, and times at which each meets five to ten others of other agencies.

Time is cut into spells that lie so far apart that claims of two of them do not conflict. In each, one agency has
claimed five times before the others come; six more agencies then claim the same spell. Who comes last meets ten.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from opsplan.vocabulary.clock import instant_text

GROUND_AGENCY = "EX-GROUND"
"""Whose claims are there before."""
GROUND = 5
"""How many claims of its own are in each spell."""
PLACES = 6
"""How many agencies claim a spell after that."""

_FIRST = datetime(2027, 1, 1, tzinfo=UTC)
_EVERY = timedelta(hours=8)
_CENTRE = (104.9, 11.5)
_JITTER_DEGREES = 0.001
_KIND = "RAID"


@dataclass(frozen=True, slots=True)
class Place:
    """A claim to be made: the spell, and its name."""

    spell: int
    external_id: str
    input: dict[str, Any]


def ground(spells: range, seed: int) -> list[dict[str, Any]]:
    """Give the claims that are there before, as `upsertClaims` takes them."""
    chance = random.Random(seed)
    return [_claim(chance, spell, f"ground-{spell}-{number}") for spell in spells for number in range(GROUND)]


class Places:
    """The claims to be made, in the order in which writers take them: among some spells that are open at a time.

    Parameters
    ----------
    spells
        How many there are in all.
    open_at_once
        Among how many of them the next claim is drawn. The fewer, the more often two writers meet who have not seen
        each other.
    """

    def __init__(self, spells: int, open_at_once: int, seed: int) -> None:
        self._chance = random.Random(seed + 1)
        self._waiting = iter(range(spells))
        self._open: dict[int, list[int]] = {}
        self._open_at_once = open_at_once
        self._taken: dict[int, set[str]] = {}

    def take(self, agency: str) -> Place | None:
        """Give an agency its next claim, in a spell where it has none; None when all are taken."""
        while len(self._open) < self._open_at_once and (spell := next(self._waiting, None)) is not None:
            self._open[spell] = list(range(PLACES))
            self._taken[spell] = set()
        free = [spell for spell in self._open if agency not in self._taken[spell]]
        if not free:
            spell = next(self._waiting, None)
            if spell is None:
                return None
            self._open[spell], self._taken[spell] = list(range(PLACES)), set()
        else:
            spell = self._chance.choice(free)
        number = self._open[spell].pop()
        self._taken[spell].add(agency)
        if not self._open[spell]:
            del self._open[spell], self._taken[spell]
        name = f"hot-{spell}-{number}"
        return Place(spell, name, _claim(self._chance, spell, name))


def _claim(chance: random.Random, spell: int, external_id: str) -> dict[str, Any]:
    begin = _FIRST + spell * _EVERY
    longitude, latitude = (each + chance.uniform(-_JITTER_DEGREES, _JITTER_DEGREES) for each in _CENTRE)
    return {
        "externalId": external_id,
        "name": f"EXERCISE {external_id}",
        "kind": _KIND,
        "location": {"longitude": longitude, "latitude": latitude},
        "radiusM": float(chance.choice((50, 100, 200))),
        "start": instant_text(begin + timedelta(minutes=chance.randrange(30))),
        "end": instant_text(begin + timedelta(minutes=120 + chance.randrange(60))),
    }


def spell_of(external_id: str) -> int:
    """Give the spell of a claim by its name."""
    return int(external_id.split("-")[1])


def pairs(names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Give the pairs of claims that conflict, of names with their owners: of one spell and two owners."""
    by_spell: dict[int, list[str]] = {}
    for name in names:
        by_spell.setdefault(spell_of(name), []).append(name)
    for those in by_spell.values():
        for at, one in enumerate(those):
            for other in those[at + 1 :]:
                if names[one] != names[other]:
                    yield one, other
