"""Names of persons, taken apart: titles, particles, surname and given name, initials, joined and parted words."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from opsplan.deconfliction.subjects.names import persons_words as lists
from opsplan.deconfliction.subjects.names.cleaning import cleaned
from opsplan.deconfliction.subjects.names.reading import CACHED, Word, read
from opsplan.deconfliction.subjects.scripts import burmese, han, hangul
from opsplan.deconfliction.subjects.scripts.which import Script, script_of
from opsplan.deconfliction.subjects.sounds.spelling import syllables

MOST_WORDS = 6
"""Words of a name that are compared; what follows is left out."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A way to take a name apart.

    Attributes
    ----------
    written
        The name as the agency wrote it.
    words
        Its words without titles and particles, in order.
    sex
        ``F`` or ``M`` where a title or particle says so.
    closed_up
        Whether words that the agency wrote apart are taken for one.
    is_chinese, is_vietnamese
        Whether its words are read by the rules of these, in which each vowel, or each accent, tells names apart.
    together
        A name of short words with these written as one, in each way to read them: the syllables of a Burmese name are
        written together or apart. Nothing for other names.
    is_burmese
        Whether it is surely one of those.
    """

    written: str
    words: tuple[Word, ...]
    sex: str | None
    closed_up: bool
    is_chinese: bool
    is_vietnamese: bool
    together: frozenset[str]
    is_burmese: bool

    @property
    def is_accented(self) -> bool:
        """Whether it is written with its accents."""
        return any(not word.text.isascii() for word in self.words)


_SPLIT = re.compile(r"[\s,.;:()\[\]\"“”«»_|·・•]+")
_BREATH = re.compile("(?<=[aeiou])h$")  # Suh-yeon
_SLASHED = re.compile(r"\b([asd])\s*/\s*([lpo])\b")
_HYPHENS = re.compile("[-‐‑‒–—־]")
_ABD = re.compile(r"abd(?:(?:ou|[aeiou])(?:l|([rsnzdt])(?=\1))?)?(\w+)")
_SERVANT = frozenset(["abd", "abdul", "abdel", "abdal", "abdol", "abdur", "abdar", "abdus", "abdou", "عبد"])
_FATHER = frozenset(["abu", "abou", "bu", "bou", "ابو", "أبو", "بو"])
_DOUBLE_SURNAMES = frozenset((("au", "yeung"), ("ou", "yang"), ("sze", "to"), ("see", "toh")))
_FAITH = frozenset(["din", "deen", "dine", "eddin", "eddine", "uddin", "aldin", "الدين", "דין"])
_OF_FAITH = re.compile(r"(\w{3,}?)(?:[aeiou][ld]|[aeiou])(?:d[ie]{1,2}ne?)")


@lru_cache(maxsize=CACHED)
def persons(name: str) -> tuple[PersonName, ...]:
    """Take a name apart in each way that makes sense; the likeliest first.

    >>> [[word.latin for word in each.words] for each in persons("Dr. KIM, Min-jun")]
    [['minjun', 'kim'], ['min', 'jun', 'kim']]
    """
    text = _SLASHED.sub(r"\1/\2", cleaned(name))
    if text.count(",") == 1:
        before, after = text.split(",")
        text = f"{after} {before}"  # Meer, Jan van der
    pieces = [piece for piece in _SPLIT.split(text) if piece]
    sex = _sex(pieces)
    pieces = _without_titles(pieces)
    ways = [words for words in _ways(pieces) if words]
    most = len(ways[0]) if ways and not any(map(_HYPHENS.search, pieces)) else 0
    made = dict.fromkeys(replace(_made(name, words, pieces, sex), closed_up=len(words) < most) for words in ways)
    # What one way shows of the tongue holds for all.
    chinese = any(each.is_chinese for each in made)
    return tuple(replace(each, is_chinese=chinese) for each in made)


def _sex(pieces: list[str]) -> str | None:
    female = any(piece in lists.FEMALE for piece in pieces) or any(
        piece.startswith(("นางสาว", "นาง")) and len(piece) > 6 for piece in pieces
    )
    male = any(piece in lists.MALE for piece in pieces) or any(
        piece.startswith("นาย") and len(piece) > 5 for piece in pieces
    )
    return None if female == male else ("F" if female else "M")


def _without_titles(pieces: list[str]) -> list[str]:
    kept = []
    in_burmese = any(script_of(piece) is Script.BURMESE for piece in pieces)
    for piece in pieces:
        for title in lists.PREFIXED_TITLES:
            if piece.startswith(title) and len(piece) >= len(title) + 3:
                piece = piece[len(title) :]
        for title in lists.SUFFIXED_TITLES:
            if piece.endswith(title) and len(piece) >= len(title) + 2:
                piece = piece[: -len(title)]
        if piece not in lists.TITLES and not (in_burmese and piece in lists.BURMESE_TITLES):
            kept.append(piece)
    return kept or pieces


def _ways(pieces: list[str]) -> list[tuple[Word, ...]]:
    """Give the words of a name, in more than one way where syllables may be written as one word or as two."""
    whole = _of_one_script_without_spaces(pieces)
    if whole:
        return whole
    parted: list[str] = []
    joined: list[str] = []  # Min-jun as minjun
    for piece in pieces:
        bits = [bit for bit in _HYPHENS.split(piece) if bit]
        while len(bits) > 1 and bits[0] in lists.ARTICLES:
            bits = bits[1:]
        parted += bits
        joined += [_BREATH.sub("", bits[0]) + bits[1]] if len(bits) == 2 else bits
    words = _words(parted)
    ways = [words]
    if len(joined) < len(parted):
        ways.insert(0, _words(joined))
    elif len(words) in (3, 4) and not {words[0], words[-1]} & _VIETNAMESE_ALONE:
        if words[0] in _SYLLABIC_SURNAMES and all(map(_is_syllable, words[1:])):
            ways.append([words[0], "".join(words[1:])])
        if words[-1] in _SYLLABIC_SURNAMES and all(map(_is_syllable, words[:-1])):
            ways.append(["".join(words[:-1]), words[-1]])
    if any(word in _MIDDLE for word in parted[1:-1]) and {parted[0], parted[-1]} & lists.VIETNAMESE_SURNAMES:
        ways.append(parted)  # V. Dang is Dang Van Duc
    return [tuple(read(word) for word in way[:MOST_WORDS]) for way in ways]


_MIDDLE = frozenset(("van", "thi", "văn", "thị"))


def _words(pieces: list[str]) -> list[str]:
    return _joined_by_meaning(_without_particles(pieces))


_SYLLABIC_SURNAMES = (
    han.LATIN_SURNAMES
    | hangul.LATIN_SURNAMES
    | {spelling for spellings in han.SURNAMES.values() for spelling in spellings}
) - {"nguyen"}
_VIETNAMESE_ALONE = lists.VIETNAMESE_SURNAMES - _SYLLABIC_SURNAMES


def _is_syllable(word: str) -> bool:
    return word.isascii() and 2 <= len(word) <= 6 and (syllables(word) == 1 or word == "ng")


def _of_one_script_without_spaces(pieces: list[str]) -> list[tuple[Word, ...]]:
    """Names in Han, Hangul and Burmese: surname and given name, or syllables, without spaces."""
    scripts = {script_of(piece) for piece in pieces}
    if scripts == {Script.BURMESE}:
        return [_burmese(pieces)]
    if scripts not in ({Script.HAN}, {Script.HANGUL}):
        return []
    script = scripts.pop()
    if len(pieces) == 1 and 2 <= len(pieces[0]) <= 5:
        surname, given = (han.parted if script is Script.HAN else hangul.parted)(pieces[0])
    elif len(pieces) == 2:
        surname, given = pieces
        known = han.SURNAMES if script is Script.HAN else hangul.SURNAMES
        if surname not in known and given in known:
            surname, given = given, surname
    else:
        return []
    return [(read(surname, surname=True), read(given))]


_BURMESE_TITLE = re.compile("(?:ဦး|ကို|ဒေါ်|မောင်|မ(?=[က-အ][^်]))(?!ကို|မောင်)")


def _burmese(pieces: list[str]) -> tuple[Word, ...]:
    heard = [syllable for piece in pieces for syllable in burmese.syllables(piece)]
    if len(heard) > 2 and _BURMESE_TITLE.match(pieces[0]):
        heard = heard[1:]
    # Each syllable keeps its script, so that it is compared by reading with Latin letters alone.
    return tuple(read(f"က{heard_as[0]}", read_as=heard_as) for heard_as in heard[:MOST_WORDS])


def _without_particles(words: list[str]) -> list[str]:
    if any(word in lists.BURMESE_NAMES for word in words[1:]):
        if len(words) >= 3 and words[0] in lists.BURMESE_TITLES and words[1] != words[0]:
            words = words[1:]
        words = [words[0], *("oo" if word == "u" else word for word in words[1:])]
    if not words or (words[0] in ("thi", "thị") and words[-1] not in lists.VIETNAMESE_SURNAMES):
        return words
    last = len(words) - 1
    kept = [
        word
        for place, word in enumerate(words)
        if word not in lists.PARTICLES
        or place == last
        or (place == 0 and word not in lists.FIRST_PARTICLES)
        or (len(word) == 1 and len(words) < 4)
    ]
    return kept if len(kept) >= 2 else words


def _joined_by_meaning(words: list[str]) -> list[str]:
    """Join what is one name in Arabic (Abd al-Rahman, Salah al-Din, Abu Bakr) and Chinese surnames of two syllables."""
    joined: list[str] = []
    for word in words:
        if joined and ((joined[-1], word) in _DOUBLE_SURNAMES or joined[-1] in _FATHER):
            joined[-1] += _bare(word) if joined[-1] in _FATHER else word
        elif joined and joined[-1] in _SERVANT:
            joined[-1] = ("عبد" if joined[-1] == "عبد" else "abd") + _bare(word)
        elif joined and word in _FAITH:
            joined[-1] = joined[-1] + ("دين" if word == "الدين" else "din")
        elif (found := _ABD.fullmatch(word)) and len(word) > 5:
            joined.append("abd" + found.group(2))
        elif found := _OF_FAITH.fullmatch(word):
            joined.append(found.group(1) + "din")
        elif word.startswith("عبدال") and len(word) > 6:
            joined.append("عبد" + word[5:])
        else:
            joined.append(word)
    return joined


def _bare(word: str) -> str:
    return word[2:] if word.startswith(("ال", "al", "el")) and len(word) > 3 else word


def _made(name: str, words: tuple[Word, ...], pieces: list[str], sex: str | None) -> PersonName:
    latins = [word.latin for word in words]
    ends = {latins[0], latins[-1]}
    # Nguyen alone is sure; other surnames of Viet Nam are also those of its neighbours.
    vietnamese = len(words) >= 2 and latins[0] in lists.VIETNAMESE_SURNAMES and all(map(_is_syllable_or_letter, latins))
    chinese = any(word.script is Script.HAN for word in words) or (
        len(words) in (2, 3) and bool(ends & han.LATIN_SURNAMES) and all(map(han.is_pinyin, latins))
    )
    if vietnamese and sex is None:
        sex = "M" if "van" in pieces[1:-1] else "F" if "thi" in pieces[1:-1] else None
    burmese_words = sum(latin in lists.BURMESE_NAMES for latin in latins)
    is_burmese = (
        words[0].script is Script.BURMESE or burmese_words > 1 or any(latin in lists.ONLY_BURMESE for latin in latins)
    )
    return PersonName(name, words, sex, False, chinese, vietnamese, _together(words), is_burmese)


def _together(words: tuple[Word, ...]) -> frozenset[str]:
    if len(words) < 2 or any(
        word.script not in (Script.LATIN, Script.BURMESE) or len(word.latin) > _LONGEST_SYLLABLE or word.is_initial
        for word in words
    ):
        return frozenset()
    ways = {""}
    for word in words:
        spellings = word.readings if word.script is Script.BURMESE else word.readings[:1]
        heard = {burmese.plainly(reading.latin) for reading in spellings}
        ways = set(sorted(before + each for before in ways for each in heard)[:_MOST_WAYS])
    return frozenset(ways)


_MOST_WAYS = 4
_LONGEST_SYLLABLE = 6


def _is_syllable_or_letter(word: str) -> bool:
    return len(word) <= 6 and syllables(word) <= 1
