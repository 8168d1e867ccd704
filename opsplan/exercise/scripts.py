"""Invented words in other scripts: each is spelled letter by letter, as far as its script can.

The words of `words.py` are made of open syllables (a consonant and a vowel), so a short table serves each script.
The spelling is no learned transliteration, only a name that a search in that script must find.
"""

from collections.abc import Callable, Mapping

_CONSONANTS = "bdgklmnprstvz"
_VOWELS = "aeiou"


def _letters(consonants: str, vowels: str) -> Callable[[str], str]:
    table = {**dict(zip(_CONSONANTS, consonants, strict=True)), **dict(zip(_VOWELS, vowels, strict=True))}
    return lambda word: "".join(table[letter] for letter in word)


def _signs(consonants: str, signs: tuple[str, ...], before: str = "") -> Callable[[str], str]:
    """Make a speller for scripts in which the vowel is a sign on its consonant, some written before it."""
    letter = dict(zip(_CONSONANTS, consonants, strict=True))
    sign = dict(zip(_VOWELS, signs, strict=True))

    def spell(word: str) -> str:
        pairs = zip(word[::2], word[1::2], strict=True)
        return "".join(
            sign[vowel] + letter[consonant] if vowel in before else letter[consonant] + sign[vowel]
            for consonant, vowel in pairs
        )

    return spell


_FIRST_HANGUL = 0xAC00
_HANGUL_CONSONANTS = dict(zip(_CONSONANTS, (7, 3, 0, 15, 5, 6, 2, 17, 5, 9, 16, 7, 12), strict=True))
_HANGUL_VOWELS = dict(zip(_VOWELS, (0, 5, 20, 8, 13), strict=True))


def _hangul(word: str) -> str:
    # Unicode orders the syllables by initial consonant, vowel (21) and final consonant (28, the first is none).
    pairs = zip(word[::2], word[1::2], strict=True)
    return "".join(
        chr(_FIRST_HANGUL + (_HANGUL_CONSONANTS[consonant] * 21 + _HANGUL_VOWELS[vowel]) * 28)
        for consonant, vowel in pairs
    )


_HAN = {
    "b": "巴貝比波布", "d": "達德迪多杜", "g": "加格吉戈古", "k": "卡克基科庫", "l": "拉雷利洛盧",
    "m": "馬梅米莫穆", "n": "納內尼諾努", "p": "帕佩皮波普", "r": "臘熱里羅魯", "s": "薩塞西索蘇",
    "t": "塔特提托圖", "v": "瓦韋維沃武", "z": "扎澤齊佐祖",
}  # fmt: skip
_KATAKANA = {
    "b": "バベビボブ", "d": "ダデディドドゥ", "g": "ガゲギゴグ", "k": "カケキコク", "l": "ラレリロル",
    "m": "マメミモム", "n": "ナネニノヌ", "p": "パペピポプ", "r": "ラレリロル", "s": "サセシソス",
    "t": "タテチトツ", "v": "ワウェウィウォヴ", "z": "ザゼジゾズ",
}  # fmt: skip


def _syllables(table: Mapping[str, str]) -> Callable[[str], str]:
    def spell(word: str) -> str:
        spelled = []
        for consonant, vowel in zip(word[::2], word[1::2], strict=True):
            row = table[consonant]
            # Some kana syllables take two characters; the last of a row is what remains.
            spelled.append(_cut(row)[_VOWELS.index(vowel)])
        return "".join(spelled)

    return spell


def _cut(row: str) -> tuple[str, ...]:
    small = "ァィゥェォ"
    parts: list[str] = []
    for character in row:
        if character in small and parts:
            parts[-1] += character
        else:
            parts.append(character)
    return tuple(parts)


SCRIPTS: Mapping[str, Callable[[str], str]] = {
    "Arabic": _letters("بدغكلمنفرستوز", "اهيوو"),
    "Armenian": _letters("բդգկլմնպրստվզ", "աեիոո"),
    "Cyrillic": _letters("бдгклмнпрствз", "аеиоу"),
    "Devanagari": _signs("बदगकलमनपरसतवज", ("ा", "े", "ि", "ो", "ु")),
    "Georgian": _letters("ბდგკლმნპრსტვზ", "აეიოუ"),
    "Greek": _letters("βδγκλμνπρστβζ", "αειοω"),
    "Han": _syllables(_HAN),
    "Hangul": _hangul,
    "Hebrew": _letters("בדגקלמנפרסטוז", "אהיוו"),
    "Katakana": _syllables(_KATAKANA),
    "Khmer": _signs("បដគកលមនពរសតវហ", ("ា", "េ", "ិ", "ោ", "ុ")),
    "Thai": _signs("บดกคลมนพรสตวซ", ("า", "เ", "ิ", "โ", "ุ"), before="eo"),
}
"""Spellers by the name of the script; each takes one lower-case word of open syllables."""
