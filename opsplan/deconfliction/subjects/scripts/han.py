"""Han characters: Mandarin readings, surnames as they are spelled elsewhere, and simplified forms.

Given names are read in Mandarin alone. Names from Japan in kanji are not read: their readings are many and no table of
names is at hand; they are compared with kana and Latin letters by identifiers only.
"""

import re
from functools import lru_cache
from types import MappingProxyType

from anyascii import anyascii

SURNAMES = MappingProxyType(
    {
        character: tuple(spellings.split())
        for characters, spellings in {
            "陈陳": "chen chan tan chin ting", "林": "lin lam lim im", "黄黃": "huang wong ng ooi wee hwang",
            "李": "li lee lei yi", "张張": "zhang chang cheung teo tiong jang", "王": "wang wong ong heng",
            "吴吳": "wu ng goh woo oh", "刘劉": "liu lau low lew yoo", "蔡": "cai tsai choi chua chai",
            "杨楊": "yang yeung yeo young", "许許": "xu hsu hui koh khor heo", "郑鄭": "zheng cheng tay teh jung",
            "谢謝": "xie hsieh tse chia seah", "郭": "guo kuo kwok quek kwak", "洪": "hong hung ang",
            "曾": "zeng tseng tsang chan", "邱": "qiu chiu yau khoo", "廖": "liao liu liew", "赖賴": "lai",
            "周": "zhou chou chow chew joo", "叶葉": "ye yeh yip yap", "苏蘇": "su soo so",
            "庄莊": "zhuang chuang chong",
            "江": "jiang chiang kong kang", "何": "he ho hoe", "罗羅": "luo lo law loh", "高": "gao kao ko",
            "萧蕭肖": "xiao hsiao siu seow", "潘": "pan poon phua", "朱": "zhu chu choo", "简簡": "jian chien kan",
            "钟鍾": "zhong chung cheong", "彭": "peng pang phang", "游": "you yu yau", "詹": "zhan chan",
            "胡": "hu wu woo foo", "施": "shi shih see", "沈": "shen sham sim", "余": "yu yue",
            "赵趙": "zhao chao chiu teoh cho", "卢盧": "lu lo loo", "梁": "liang leung leong neo",
            "颜顏": "yan yen gan",
            "柯": "ke ko kua", "翁": "weng yung ang", "魏": "wei ngai gwee", "孙孫": "sun suen soon",
            "戴": "dai tai tay",
            "范範": "fan", "方": "fang fong png bang", "宋": "song sung", "邓鄧": "deng teng tang",
            "杜": "du tu to toh",
            "傅": "fu foo poh", "侯": "hou hau how", "曹": "cao tsao cho", "薛": "xue hsueh sit see", "丁": "ding ting",
            "卓": "zhuo cho toh", "阮": "ruan yuen nguyen", "马馬": "ma mah beh", "董": "dong tung", "温溫": "wen wan",
            "唐": "tang tong", "蓝藍": "lan lam nam", "石": "shi shih shek", "蒋蔣": "jiang chiang", "古": "gu ku koo",
            "纪紀": "ji chi kee", "姚": "yao yiu yeo", "连連": "lian lien lin", "冯馮": "feng fung fong pang",
            "欧歐": "ou au", "程": "cheng ching", "汤湯": "tang tong", "田": "tian tien tin", "康": "kang hong",
            "姜": "jiang chiang keung kang", "白": "bai pai pak peh", "汪": "wang wong", "尤": "you yu yau",
            "巫": "wu moo", "钱錢": "qian chien chin", "徐": "xu hsu chui tsui chee", "韩韓": "han hon",
            "袁": "yuan yuen", "于": "yu", "吕呂": "lu lui loo", "贾賈": "jia chia ka", "任": "ren jen yam",
            "陆陸": "lu luk loke", "金": "jin chin kam kim", "崔": "cui tsui choi", "单單": "shan sin", "解": "xie",
            "仇": "qiu", "区區": "ou au", "查": "zha cha", "朴": "piao pu park", "龙龍": "long lung", "陶": "tao to",
            "万萬": "wan man", "毛": "mao mo", "史": "shi shih", "顾顧": "gu ku koo", "孟": "meng mang",
            "邵": "shao siu",
            "尹": "yin wan yoon", "黎": "li lai", "段": "duan tuan", "雷": "lei lui", "武": "wu mo",
            "夏": "xia hsia ha",
            "贺賀": "he ho", "龚龔": "gong kung", "文": "wen man moon", "严嚴": "yan yen yim", "熊": "xiong hung",
            "秦": "qin chin chun", "倪": "ni ngai", "殷": "yin yan", "章": "zhang chang cheung", "常": "chang sheung",
        }.items()
        for character in characters
    }
)  # fmt: skip
"""The commonest surnames: in Mandarin, then as spelled in Hong Kong, Taiwan, Malaysia, Singapore, Korea (own list)."""

