"""Arabic and Hebrew letters as classes of consonants and long vowels."""

import re

from opsplan.deconfliction.subjects.scripts.which import Script
from opsplan.deconfliction.subjects.sounds.skeleton import Skeleton, Sound, assembled

_EITHER_TH: Sound = (("T", "T"), ("S", "S"))
_ARABIC: dict[str, Sound] = {
    **dict.fromkeys("غقكگ", (("K", "K"),)),
    **dict.fromkeys("حخه", (("K", "H"),)),
    **dict.fromkeys("چسصز", (("S", "S"),)),
    "ش": (("S", "X"),),
    "ژ": (("S", "J"),),
    **dict.fromkeys("ثذضظ", _EITHER_TH),
    **dict.fromkeys("تطدټڈٹ", (("T", "T"),)),
    **dict.fromkeys("بپفڤ", (("P", "P"),)),
    "ج": (("S", "J"), ("K", "K")), "ر": (("R", "R"),), "ڑ": (("R", "R"),), "ل": (("L", "L"),), "م": (("M", "M"),),
    "ن": (("N", "N"),), "ں": (("N", "N"),), "ا": (("", "a"),), "ي": (("", "i"),), "و": (("", "u"), ("P", "u")),
}  # fmt: skip
_HEBREW: dict[str, Sound] = {
    **dict.fromkeys("גכק", (("K", "K"),)),
    **dict.fromkeys("הח", (("K", "H"),)),
    **dict.fromkeys("זסצש", (("S", "S"),)),
    **dict.fromkeys("דט", (("T", "T"),)),
    **dict.fromkeys("בפ", (("P", "P"),)),
    "ת": (("T", "T"),), "ל": (("L", "L"),), "מ": (("M", "M"),), "נ": (("N", "N"),), "ר": (("R", "R"),),
    "י": (("", "i"),), "ו": (("", "u"), ("P", "u")),
}  # fmt: skip
_FIRST: dict[str, Sound] = {
    "ا": (("", ""),),
    "و": (("P", "u"),),
    "ו": (("P", "u"),),
    "י": (("", "i"), ("S", "")),
    "ي": (("", "i"),),
}
_FORMS = {
    "ا": "أإآٱ",
    "ي": "ىئیےې",
    "ك": "کڪ",
    "ه": "ةۀەھۂہ",
    "و": "ؤۇۆ",
    "כ": "ך",
    "מ": "ם",
    "נ": "ן",
    "פ": "ף",
    "צ": "ץ",
}
_FOLDS = str.maketrans({form: letter for letter, forms in _FORMS.items() for form in forms})
_UNHEARD = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u0591-\u05c7ءʼ'’׳״]")
_LONG = re.compile("([יו])\\1")
_ARTICLE = re.compile("^ال(?=...)")


def folded(word: str) -> str:
    """Take the marks off, and write the forms of one letter alike; the Arabic article goes.

    >>> folded("أحمد") == folded("احمد"), folded("الحسن") == folded("حسن")
    (True, True)
    """
    return _ARTICLE.sub("", _LONG.sub(r"\1", _UNHEARD.sub("", word).translate(_FOLDS)))


def skeletons(word: str, script: Script) -> tuple[Skeleton, ...]:
    """Give the skeletons of a folded word.

    >>> [each.consonants for each in skeletons("محمد", Script.ARABIC)]
    ['MKMT']
    """
    letters = _ARABIC if script is Script.ARABIC else _HEBREW
    if len(word) > 2 and word[-1] in "هה":
        word = word[:-1]  # Fatima, Sara: a sign of the vowel
    sounds = [letters.get(letter, (("", ""),)) for letter in word]
    if sounds:
        if word[-1] == "ي":
            sounds[-1] = (("", ""),)  # also the a of Mustafa and Layla
        elif word[-1] == "و":
            sounds[-1] = (("", ""),)  # Amr
        sounds[0] = _FIRST.get(word[0], sounds[0])
    return assembled(sounds, begins_with_vowel=False)
