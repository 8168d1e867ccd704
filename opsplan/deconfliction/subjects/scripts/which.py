"""Which script a text is written in."""

from bisect import bisect_right
from enum import StrEnum


class Script(StrEnum):
    """Scripts that are told apart; all others are read letter by letter."""

    LATIN = "LATIN"
    GREEK = "GREEK"
    CYRILLIC = "CYRILLIC"
    HEBREW = "HEBREW"
    ARABIC = "ARABIC"
    INDIC = "INDIC"
    THAI = "THAI"
    LAO = "LAO"
    BURMESE = "BURMESE"
    KHMER = "KHMER"
    HANGUL = "HANGUL"
    KANA = "KANA"
    HAN = "HAN"
    OTHER = "OTHER"


UNVOWELLED = frozenset({Script.ARABIC, Script.HEBREW})
"""Scripts that write consonants and long vowels."""

VAGUE = frozenset({Script.INDIC, Script.THAI, Script.LAO, Script.KHMER, Script.OTHER})
"""Scripts whose vowels are not all written, or are romanised in ways too many to follow."""

SPELLED_ONE_WAY = frozenset({*UNVOWELLED, *VAGUE, Script.BURMESE, Script.HANGUL, Script.HAN, Script.KANA})
"""Scripts in which a name has one spelling: two spellings in them are two names."""

_STARTS: tuple[tuple[int, Script], ...] = (
    (0x0000, Script.LATIN), (0x0370, Script.GREEK), (0x0400, Script.CYRILLIC), (0x0530, Script.OTHER),
    (0x0590, Script.HEBREW), (0x0600, Script.ARABIC), (0x0780, Script.OTHER), (0x08A0, Script.ARABIC),
    (0x0900, Script.INDIC), (0x0E00, Script.THAI), (0x0E80, Script.LAO), (0x0F00, Script.OTHER),
    (0x1000, Script.BURMESE), (0x10A0, Script.OTHER), (0x1100, Script.HANGUL), (0x1200, Script.OTHER),
    (0x1780, Script.KHMER), (0x1800, Script.OTHER), (0x1D00, Script.LATIN), (0x1F00, Script.GREEK),
    (0x2000, Script.LATIN), (0x2DE0, Script.CYRILLIC), (0x2E00, Script.LATIN), (0x2E80, Script.HAN),
    (0x3040, Script.KANA), (0x3100, Script.OTHER), (0x3130, Script.HANGUL), (0x3190, Script.HAN),
    (0x31F0, Script.KANA), (0x3200, Script.HAN), (0xA000, Script.OTHER), (0xAC00, Script.HANGUL),
    (0xD800, Script.OTHER), (0xF900, Script.HAN), (0xFB00, Script.LATIN), (0xFB1D, Script.HEBREW),
    (0xFB50, Script.ARABIC), (0xFE00, Script.OTHER), (0xFE70, Script.ARABIC), (0xFF00, Script.LATIN),
    (0xFF65, Script.KANA), (0xFFA0, Script.HANGUL), (0x10000, Script.OTHER), (0x20000, Script.HAN),
)  # fmt: skip
_POINTS = [point for point, _ in _STARTS]


def script_of(text: str) -> Script:
    """Give the script of the first letter.

    >>> script_of("Łukasz"), script_of("(გ"), script_of("田中")
    (<Script.LATIN: 'LATIN'>, <Script.OTHER: 'OTHER'>, <Script.HAN: 'HAN'>)
    """
    for character in text:
        if character.isalpha():
            return _STARTS[bisect_right(_POINTS, ord(character)) - 1][1]
    return Script.LATIN
