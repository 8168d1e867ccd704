"""Kana: by Hepburn's romanisation and by Japan's own (Kunrei), small letters and long vowels included."""

import re

from anyascii import anyascii

_SMALL_Y = {"ゃ": "a", "ゅ": "u", "ょ": "o", "ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_SILENT = "っッーｰ・"
_KUNREI = {"shi": "si", "chi": "ti", "tsu": "tu", "ji": "zi", "fu": "hu", "sh": "sy", "ch": "ty", "j": "zy"}
_UNLIKE = re.compile("|".join(_KUNREI))


_MORAS = re.compile(
    "(?:(?:[kgszjtdhbpfmnrwy]|ky|gy|s[yh]|[zj]y|t[ys]|ch|ny|hy|by|py|my|ry)?[aiueo]+h?|n|m(?=[bpm])|[kstp](?=[kstpc]))+"
)
_LONG = re.compile("o[ouh](?![aiueo])|oo|ou")


def is_japanese(latin: str) -> bool:
    """Say whether a Latin word is made of Japanese syllables.

    >>> is_japanese("yuuko"), is_japanese("sophia")
    (True, False)
    """
    return _MORAS.fullmatch(latin) is not None


def plainly(latin: str) -> str:
    """Write long vowels as short ones, and m for n before a lip.

    >>> plainly("satou"), plainly("ohno"), plainly("homma")
    ('sato', 'ono', 'honma')
    """
    short = _LONG.sub("o", latin).replace("uu", "u").replace("tch", "ch")
    return re.sub(r"([kstp])\1", r"\1", re.sub("m(?=[mbp])", "n", short))


def romanised(word: str) -> tuple[str, ...]:
    """Read a word in kana.

    >>> romanised("しょうた"), romanised("チバ")
    (('shouta', 'syouta'), ('chiba', 'tiba'))
    """
    syllables: list[str] = []
    for letter in word:
        if letter in _SILENT:
            continue
        if letter in _SMALL_Y and syllables and syllables[-1].endswith("i"):
            onset = syllables[-1][:-1]
            syllables[-1] = onset + ("" if onset in ("sh", "ch", "j") else "y") + _SMALL_Y[letter]
        elif letter in _SMALL and syllables:
            syllables[-1] = syllables[-1][:-1] + _SMALL[letter]
        else:
            syllables.append(anyascii(letter).lower())
    hepburn = "".join(syllables)
    return tuple(dict.fromkeys((hepburn, _UNLIKE.sub(lambda found: _KUNREI[found.group()], hepburn))))
