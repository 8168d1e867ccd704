"""Whether two names of organisations, or of sites, name one."""

from rapidfuzz.distance import OSA

from opsplan.deconfliction.subjects.names.same_person import Likeness
from opsplan.deconfliction.subjects.names.things import ThingName, is_unvowelled, thing
from opsplan.deconfliction.subjects.names.words import LEAST_BARE_LIKENESS, How, Pair, alike, bare_likeness
from opsplan.deconfliction.subjects.scripts.which import UNVOWELLED, VAGUE, Script

PER_GENERIC_WORD = 0.04
"""A word that many have, and only one of the two."""
GENERIC_DIFFER = 0.3
"""Golden Dragon Hotel, Golden Dragon Logistics."""
MARKS_MISSING = 0.25
"""A number that only one of the two has."""
OTHER_ORDER = 0.04
LONG_FOR_A_SLIP = 7
"""Letters of a joined name from which one wrong letter may be a slip of the hand."""


def same_thing(one: str, other: str) -> Likeness | None:
    """Compare two written names; nothing when they cannot be one."""
    mine, theirs = thing(one), thing(other)
    if mine is None or theirs is None or (mine.marks and theirs.marks and mine.marks != theirs.marks):
        return None
    found = _words(mine, theirs)
    if found is None:
        return None
    score, ways, in_order = found
    only_mine, only_theirs = mine.generic - theirs.generic, theirs.generic - mine.generic
    missing = GENERIC_DIFFER if only_mine and only_theirs else PER_GENERIC_WORD * len(only_mine | only_theirs)
    if mine.marks != theirs.marks:
        missing += MARKS_MISSING
    return Likeness(one, other, score, ways, 0.0 if in_order else OTHER_ORDER, missing)


def _words(one: ThingName, other: ThingName) -> tuple[float, frozenset[How], bool] | None:
    if not one.words or not other.words:
        same = not one.words and not other.words
        return (0.9, frozenset({How.SAME}), True) if same else None
    paired = _paired(one, other) if len(one.words) == len(other.words) else None
    joined = _joined(one, other)
    if paired and (joined is None or paired[0] >= joined.score):
        return paired
    return (joined.score, frozenset({joined.how}), True) if joined else None


def _paired(one: ThingName, other: ThingName) -> tuple[float, frozenset[How], bool] | None:
    left = list(range(len(other.words)))
    places, pairs = [], []
    for place, word in enumerate(one.words):
        best: Pair | None = None
        chosen = -1
        for index in left:
            pair = alike(word, other.words[index])
            if pair and pair.how in _WAYS and (best is None or pair > best or (pair == best and index == place)):
                best, chosen = pair, index
        if best is None:
            return None
        left.remove(chosen)
        places.append(chosen)
        pairs.append(best)
    return (
        sum(pair.score for pair in pairs) / len(pairs),
        frozenset(pair.how for pair in pairs),
        places == sorted(places),
    )


_WAYS = frozenset({How.SAME, How.OTHER_SCRIPT, How.ALIKE})
"""Companies have no nicknames and no sex."""


def _joined(one: ThingName, other: ThingName) -> Pair | None:
    """Compare the words written as one: Gold Star, Goldstar; and names without spaces with their romanisation."""
    if is_unvowelled(one) or is_unvowelled(other):
        both = all(word.script in UNVOWELLED for word in (*one.words, *other.words))
        return Pair(0.88, How.OTHER_SCRIPT) if not both and _long(one.consonants & other.consonants) else None
    how = How.ALIKE if one.words[0].script is other.words[0].script else How.OTHER_SCRIPT
    if one.joined.latin == other.joined.latin:
        return Pair(0.98, how)
    if Script.HAN in (one.words[0].script, other.words[0].script):
        return None
    if not one.consonants & other.consonants:
        length = (
            min(len(one.joined.latin), len(other.joined.latin)) if min(len(one.words), len(other.words)) == 1 else 0
        )
        slip = length >= LONG_FOR_A_SLIP and OSA.distance(one.joined.latin, other.joined.latin, score_cutoff=1) == 1
        return Pair(0.86, how) if slip else None
    best: Pair | None = None
    for mine in one.joined.readings:
        for theirs in other.joined.readings:
            if mine.strict == theirs.strict:
                return Pair(0.96, how)
            if mine.soft == theirs.soft:
                best = Pair(0.9, how)
    if best is None and any(word.script in VAGUE for word in (*one.words, *other.words)):
        alike_without = bare_likeness(one.joined.readings[0].strict, other.joined.readings[0].strict)
        return Pair(0.86, how) if alike_without >= LEAST_BARE_LIKENESS else None
    return best


def _long(consonants: frozenset[str]) -> bool:
    return any(len(each) >= 3 for each in consonants)
