"""A written word with its readings in Latin letters."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from opsplan.deconfliction.subjects.names.persons_words import FULL_NAMES
from opsplan.deconfliction.subjects.scripts import greek, han, hangul, kana, khmer, semitic, thai
from opsplan.deconfliction.subjects.scripts.which import UNVOWELLED, VAGUE, Script, script_of
from opsplan.deconfliction.subjects.sounds import skeleton, spelling
from opsplan.deconfliction.subjects.sounds.skeleton import Skeleton

CACHED = 50_000
MOST_READINGS = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word.

    Attributes
    ----------
    latin
        Small ASCII letters; for Arabic and Hebrew empty, as they cannot be read without knowing the word.
    strict, soft
        Folded spellings of it (`opsplan.deconfliction.subjects.sounds.spelling`).
    syllables
        Groups of vowels.
    skeletons
        Its consonants.
    """

    latin: str
    strict: str
    soft: str
    syllables: int
    skeletons: tuple[Skeleton, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name.

    Attributes
    ----------
    written
        As it stands in the name.
    text
        Folded in its own script.
    marks
        The text with its accents in one order, whatever letter they were put on.
    readings
        Its readings, the likeliest first.
    consonants
        The consonants of all readings: what keys are made of.
    firsts
        First letters of those, one bit each: words that have none in common are never alike.
    full_names
        What it may be short for.
    surnames
        Korean surnames that it may be: each has spellings that sound nothing like each other.
    """

    written: str
    text: str
    marks: str
    script: Script
    readings: tuple[Reading, ...]
    consonants: frozenset[str]
    firsts: int
    full_names: frozenset[str]
    surnames: frozenset[str]

    @property
    def is_initial(self) -> bool:
        """Whether it is one letter of an alphabet."""
        return len(self.text) == 1 and self.script not in _NOT_ALPHABETS

    @property
    def latin(self) -> str:
        """The likeliest reading."""
        return self.readings[0].latin if self.readings else ""


_SURNAMES_IN = frozenset({Script.LATIN, Script.HANGUL})
_NOT_ALPHABETS = frozenset({Script.HAN, Script.HANGUL, Script.KANA, Script.BURMESE, *VAGUE})


@lru_cache(maxsize=CACHED)
def read(written: str, *, surname: bool = False, read_as: tuple[str, ...] = ()) -> Word:
    """Read a cleaned word.

    Parameters
    ----------
    surname
        Whether it is known to be a surname: some are read in ways of their own.
    read_as
        Its readings where only the whole name shows it.
    """
    script = script_of(written)
    text = semitic.folded(written) or written if script in UNVOWELLED else written
    latins = read_as or _latin(text, script, surname=surname)
    names = frozenset(full for latin in latins for full in FULL_NAMES.get(latin, ()))
    readings = tuple(_reading(latin) for latin in dict.fromkeys(latins) if latin)[:MOST_READINGS]
    if script in UNVOWELLED:
        readings = (Reading("", "", "", 0, semitic.skeletons(text, script)),)
    surnames = frozenset(name for latin in latins for name in hangul.SPELLED.get(latin, ()) if script in _SURNAMES_IN)
    consonants = frozenset(
        found.consonants
        for found in (
            *(each for reading in readings for each in reading.skeletons),
            *(each for name in names for each in skeleton.of_latin(name)),
            *(each for name in surnames for each in skeleton.of_latin(hangul.SURNAMES[name][0])),
        )
        if found.consonants
    )
    firsts = 0
    for each in consonants:
        firsts |= 1 << (ord(each[0]) - ord("A"))
    return Word(written, text, _marks(text), script, readings, consonants, firsts, names, surnames)


@lru_cache(maxsize=CACHED)
def _reading(latin: str) -> Reading:
    strict = spelling.strict(latin)
    return Reading(latin, strict, spelling.soft(strict), spelling.syllables(latin), skeleton.of_latin(latin))


def _latin(text: str, script: Script, *, surname: bool) -> tuple[str, ...]:
    match script:
        case Script.ARABIC | Script.HEBREW:
            return ()
        case Script.GREEK:
            return greek.romanised(_unmarked(text))
        case Script.KHMER:
            return khmer.romanised(text)
        case Script.KANA:
            return kana.romanised(text)
        case Script.THAI | Script.LAO:
            return thai.romanised(text)
        case Script.HANGUL:
            known = hangul.SURNAMES.get(text, ()) if surname else ()
            return (*known, *hangul.romanised(text))
        case Script.HAN:
            return han.surname_readings(text) if surname else (han.pinyin(text),)
        case _:
            return _letter_by_letter(text, script)


_ANUSVARA = re.compile("[ंँ](?![पफबभम])")
_KEPT_FROM_ANYASCII = str.maketrans({"ё": "yo", "э": "e", "х": "kh", "ä": "ae", "ö": "oe", "ü": "ue"})


def _letter_by_letter(text: str, script: Script) -> tuple[str, ...]:
    plain = _ascii(_ANUSVARA.sub("n", text) if script is Script.INDIC else text)
    if script is Script.LATIN:
        if any(letter in "äöü" for letter in text):
            return plain, _ascii(text.translate(_KEPT_FROM_ANYASCII))
        return _with_own_ways(plain)
    if script is Script.INDIC and "c" in plain:
        # The letter of Chandra, which Tamil also has for s.
        return plain.replace("c", "ch"), plain.replace("c", "s")
    if script is Script.CYRILLIC and "ё" in text:
        return plain, _ascii(text.translate(_KEPT_FROM_ANYASCII))
    return (plain,)


_VOWELS = tuple("aeiouy")
_GREEK_PAIRS = {"mp": "b", "nt": "d", "gk": "g"}
_RUN_TOGETHER = ("de", "da", "di", "du", "la", "le")


def _with_own_ways(plain: str) -> tuple[str, ...]:
    """Add the word without what may be written as one with it: Alnajjar, Vanderberg; write Mc as Mac."""
    if plain.startswith("mc"):
        plain = f"mac{plain[2:]}"
    if plain.startswith(tuple(_GREEK_PAIRS)):
        return plain, _GREEK_PAIRS[plain[:2]] + plain[2:]
    if plain.startswith(("vander", "vanden")) and len(plain) > 8:
        return plain, plain[6:]
    if plain.startswith(_RUN_TOGETHER) and len(plain) >= 8 and plain[2] not in _VOWELS:
        return plain, plain[2:]
    if plain[:2] in ("al", "el") and len(plain) >= (7 if plain[2:3] in _VOWELS else 6):
        return plain, plain[2:]
    if any(pair in plain for pair in ("th", "dh")):
        return plain, plain.replace("th", "s").replace("dh", "z")  # Othman is Osman, Dhaher is Zaher
    if "ch" in plain[1:]:
        return plain, plain[0] + plain[1:].replace("ch", "kh")  # Michail
    return (plain,)


def _ascii(text: str) -> str:
    return "".join(letter for letter in anyascii(text).lower() if letter.isalnum())


def _unmarked(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _marks(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text)
    # Hoà and Hòa are one name: the tone stands on another letter.
    return _unmarked(text) + "".join(sorted(letter for letter in apart if unicodedata.combining(letter)))
