"""Classes of consonants: what a word keeps in every script.

The classes are ``K`` (k g q kh h), ``L``, ``M``, ``N``, ``P`` (p b f v), ``R``, ``S`` (s z sh ch zh j), ``T`` (t d th),
and ``A`` for a vowel that begins the word. A class that follows itself is written once, since a script without vowels
does not show what stands between. A letter that is read in two ways (j, th) gives two skeletons.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

MOST_VARIANTS = 8


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A word by its consonants.

    Attributes
    ----------
    consonants
        Its classes; what keys are made of.
    voiced
        The classes with vowels (a, i, u) between them, h, sh and j apart (H, X, J), nothing left out: a
        word of a script without vowels must be contained in the voiced form of its romanisation, in order.
    """

    consonants: str
    voiced: str


Sound = tuple[tuple[str, str], ...]
"""Ways to read one sound: pairs of class and voiced form."""

_VOWELS = "aeiouy"
_UNITS = re.compile(
    "shch|tsch|ksh|tch|sch|dzh|^chr|dj|sh|ch|kh|zh|ts|tz|dz|cz|sz|zs|ks|ph|th|^h[tsp]|dh|bh|gh|jh|ck|qu(?=[ei])|ng|nh$|[a-z]"
)
_FIXED: dict[str, Sound] = {
    **dict.fromkeys(
        ("shch", "tsch", "ksh", "tch", "sch", "tz", "dz", "cz", "sz", "zs", "jh",
         "s", "z", "x", "hs"),
        (("S", "S"),),
    ),
    **dict.fromkeys(("dzh", "zh"), (("S", "J"),)),
    "ts": (("S", "S"), ("TS", "TS")), "ks": (("S", "KS"), ("KS", "KS")), "sh": (("S", "XS"),), "kh": (("K", "HK"),),
    **dict.fromkeys(("gh", "ck", "qu", "k", "g", "q"), (("K", "K"),)),
    **dict.fromkeys(("ph", "bh", "hp", "p", "b", "f"), (("P", "P"),)),
    **dict.fromkeys(("d", "t", "ht"), (("T", "T"),)),
    **dict.fromkeys(("th", "dh"), (("T", "T"), ("S", "S"))),
    **dict.fromkeys(("ng", "nh", "n"), (("N", "N"),)),
    "ch": (("S", "XS"), ("K", "HK")), "dj": (("S", "J"),), "chr": (("KR", "KR"),), "l": (("L",
    "L"),), "m": (("M", "M"),), "r": (("R", "R"),), "v": (("P", "Pu"),),
    "a": (("", "a"),), "e": (("", "i"),), "i": (("", "i"),), "y": (("", "i"),), "o": (("", "u"),), "u": (("", "u"),),
}  # fmt: skip
_EITHER_J: Sound = (("S", "J"), ("", "i"), ("K", "K"))  # Jamal, Sergej, Gamal


def of_latin(word: str) -> tuple[Skeleton, ...]:
    """Give the skeletons of a Latin word in small ASCII letters; the likeliest first.

    >>> [each.consonants for each in of_latin("mohammed")], [each.consonants for each in of_latin("uthman")]
    (['MKMT'], ['ATMN', 'ASMN'])
    """
    return assembled(_sounds(word), begins_with_vowel=word[:1] in _VOWELS)


def assembled(sounds: Iterable[Sound], *, begins_with_vowel: bool) -> tuple[Skeleton, ...]:
    """Put the readings of a word's sounds together."""
    found: dict[Skeleton, None] = {}
    for chosen in islice(product(*sounds), MOST_VARIANTS):
        consonants = ["A"] if begins_with_vowel or (chosen and not chosen[0][0]) else []
        for classes, _ in chosen:
            for each in classes:
                if not consonants or consonants[-1] != each:
                    consonants.append(each)
        found[Skeleton("".join(consonants), "".join(voiced for _, voiced in chosen))] = None
    return tuple(found)


def _sounds(word: str) -> Iterator[Sound]:
    units = _UNITS.findall(word)
    for place, unit in enumerate(units):
        before = units[place - 1] if place else ""
        after = units[place + 1] if place + 1 < len(units) else ""
        if unit == "n" and after and after in "mbp":
            yield (("N", "N"), ("M", "M"))  # Honma is also Homma
        elif unit == "r" and before == "o" and units[place + 1 :] == ["n"]:
            yield (("R", "R"), ("", "R"))  # Siriporn is also Siriphon
        elif unit == "g" and after and after in "ei":
            yield (("K", "K"), ("S", "J"))  # Geoffrey
        elif unit in _FIXED:
            yield _FIXED[unit]
        elif unit == "c":
            # Also Kuznecov, where it is ts.
            yield (("S", "S"),) if after and after in "eiy" else (("K", "K"), ("S", "S"))
        elif unit == "j":
            yield _j(before, after)
        elif unit == "h":
            yield _h(before, after)
        else:
            yield _w(before, after, long=len(word) > 4)


def _j(before: str, after: str) -> Sound:
    if before and before in _VOWELS and not after:
        return (("", "i"), ("S", "J"))  # Sergej, Viraj
    return _EITHER_J if not before or after in _VOWELS else (("", "i"), ("S", "J"), ("K", "K"))  # Vojtech, Majdi


def _h(before: str, after: str) -> Sound:
    """Hamid, Mahomed and Ahmed have it, but Ohno is Ono; at an end (Fatimah) and after a consonant it is spelling."""
    if not before or (before in _VOWELS and after and after in _VOWELS):
        return (("K", "H"),)
    if before in _VOWELS and after:
        return (("K", "H"), ("", "H"))
    if before in _VOWELS:
        return (("", "H"), ("K", "H"))  # Sarah, Salah
    # Yuanhang is two syllables.
    return (("", "H"), ("K", "H")) if before in ("n", "ng") and after and after in _VOWELS else (("", "H"),)


def _w(before: str, after: str, *, long: bool) -> Sound:
    if not before:
        return (("P", "Pu"),)
    if not after and long and before in "oe":
        return (("P", "Pu"),)  # Ivanow
    if before in _VOWELS and after and after in _VOWELS:
        return (("P", "Pu"),)  # Pawel
    if before not in _VOWELS:
        return (("", "u"), ("P", "Pu"))  # Marwan, Agarwal
    if before in "eo" and after:
        return (("", "u"), ("P", "Pu"))  # Wisniewski
    return (("", "u"),)  # Kyaw
