"""A written name as a plain text of words."""

import re
import unicodedata

from opsplan.deconfliction.subjects.scripts.which import Script, script_of

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_APOSTROPHES = re.compile("(?<=\\w)['’‘ʻʼ`´′](?=\\w)|(?<=[א-ת])[\"”“״׳'](?=[א-ת])")
_LATIN_LIKE = dict(zip("асеорхуіјѕԁһԛԝ", "aceopxyijsdhqw", strict=True))
_CYRILLIC_LIKE = {latin: cyrillic for cyrillic, latin in _LATIN_LIKE.items()} | dict(zip("kmtnb", "кмтнв", strict=True))
_WORD = re.compile(r"\w+")
# NFKC takes these vowels apart, which no keyboard does.
_AM = (("\u0e4d\u0e32", "\u0e33"), ("\u0ecd\u0eb2", "\u0eb3"))


def cleaned(name: str) -> str:
    """Fold widths, cases and marks that are not seen; letters of another script that only look right are put right.

    >>> cleaned("O’Brien"), cleaned("Ｓergey") == cleaned("SERGEY"), cleaned("Sеrgеy") == "sergey"  # Cyrillic е
    ('obrien', True, True)
    """
    text = unicodedata.normalize("NFKC", _UNSEEN.sub("", name)).casefold()
    for apart, one in _AM:
        text = text.replace(apart, one)
    text = _APOSTROPHES.sub("", text)
    return text if text.isascii() else _WORD.sub(lambda found: _of_one_script(found.group()), text)


def _of_one_script(word: str) -> str:
    scripts = {script_of(letter) for letter in word if letter.isalpha()}
    if scripts != {Script.LATIN, Script.CYRILLIC}:
        return word
    cyrillic = [letter for letter in word if script_of(letter) is Script.CYRILLIC]
    table = _LATIN_LIKE if all(letter in _LATIN_LIKE for letter in cyrillic) else _CYRILLIC_LIKE
    return "".join(table.get(letter, letter) for letter in word)