_DOUBLE = frozenset(
    ("欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "司徒", "夏侯", "皇甫", "尉迟", "公孙", "公孫", "慕容",
     "令狐", "东方", "東方", "南宫", "南宮", "端木", "长孙", "長孫", "宇文", "轩辕", "軒轅", "钟离", "鍾離")
)  # fmt: skip
LATIN_SURNAMES = frozenset(spellings[0] for spellings in SURNAMES.values()) | frozenset(
    anyascii(surname).lower() for surname in _DOUBLE
)
"""Surnames as Mandarin has them."""

_PINYIN = re.compile(
    "(?:(?:[bpmf]|[dtnl]|[gkh]|[jqx]|[zcs]h?|[ryw])?"
    "(?:iang|iong|uang|ueng|ang|eng|ing|ong|ian|iao|uai|uan|uen|ai|ei|ui|ao|ou|iu|ie|ue|ve|an|en|in|un|ia|ua|uo|er|a|o|e|i|u|v))+"
)
# Pairs of which the simplified form is also an old character, so that the encodings cannot tell.
_ALSO_OLD = dict(
    zip("云范丰于余志杰松沈台万升群峰克里周向谷党后干", "雲範豐於餘誌傑鬆瀋臺萬昇羣峯剋裏週嚮穀黨後乾", strict=True)
)


def is_pinyin(word: str) -> bool:
    """Say whether a Latin word is made of Mandarin syllables.

    >>> is_pinyin("xiaoming"), is_pinyin("sergey")
    (True, False)
    """
    return _PINYIN.fullmatch(word) is not None


def parted(word: str) -> tuple[str, str]:
    """Part a full name into surname and given name.

    >>> parted("欧阳明"), parted("王小明")
    (('欧阳', '明'), ('王', '小明'))
    """
    length = 2 if word[:2] in _DOUBLE and len(word) > 2 else 1
    return word[:length], word[length:]


def pinyin(word: str) -> str:
    """Read characters in Mandarin, without tones.

    >>> pinyin("小明")
    'xiaoming'
    """
    return "".join(each for each in anyascii(word).lower() if each.isalnum())


def surname_readings(word: str) -> tuple[str, ...]:
    """Give the spellings of a surname, Mandarin first.

    >>> surname_readings("陳")[:3]
    ('chen', 'chan', 'tan')
    """
    return SURNAMES.get(word) or (pinyin(word), *_DOUBLE_ABROAD.get(word, ()))


_DOUBLE_ABROAD = {
    "欧阳": ("auyeung", "auyong"), "歐陽": ("auyeung", "auyong"), "司徒": ("szeto", "seetoh"), "司马": ("szema",),
    "司馬": ("szema",),
}  # fmt: skip


@lru_cache(maxsize=20_000)
def _is_simplified(character: str) -> bool:
    return _encodes(character, "gb2312") and not _encodes(character, "big5")


@lru_cache(maxsize=20_000)
def _is_traditional(character: str) -> bool:
    return _encodes(character, "big5") and not _encodes(character, "gb2312")


def _encodes(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def one_character(one: str, other: str) -> bool:
    """Say whether two characters are one, or the simplified and the traditional form of one.

    The standard library has no table of these forms. A character that the mainland's old encoding has and Taiwan's
    has not is simplified; with a traditional one of the same reading it is taken for the same.

    >>> one_character("张", "張"), one_character("伟", "薇"), one_character("云", "雲")
    (True, False, True)
    """
    if one == other or _ALSO_OLD.get(one) == other or _ALSO_OLD.get(other) == one:
        return True
    pair = (_is_simplified(one) and _is_traditional(other)) or (_is_traditional(one) and _is_simplified(other))
    return pair and pinyin(one) == pinyin(other)


def one_word(one: str, other: str) -> bool:
    """Say whether two words are one in simplified or traditional characters."""
    return len(one) == len(other) and all(map(one_character, one, other))
