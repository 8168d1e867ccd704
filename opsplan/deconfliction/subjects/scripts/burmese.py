"""Burmese: syllables of an onset and a rime, as names are romanised by habit.

A name is written without spaces between its syllables and romanised with them, so one word becomes several.
"""

import re
import unicodedata

_ONSETS = {
    "က": "k", "ခ": "kh", "ဂ": "g", "ဃ": "g", "င": "ng", "စ": "s", "ဆ": "s", "ဇ": "z", "ဈ": "z", "ဉ": "ny", "ည": "ny",
    "ဋ": "t", "ဌ": "t", "ဍ": "d", "ဎ": "d", "ဏ": "n", "တ": "t", "ထ": "ht", "ဒ": "d", "ဓ": "d", "န": "n", "ပ": "p",
    "ဖ": "ph", "ဗ": "b", "ဘ": "b", "မ": "m", "ယ": "y", "ရ": "y", "လ": "l", "ဝ": "w", "သ": "th", "ဟ": "h", "ဠ": "l",
    "အ": "", "ဣ": "i", "ဤ": "i", "ဥ": "u", "ဦ": "u", "ဧ": "e", "ဿ": "th",
}  # fmt: skip
_GLIDED = {"ky": "ky", "khy": "ch", "gy": "gy", "yh": "sh", "lyh": "sh", "thyh": "sh"}
_RIMES = {
    "": "a", "ာ": "a", "ါ": "a", "ိ": "i", "ီ": "i", "ု": "u", "ူ": "u", "ေ": "ay", "ဲ": "e", "ော": "aw", "ေါ": "aw",
    "ော်": "aw", "ေါ်": "aw", "ို": "o", "ံ": "an", "ုံ": "on", "ိံ": "ein", "က်": "et", "င်": "in", "စ်": "it", "ည်": "i",
    "ဉ်": "in", "တ်": "at", "န်": "an", "ပ်": "at", "မ်": "an", "ယ်": "e", "ောက်": "auk", "ေါက်": "auk", "ောင်": "aung",
    "ေါင်": "aung", "ိုက်": "aik", "ိုင်": "aing", "ိတ်": "eik", "ိပ်": "eik", "ိန်": "ein", "ိမ်": "ein", "ုတ်": "ok",
    "ုပ်": "ok", "ုန်": "on", "ုမ်": "on", "ွတ်": "ut", "ွပ်": "ut", "ွန်": "un", "ွမ်": "un", "ွယ်": "we", "ာဉ်": "in",
    "ာန်": "an", "ဏ်": "an", "ာဏ်": "an",
}  # fmt: skip
_SYLLABLE = re.compile(
    "([က-အဣ-ဧဿ])(\u103a?[\u103b-\u103e]*)((?:[\u102b-\u1032\u1036]|\u103a(?![က-အ])|[\u1037\u1038])*"
    "(?:[က-အ][\u1037]?[\u103a\u1039][\u1037\u1038]*)?)"
)
_TONES = re.compile("[\u1037\u1038]")


_HABITS = (
    (re.compile("^mg$"), "maung"),
    (re.compile("^i$"), "e"),
    (re.compile("ine$"), "aing"),
    (re.compile("ain$"), "ein"),
    (re.compile("ike$"), "aik"),
    (re.compile("^gy"), "ky"),
    (re.compile("ht|th"), "t"),
    (re.compile("hs"), "s"),
    (re.compile("kh"), "k"),
    (re.compile("ph|hp"), "p"),
    (re.compile("(?:aye|ay|ae|ei|ai|ey|e)$"), "e"),
    (re.compile("oe|oh"), "o"),
    (re.compile("oo|ou"), "u"),
    (re.compile(r"([aeiou])r$"), r"\1"),
    (re.compile("nn"), "n"),
    (re.compile("w+$"), "w"),
)


def plainly(latin: str) -> str:
    """Fold the habits of writing a syllable: Mg, Htun, Soe, Mae.

    >>> plainly("htun"), plainly("soe"), plainly("mae") == plainly("may")
    ('tun', 'so', True)
    """
    for habit, plain in _HABITS:
        latin = habit.sub(plain, latin)
    return latin


def syllables(word: str) -> tuple[tuple[str, ...], ...]:
    """Read a Burmese word syllable by syllable; ရ is y, and r in words from Pali.

    >>> syllables("အောင်ကျော်"), syllables("သီရိ")
    ((('aung',), ('kyaw',)), (('thi',), ('yi', 'ri')))
    """
    # The order of marks differs between keyboards; NFC leaves it be, so a tone before the sign that kills goes first.
    word = unicodedata.normalize("NFC", word).replace("\u1037\u103a", "\u103a\u1037").replace("ဥ်", "ဉ်")
    read = ((found.group(1), _read(*found.groups())) for found in _SYLLABLE.finditer(word))
    return tuple((latin, "r" + latin[1:]) if letter == "ရ" and latin[0] == "y" else (latin,) for letter, latin in read)


def _read(letter: str, medials: str, rime: str) -> str:
    creaky = "\u1037" in rime
    plain = _TONES.sub("", rime).replace("\u1039", "\u103a")
    onset = _ONSETS.get(letter, "")
    if "\u103b" in medials or "\u103c" in medials:
        onset = _GLIDED.get(onset + "y", onset + "y")
    if "\u103e" in medials:
        onset = _GLIDED.get(onset + "h", "h" + onset)
    vowel = _RIMES.get(plain)
    if "\u103d" in medials:
        joined = _RIMES.get("\u103d" + plain)
        if joined is None:
            onset += "w"
        vowel = joined or ("e" if plain == "ေ" else vowel)
    if letter in "ဣဤဥဦဧ" and not plain:
        vowel = ""
    if letter == "ဦ" or (letter == "ဥ" and plain in ("ီ", "ီး")):
        return "oo"
    vowel = vowel if vowel is not None else "a"
    # Win Myint, Than't: the short tone is heard as a stop.
    return onset + vowel + ("t" if creaky and vowel.endswith("n") else "")
