"""Whether two names of persons name one."""

from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import NamedTuple

from rapidfuzz.distance import Indel

from opsplan.deconfliction.subjects.names.persons import PersonName, persons
from opsplan.deconfliction.subjects.names.reading import Word
from opsplan.deconfliction.subjects.names.words import How, Pair, alike


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two names are alike.

    Attributes
    ----------
    one, other
        The names as they were written.
    words
        How surely their words are the same, from 0 to 1.
    ways
        In what ways the words differ.
    order_cost, missing_cost, sex_cost
        What another order, words that only one of them has, and titles of a man and a woman take from that.
    """

    one: str
    other: str
    words: float
    ways: frozenset[How]
    order_cost: float = 0.0
    missing_cost: float = 0.0
    sex_cost: float = 0.0

    @property
    def score(self) -> float:
        """How surely the names are one, from 0 to 1."""
        return max(0.0, self.words - self.order_cost - self.missing_cost - self.sex_cost)


class _Pairing(NamedTuple):
    score: float
    places: tuple[int, ...]
    ways: frozenset[How]


PER_MISSING_WORD = 0.04
OTHER_ORDER = 0.02
"""Surname first or last."""
SCRAMBLED = 0.08
"""Any other order."""
OTHER_SEX = 0.3


def same_person(one: str, other: str) -> Likeness | None:
    """Compare two written names, each taken apart in all its ways; nothing when they cannot be one."""
    best: Likeness | None = None
    for mine, theirs in product(persons(one), persons(other)):
        found = _compared(mine, theirs)
        if found and (best is None or found.score > best.score):
            best = found
    return best


def _compared(one: PersonName, other: PersonName) -> Likeness | None:
    shorter, longer = (one, other) if len(one.words) <= len(other.words) else (other, one)
    missing = len(longer.words) - len(shorter.words)
    # A single name is known to be somebody's only beside the same single name.
    if missing and (len(shorter.words) == 1 or one.closed_up or other.closed_up):
        return None
    if (one.is_burmese or other.is_burmese) and one.together and other.together:
        return _joined(one, other)
    paired = _paired(shorter, longer)
    if paired is None and missing and (closed := _closed_up(shorter, longer)):
        longer, missing = closed, missing - 1
        paired = _paired(shorter, longer)
    if paired is None:
        return None
    places = paired.places
    in_order = all(before < after for before, after in pairwise(places))
    order_cost = 0.0 if in_order else OTHER_ORDER if _is_turned(places, len(longer.words)) else SCRAMBLED
    other_sex = How.OTHER_SEX in paired.ways or (one.sex is not None and other.sex is not None and one.sex != other.sex)
    return Likeness(
        one.written,
        other.written,
        paired.score,
        paired.ways,
        order_cost,
        PER_MISSING_WORD * missing,
        OTHER_SEX if other_sex else 0.0,
    )


def _joined(one: PersonName, other: PersonName) -> Likeness | None:
    """Compare Burmese names: no part of them can be missing or turned, but syllables may be written as one word."""
    mine, theirs = one.together, other.together
    how = How.ALIKE if one.words[0].script is other.words[0].script else How.OTHER_SCRIPT
    best = max(Indel.normalized_similarity(a, b) for a in mine for b in theirs)
    if best < JOINED_LIKENESS:
        return None
    other_sex = one.sex is not None and other.sex is not None and one.sex != other.sex
    return Likeness(one.written, other.written, best, frozenset({how}), sex_cost=OTHER_SEX if other_sex else 0.0)


JOINED_LIKENESS = 0.95
"""Share of letters in common from which two names written as one word are one."""


def _closed_up(shorter: PersonName, longer: PersonName) -> PersonName | None:
    """Write two words of the longer name as one where the shorter has them so: Jean Pierre, Jeanpierre."""
    wanted = {word.latin: word for word in shorter.words if word.latin}
    for place, (one, next_one) in enumerate(pairwise(longer.words)):
        found = wanted.get(one.latin + next_one.latin)
        if found:
            return replace(longer, words=(*longer.words[:place], found, *longer.words[place + 2 :]))
    return None


def _is_turned(places: tuple[int, ...], count: int) -> bool:
    """Whether the first word went last or the last first."""
    for turn in (1, count - 1):
        moved = [(place + turn) % count for place in places]
        if all(before < after for before, after in pairwise(moved)):
            return True
    return False


def _paired(shorter: PersonName, longer: PersonName) -> _Pairing | None:
    """Give each word of the shorter name its own of the longer; nothing when one has none.

    Words are taken in order, each with the best that is left: names are short, and a word is like two of the other
    name only when these are like each other.
    """
    exactly = shorter.is_chinese and longer.is_chinese
    accents = shorter.is_vietnamese and longer.is_vietnamese and shorter.is_accented and longer.is_accented
    left = list(range(len(longer.words)))
    found: dict[int, tuple[int, Pair]] = {}
    # Initials come last: they would take any word that begins with them.
    for place, word in sorted(enumerate(shorter.words), key=lambda each: each[1].is_initial):
        best: Pair | None = None
        chosen = -1
        for index in left:
            pair = (
                _by_accents(word, longer.words[index]) if accents else alike(word, longer.words[index], exactly=exactly)
            )
            # Of two that are as good, the one in the same place.
            if pair and (best is None or pair.score > best.score or (pair.score == best.score and index == place)):
                best, chosen = pair, index
        if best is None:
            return None
        left.remove(chosen)
        found[place] = chosen, best
    pairs = [found[place][1] for place in range(len(found))]
    initials = sum(pair.how is How.INITIAL for pair in pairs)
    if initials and initials == len(pairs):
        return None
    # Two initials that agree say more than one.
    scores = [pair.score + (0.2 if initials > 1 and pair.how is How.INITIAL else 0.0) for pair in pairs]
    return _Pairing(
        sum(scores) / len(scores),
        tuple(found[place][0] for place in range(len(found))),
        frozenset(pair.how for pair in pairs),
    )


def _by_accents(one: Word, other: Word) -> Pair | None:
    if one.is_initial or other.is_initial:
        return alike(one, other)
    return Pair(1.0, How.SAME) if one.marks == other.marks else None
