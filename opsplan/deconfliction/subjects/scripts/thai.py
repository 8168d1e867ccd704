"""Thai and Lao: vowels that are written before their consonant, letters that are silent, consonants that end a word."""

import re

from anyascii import anyascii

from opsplan.deconfliction.subjects.scripts.which import Script, script_of

_SILENT = re.compile("[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c")
_LED_BY_H = re.compile("(?:ห(?=[งญนมยรลว])|ຫ(?=[ງຍນມຢຣລວ]))")
_MOON = re.compile("ทร์")  # Chan, Inth: two silent letters under one mark
_UNHEARD_R = re.compile("(?<=[ตชทกฏด])ร$|(?<=[ศส])ร")  # Phet, Si
_CARRIER = re.compile("^[อອ](?=[\u0e30-\u0e39\u0e40-\u0e44\u0eb0-\u0ebb\u0ec0-\u0ec4])")
_DOUBLE_R = re.compile("รร(?![\u0e30-\u0e3a])")
_YO_YING = re.compile("ญ(?=[ก-ฮเ-ไ]|$)")
_BEFORE = re.compile("([เแโใไເແໂໃໄ])([ก-ฮກ-ຮໜໝ])")
_MARKS = re.compile("[\u0e47-\u0e4b\u0e4d\u0e4e\u0ec8-\u0ecb]")
_VOWELS = {
    "เ": "e", "แ": "ae", "โ": "o", "ใ": "ai", "ไ": "ai", "ะ": "a", "ั": "a", "า": "a", "ำ": "am", "ิ": "i", "ี": "i",
    "ึ": "ue", "ื": "ue", "ุ": "u", "ู": "u", "ฤ": "ri", "ๆ": "",
    "ເ": "e", "ແ": "ae", "ໂ": "o", "ໃ": "ai", "ໄ": "ai", "ະ": "a", "ັ": "a", "າ": "a", "ຳ": "am", "ິ": "i", "ີ": "i",
    "ຶ": "ue", "ື": "ue", "ຸ": "u", "ູ": "u", "ົ": "o", "ົວ": "ua", "ໍ": "o", "ຽ": "ia", "ຼ": "l", "ໜ": "n", "ໝ": "m",
    "ຢ": "y", "ຍ": "y", "ວ": "w", "ຣ": "r", "ລ": "l", "ຫ": "h", "ອ": "o",
    "อ": "o", "ย": "y", "ว": "w", "จ": "ch", "ช": "ch", "ฉ": "ch", "ฌ": "ch", "ฐ": "th", "ฑ": "th", "ฒ": "th",
    "ถ": "th", "ท": "th", "ธ": "th", "ผ": "ph", "พ": "ph", "ภ": "ph", "ฝ": "f", "ฟ": "f", "ณ": "n", "ญ": "y",
    "ข": "kh", "ค": "kh", "ฆ": "kh", "ก": "k", "ง": "ng", "ด": "d", "ฎ": "d", "ต": "t", "ฏ": "t", "บ": "b", "ป": "p",
    "ม": "m", "น": "n", "ร": "r", "ล": "l", "ฬ": "l", "ส": "s", "ศ": "s", "ษ": "s", "ซ": "s", "ห": "h", "ฮ": "h",
}  # fmt: skip
_ENDS = {
    "ด": "t",
    "บ": "p",
    "ບ": "p",
    "ດ": "t",
    "ร": "n",
    "ล": "n",
    "ฬ": "n",
    "ญ": "n",
    "จ": "t",
    "ช": "t",
    "ส": "t",
    "ศ": "t",
    "ษ": "t",
    "ซ": "t",
}
"""Consonants that sound otherwise at the end of a word."""


def romanised(word: str) -> tuple[str, ...]:
    """Read a Thai or Lao word, its last letter both as written and as spoken.

    >>> romanised("สมชาย"), romanised("ใจดี")
    (('smchay',), ('chaidi',))
    """
    word = _MARKS.sub("", _SILENT.sub("", _MOON.sub("", word)))
    word = _YO_YING.sub("น", word)
    word = _LED_BY_H.sub("", _DOUBLE_R.sub("ั", word.replace("ຫຼ", "ລ")))
    latin = _letters(word)
    ways = [latin]
    if word[-1:] in _ENDS:
        ways.append(latin[: -len(_letters(word[-1]))] + _ENDS[word[-1]])
        if word[-1] == "ร":
            ways.append(f"{latin}n")  # Siriporn
    if script_of(word) is Script.LAO and "l" in latin:
        ways.append(latin.replace("l", "r"))  # Lao has lost the r that romanisations keep
    if (unheard := _UNHEARD_R.sub("", word.replace("ทร", "ซ"))) != word:
        ways.append(_letters(unheard))
    return tuple(dict.fromkeys(ways))


def _letters(word: str) -> str:
    spoken = _CARRIER.sub("", _BEFORE.sub(r"\2\1", word))
    return "".join(_VOWELS.get(letter) or anyascii(letter).lower() for letter in spoken if letter != "ๆ")
