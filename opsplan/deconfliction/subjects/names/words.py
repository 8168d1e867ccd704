"""Two words of two names: whether they are one, and how surely."""

from enum import IntEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA, Indel

from opsplan.deconfliction.subjects.names.reading import Reading, Word
from opsplan.deconfliction.subjects.scripts import han, kana
from opsplan.deconfliction.subjects.scripts.which import SPELLED_ONE_WAY, UNVOWELLED, VAGUE, Script


class How(IntEnum):
    """In what way two words are one; the later, the weaker."""

    SAME = 0
    OTHER_SCRIPT = 1
    ALIKE = 2
    NICKNAME = 3
    OTHER_SEX = 4
    INITIAL = 5


class Pair(NamedTuple):
    """Two words that may be one, from 0 to 1."""

    score: float
    how: How


LONG_FOR_A_SLIP = 5
"""Letters from which one wrong letter may be a slip of the hand."""
LONG_FOR_A_WRONG_LETTER = 8
"""Letters from which it may be another letter."""
LONG_IN_ONE_SPELLING = 6
"""The same in scripts where a name has one spelling."""

_SAME = Pair(1.0, How.SAME)
_INITIAL = Pair(0.55, How.INITIAL)
_MARKS_MISSING = Pair(0.98, How.ALIKE)


def alike(one: Word, other: Word, *, exactly: bool = False) -> Pair | None:
    """Compare two words.

    Parameters
    ----------
    exactly
        Whether readings must be the same letter by letter, as those of Chinese names, in which one vowel makes another
        name.
    """
    if one.text == other.text:
        return _SAME
    if not one.firsts & other.firsts:
        return None
    if one.is_initial or other.is_initial:
        # O is a surname in Korea, and then a whole word.
        whole = bool(one.surnames & other.surnames) or any(
            mine.latin == theirs.latin != "" for mine in one.readings for theirs in other.readings
        )
        return Pair(0.97, How.OTHER_SCRIPT) if whole else _initial(one, other)
    same_script = one.script is other.script
    if same_script and one.script in SPELLED_ONE_WAY:
        return _in_one_spelling(one, other)
    best = _by_readings(one, other, same_script=same_script, exactly=exactly)
    if one.full_names & other.full_names and (best is None or best.score < 0.9):
        return Pair(0.9, How.NICKNAME)
    if one.surnames & other.surnames and (best is None or best.score < 0.9):
        return Pair(0.9, How.ALIKE)
    return best


def _initial(one: Word, other: Word) -> Pair | None:
    if one.is_initial and other.is_initial:
        return _INITIAL if one.consonants & other.consonants else None
    letter, word = (one, other) if one.is_initial else (other, one)
    if letter.script is word.script:
        return _INITIAL if word.text[0] == letter.text or _begins_alike(word, letter) else None
    if _begins_alike(word, letter) or word.script in _UNSURE:
        return _INITIAL
    return None


_UNSURE = UNVOWELLED | VAGUE
"""Scripts in which the first letter alone does not say how a word is spelled; its class agrees."""


def _begins_alike(word: Word, letter: Word) -> bool:
    """Whether they begin with one sound: Yevgeny and E."""
    firsts = {first for reading in letter.readings for first in (reading.soft[:1], reading.latin[:1])}
    return any(reading.soft[:1] in firsts or reading.latin[:1] in firsts for reading in word.readings)


def _in_one_spelling(one: Word, other: Word) -> Pair | None:
    if one.script is Script.HAN:
        return _SAME if han.one_word(one.text, other.text) else None
    if one.script is Script.KANA and one.latin == other.latin:
        return _SAME  # hiragana and katakana
    if one.script in _SHORT_SYLLABLES:
        return None
    shorter = min(len(one.text), len(other.text))
    if shorter >= LONG_IN_ONE_SPELLING and OSA.distance(one.text, other.text, score_cutoff=1) == 1:
        return Pair(0.86, How.ALIKE)
    return None


