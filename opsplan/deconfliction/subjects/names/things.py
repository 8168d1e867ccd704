"""Names of organisations and sites, taken apart: what tells them apart, what many have, numbers."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opsplan.deconfliction.subjects.names import things_words as lists
from opsplan.deconfliction.subjects.names.cleaning import cleaned
from opsplan.deconfliction.subjects.names.reading import CACHED, Word, read
from opsplan.deconfliction.subjects.scripts import burmese
from opsplan.deconfliction.subjects.scripts.which import UNVOWELLED, Script, script_of

MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class ThingName:
    """The name of an organisation or a site.

    Attributes
    ----------
    written
        The name as the agency wrote it.
    words
        What tells it from others, in order.
    generic
        What many have (trading, hotel, block), in one language.
    marks
        Numbers, and single letters as of buildings, without zeros before.
    joined
        The words as one.
    consonants
        The consonants of that, without vowels at the beginnings of words.
    """

    written: str
    words: tuple[Word, ...]
    generic: frozenset[str]
    marks: tuple[str, ...]
    joined: Word
    consonants: frozenset[str]


_PIECES = re.compile(r"\d+|[^\W\d_]+(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])*")
_DIGITS = re.compile(r"\d")


@lru_cache(maxsize=CACHED)
def thing(name: str) -> ThingName | None:
    """Take a name apart; nothing when it has no word of its own and no number.

    >>> found = thing("Golden Dragon Trading Co., Ltd.")
    >>> [word.latin for word in found.words], found.generic, found.marks
    (['golden', 'dragon'], frozenset({'trading'}), ())
    """
    text = lists.PHRASES.sub(lists.of_phrase, lists.LEGAL_PHRASES.sub(" ", _plain_digits(cleaned(name))))
    words: list[str] = []
    generic: set[str] = set()
    marks: list[str] = []
    forms: list[str] = []
    for piece in _pieces(text):
        number: str | None = str(int(piece)) if piece.isdecimal() else lists.NUMBERS.get(piece)
        if number is not None:
            marks.append(number)
        elif piece in lists.LEGAL_FORMS:
            forms.append(piece)
        elif piece in lists.LINKS:
            continue
        elif len(piece) == 1 and script_of(piece) in (Script.LATIN, Script.CYRILLIC, Script.GREEK):
            marks.append(piece)
        elif meaning := lists.GENERIC.get(piece) or lists.GENERIC.get(_bare(piece)):
            generic.add(meaning)
        else:
            words.append(_singular(piece))
    if not words:  # a company named Casino Hotel, or Co
        words = sorted(generic) or forms
        generic = set()
    if not words and not marks:
        return None
    read_words = tuple(word for piece in words[:MOST_WORDS] for word in _read(piece))
    joined = read("".join(word.latin for word in read_words) or "".join(words))
    return ThingName(name, read_words, frozenset(generic), tuple(sorted(marks)), joined, _consonants(read_words))


def _singular(piece: str) -> str:
    """Lanterns and Lantern are one in a name; Glass is no plural."""
    return piece[:-1] if len(piece) > 4 and piece.isascii() and piece[-1] == "s" and piece[-2] not in "suioa" else piece


def _plain_digits(text: str) -> str:
    """Write the digits of every script as 0 to 9."""
    return text if text.isascii() else _DIGITS.sub(lambda found: str(int(found.group())), text)


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        script = script_of(piece)
        pieces += _cut(piece, lists.WRITTEN_TOGETHER[script]) if script in lists.WRITTEN_TOGETHER else [piece]
    return pieces


def _cut(piece: str, generic: tuple[str, ...]) -> list[str]:
    """Cut legal forms and words that many have out of a name written without spaces."""
    for start in lists.LEGAL_STARTS:
        if piece.startswith(start) and len(piece) > len(start):
            piece = piece[len(start) :]
    for end in lists.LEGAL_ENDS:
        if piece.endswith(end) and len(piece) > len(end):
            piece = piece[: -len(end)]
            break
    found: list[str] = []
    while True:
        many_have = next((word for word in generic if piece.endswith(word) and len(piece) > len(word)), None)
        if many_have is None:
            break
        found.append(many_have)
        piece = piece[: -len(many_have)]
    if piece and all(each in lists.HAN_NUMBERS for each in piece):
        piece = "".join(lists.HAN_NUMBERS[each] for each in piece)
    return [piece, *reversed(found)]


def _bare(piece: str) -> str:
    """Take off the article of Arabic and Hebrew, or the accents of Greek."""
    match script_of(piece):
        case Script.ARABIC:
            return piece.removeprefix("ال")
        case Script.HEBREW:
            return piece.removeprefix("ה")
        case Script.GREEK:
            return "".join(each for each in unicodedata.normalize("NFD", piece) if not unicodedata.combining(each))
    return piece


def _read(piece: str) -> tuple[Word, ...]:
    if script_of(piece) is Script.BURMESE:
        heard = "".join(ways[0] for ways in burmese.syllables(piece))
        return (read(f"က{heard}", read_as=(heard,)),)
    return (read(piece),)


def _consonants(words: tuple[Word, ...]) -> frozenset[str]:
    """Give the consonants of the whole, however it is parted: Gold Star, Goldstar."""
    found = {""}
    for word in words:
        found = {before + each for before in found for each in word.consonants or {""}}
        if len(found) > 8:
            found = set(sorted(found)[:8])
    return frozenset(_once(each.replace("A", "")) or "A" for each in found)


def _once(classes: str) -> str:
    kept = ""
    for each in classes:
        if not kept.endswith(each):
            kept += each
    return kept


def is_unvowelled(name: ThingName) -> bool:
    """Whether a word of it is written in Arabic or Hebrew."""
    return any(word.script in UNVOWELLED for word in name.words)
