"""Hangul: by the Revised Romanisation and as surnames are spelled by habit."""

from types import MappingProxyType

_FIRST = 0xAC00
_LAST = 0xD7A3
_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOICELESS = {"g": "k", "d": "t", "b": "p", "j": "ch"}
_VOWELS = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
)  # fmt: skip
_FINALS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t",
    "t", "k", "t", "p", "t",
)  # fmt: skip

SURNAMES = MappingProxyType(
    {
        surname: tuple(spellings.split())
        for surname, spellings in {
            "김": "kim gim", "이": "lee yi rhee ri i", "박": "park pak bak", "최": "choi choe",
            "정": "jung jeong chung cheong",
            "강": "kang gang", "조": "cho jo", "윤": "yoon yun", "장": "jang chang", "임": "lim im yim", "한": "han",
            "오": "oh o", "서": "seo suh", "신": "shin sin", "권": "kwon gwon", "황": "hwang", "안": "ahn an",
            "송": "song",
            "류": "ryu yoo", "전": "jeon jun chun", "홍": "hong", "고": "ko go koh", "문": "moon mun", "양": "yang",
            "손": "son sohn", "배": "bae", "백": "baek paik", "허": "heo hur huh", "유": "yoo yu ryu", "남": "nam",
            "심": "shim sim", "노": "noh roh no", "하": "ha", "곽": "kwak gwak", "성": "sung seong", "차": "cha",
            "주": "joo ju", "우": "woo wu u", "구": "koo gu ku", "나": "na ra", "민": "min", "진": "jin chin",
            "지": "ji chi", "엄": "um eom", "채": "chae", "원": "won", "천": "cheon chun", "방": "bang pang",
            "공": "kong gong", "현": "hyun hyeon", "함": "ham", "변": "byun byeon", "염": "yeom yum", "여": "yeo",
            "추": "choo chu", "도": "do", "소": "so", "석": "seok suk", "선": "sun seon", "설": "seol sul", "마": "ma",
            "길": "gil kil", "표": "pyo", "명": "myung myeong", "기": "ki gi", "반": "ban pan", "라": "ra",
            "왕": "wang",
            "금": "keum geum", "옥": "ok", "육": "yuk", "인": "in", "맹": "maeng", "제": "je", "모": "mo", "탁": "tak",
            "국": "kook guk", "어": "eo", "은": "eun", "편": "pyun pyeon", "용": "yong", "남궁": "namkoong namgung",
            "황보": "hwangbo", "제갈": "jegal", "선우": "sunwoo seonu", "독고": "dokgo dokko", "사공": "sagong",
            "서문": "seomun", "동방": "dongbang",
        }.items()
    }
)  # fmt: skip
"""Surnames with their usual spellings (own list of the commonest)."""

SPELLED: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        spelling: tuple(surname for surname, spellings in SURNAMES.items() if spelling in spellings)
        for spelling in {spelling for spellings in SURNAMES.values() for spelling in spellings}
    }
)
"""The surnames that a spelling may be."""

LATIN_SURNAMES = frozenset(spelling for spellings in SURNAMES.values() for spelling in spellings)


def romanised(word: str) -> tuple[str, ...]:
    """Read a word in the Revised Romanisation, and with its first letters voiceless, as older spellings have them.

    >>> romanised("민준"), romanised("경호")
    (('minjun', 'minchun'), ('gyeongho', 'kyeongho'))
    """
    revised, voiceless = [], []
    for character in word:
        if _FIRST <= ord(character) <= _LAST:
            place = ord(character) - _FIRST
            initial, vowel, final = place // 588, _VOWELS[place // 28 % 21], _FINALS[place % 28]
            revised.append(_INITIALS[initial] + vowel + final)
            voiceless.append(_VOICELESS.get(_INITIALS[initial], _INITIALS[initial]) + vowel + final)
    # Eu stands between consonants in words from elsewhere, where Latin letters have nothing.
    plain = "".join(syllable.replace("eu", "") if len(revised) > 1 else syllable for syllable in revised)
    return tuple(dict.fromkeys(("".join(revised), "".join(voiceless), plain)))


def parted(word: str) -> tuple[str, str]:
    """Part a full name, written as one word, into surname and given name.

    >>> parted("김민준"), parted("남궁민")
    (('김', '민준'), ('남궁', '민'))
    """
    length = 2 if len(word) > 2 and word[:2] in SURNAMES else 1
    return word[:length], word[length:]