_SHORT_SYLLABLES = frozenset({Script.BURMESE, Script.HANGUL, Script.KANA})
"""Scripts of syllables, in which one wrong is another name."""


def _by_readings(one: Word, other: Word, *, same_script: bool, exactly: bool) -> Pair | None:
    how = How.ALIKE if same_script else How.OTHER_SCRIPT
    if one.script in UNVOWELLED or other.script in UNVOWELLED:
        return _by_consonants(one, other)
    if not same_script:
        scripts = (one.script, other.script)
        if Script.KANA in scripts and kana.is_japanese(one.latin) and kana.is_japanese(other.latin):
            return _japanese(one, other)
        # Beside characters, pinyin is a name of its own for each vowel.
        exactly |= Script.HAN in scripts and han.is_pinyin(one.latin) and han.is_pinyin(other.latin)
    vague = one.script in VAGUE or other.script in VAGUE
    vowels = vague and one.script not in _WITHOUT_ALL_VOWELS and other.script not in _WITHOUT_ALL_VOWELS
    best: Pair | None = None
    for mine in one.readings:
        for theirs in other.readings:
            found = _vaguely(mine, theirs, vowels_written=vowels) if vague else _readings(mine, theirs, exactly=exactly)
            if found and (best is None or found > best.score):
                best = Pair(found, how)
    if best and same_script and best.score > _MARKS_MISSING.score:
        return _MARKS_MISSING
    if best and not vague and not exactly and _of_other_sex(one.latin, other.latin):
        return Pair(best.score, How.OTHER_SEX)
    return best


def _japanese(one: Word, other: Word) -> Pair | None:
    """Compare kana with their romanisation: vowels are long or short, and otherwise tell names apart."""
    mine, theirs = ({kana.plainly(reading.latin) for reading in word.readings} for word in (one, other))
    return Pair(0.98, How.OTHER_SCRIPT) if mine & theirs else None


def _readings(one: Reading, other: Reading, *, exactly: bool) -> float | None:
    if one.latin == other.latin:
        return 0.99
    if exactly:
        return 0.97 if one.latin.replace("v", "u") == other.latin.replace("v", "u") else None
    if one.strict == other.strict:
        return 0.96
    if min(one.syllables, other.syllables) <= 1:
        return 0.86 if one.soft == other.soft else _slip(one.latin, other.latin)
    if one.soft == other.soft:
        return 0.94
    likeness = Indel.normalized_similarity(one.soft, other.soft)
    least = LEAST_LIKENESS if min(len(one.latin), len(other.latin)) > 4 else LEAST_LIKENESS_OF_SHORT
    if (
        likeness >= least
        and _begin_nearly(one.strict, other.strict)
        and _consonants_agree(one, other)
        and bare_likeness(one.strict, other.strict) >= LEAST_BARE_LIKENESS
    ):
        return 0.68 + 0.26 * likeness
    return _slip(one.latin, other.latin)


LEAST_LIKENESS = 0.75
"""Likeness of two spellings (share of letters in common, in order) from which equal consonants make one name."""


_NEAR_ONES = "gj kh ck cj kg td pb pf vb vf sz zj hf ch xc xs cz kc zc ji ih"
_NEAR = frozenset(map(frozenset, _NEAR_ONES.split()))
"""Consonants that two romanisations put at one place; s and ch are not among them."""


LEAST_LIKENESS_OF_SHORT = 0.8
"""The same for words of up to four letters: Dara is not Tara."""


def _begin_nearly(one: str, other: str) -> bool:
    first, second = one[:1], other[:1]
    return first == second or (first in _VOWELS and second in _VOWELS) or frozenset((first, second)) in _NEAR


_VOWELS = frozenset("aeiouj")
"""With the j of Jakovlev."""


def _slip(one: str, other: str) -> float | None:
    """One letter missing, doubled or changed with its neighbour, but not the first; in a long word also a wrong one."""
    if one[:1] != other[:1] or min(len(one), len(other)) < LONG_FOR_A_SLIP:
        return None
    if len(one) == len(other) < LONG_FOR_A_WRONG_LETTER and sorted(one) != sorted(other):
        return None  # Rajesh and Rakesh
    return 0.88 if OSA.distance(one, other, score_cutoff=1) == 1 else None


def _consonants_agree(one: Reading, other: Reading) -> bool:
    return any(mine.consonants == theirs.consonants for mine in one.skeletons for theirs in other.skeletons)


def bare_likeness(one: str, other: str) -> float:
    """Share of consonants that are alike: c stands for ch and j, s for sh and z, k for g and h."""
    mine, theirs = one.translate(_BARE), other.translate(_BARE)
    if min(len(mine), len(theirs)) > LONG_WITHOUT_VOWELS:
        mine, theirs = mine.translate(_UNVOICED), theirs.translate(_UNVOICED)
    likeness = Indel.normalized_similarity(mine, theirs)
    if likeness < LEAST_BARE_LIKENESS:
        # Gamal is Jamal in Egypt; ch is sh in French.
        for letter, also in (("g", "j"), ("x", "c"), ("z", "j")):
            if (letter in one) != (letter in other):
                mine, theirs = one.replace(letter, also).translate(_BARE), other.replace(letter, also).translate(_BARE)
                likeness = max(likeness, Indel.normalized_similarity(mine, theirs))
    return likeness


_WITHOUT_ALL_VOWELS = frozenset({Script.THAI, Script.INDIC})
LEAST_LIKENESS_OF_VOWELS = 0.6
"""Likeness of spellings, vowels included, where Lao or Khmer writes them."""


def _vaguely(one: Reading, other: Reading, *, vowels_written: bool) -> float | None:
    if one.latin == other.latin:
        return 0.98
    if not _consonants_agree(one, other):
        return None
    # Vowels that are not written cannot be compared.
    if vowels_written and Indel.normalized_similarity(one.soft, other.soft) < LEAST_LIKENESS_OF_VOWELS:
        return None
    likeness = bare_likeness(one.strict, other.strict)
    return 0.76 + 0.2 * likeness if likeness >= LEAST_BARE_LIKENESS else None


LEAST_BARE_LIKENESS = 0.76
"""Share of consonants in common, voiced or not, that finer than their classes still tell ch from s."""


LONG_WITHOUT_VOWELS = 3
"""Consonants up to which b is not p and d is not t."""
_BARE = str.maketrans("jxzhgfvw", "csskkpbb", "aeiou")
_UNVOICED = str.maketrans("bd", "pt")


def _by_consonants(one: Word, other: Word) -> Pair | None:
    both = one.script in UNVOWELLED and other.script in UNVOWELLED
    bare, full = (one, other) if one.script in UNVOWELLED else (other, one)
    for reading in bare.readings:
        for mine in reading.skeletons:
            for other_reading in full.readings:
                for theirs in other_reading.skeletons:
                    if mine.consonants == theirs.consonants and (both or _contained(mine.voiced, theirs.voiced)):
                        return Pair(0.92, How.OTHER_SCRIPT)
    return None


def _contained(bare: str, full: str) -> bool:
    """Whether all letters of one stand in the other, in order."""
    letters = iter(full)
    return all(letter in letters for letter in bare)


def _of_other_sex(one: str, other: str) -> bool:
    """Samir and Samira, Daniel and Danielle."""
    shorter, longer = sorted((one, other), key=len)
    if longer == f"{shorter}a":
        # Ivanov and Ivanova may be one: the ending is left out abroad.
        return shorter[-1:] not in _VOWELS and not shorter.endswith(("v", "in"))
    return longer == f"{shorter}le" and shorter.endswith(("ael", "iel", "oel", "hel"))
