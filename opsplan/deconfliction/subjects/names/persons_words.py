"""Words in names of persons that are no names: titles, particles, marks of sex; and short forms."""

from types import MappingProxyType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    "mr mrs ms miss mister dr prof sir madam haji hajji hj hajjah datuk dato datin sheikh shaikh shri smt "
    "khun nai naai oknha lok mme mlle mademoiselle monsieur senor senora herr frau jr sr esq phd г-н г-жа "
    "господин госпожа ท้าว นาย นาง นางสาว คุณ ທ້າວ ນາງ ທ່ານ លោក លោកស្រី កញ្ញា ឧកញ៉ា 先生 女士 小姐 氏 様 "
    "さん 씨 님 السيد السيدة الدكتور الشيخ श्री श्रीमती κος κα מר גברת ông bà"
)
"""Left out wherever they stand, if anything else is there."""

PREFIXED_TITLES = ("นางสาว", "นาง", "นาย", "คุณ", "ທ້າວ", "ນາງ")
"""Titles that are written as one with the name."""

SUFFIXED_TITLES = ("先生", "女士", "小姐", "さん", "様", "氏", "씨", "님")

FEMALE = _words(
    "mrs ms miss madam mme bint binti binte bte a/p d/o daw senora frau smt hajjah datin thi thị госпожа "
    "г-жа นาง นางสาว ນາງ លោកស្រី កញ្ញា 女士 小姐 بنت السيدة श्रीमती גברת bà"
)
MALE = _words("mr bin ibn a/l s/o u senor herr monsieur văn господин г-н นาย ທ້າວ 先生 بن ابن श्री מר ông")

PARTICLES = _words(
    "al el ul dela delos vander vanden bin ben ibn bint binti binte bte a/l a/p s/o d/o van von der den de "
    "da do dos das del della di du la las los y e ter ten zu af av thi văn thị بن ابن بنت ال בן בת"
)
"""They count for nothing when one side has them and the other has not."""

FIRST_PARTICLES = _words("al el de dela delos vander vanden thi thị van von del la der den бен")
"""Those that may stand first; others that stand first are names (Do, Di, Du, Bin)."""

ARTICLES = _words("al el ul as ash ad ar an at az adh ath es ech er en ed et")
"""Forms of the Arabic article before a hyphen."""

BURMESE_TITLES = _words("u oo daw ko ma maung mg saya sayadaw")
ONLY_BURMESE = _words(
    "aung kyaw htun thant thein hla htay hlaing nyunt phyo phyu htet thiha mya swe htoo htoon zaw naing lwin "
    "shwe maung mg myint koko hnin khaing nwe nyein htut htwe hmwe thwe kyi kyu myat thaw htin"
)
BURMESE_NAMES = ONLY_BURMESE | _words(
    "tun khin thida zin moe soe thu tint win oo yin yi myo hein zar ei than thura su wai yan zeya maw thiri "
    "sandar ko aye san tin ohn min sithu kaung wut thet nanda zayar yadanar nilar bo cho pyae soo ni lay mar "
    "mon"
)

VIETNAMESE_SURNAMES = _words(
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh mai trinh truong lam dao "
    "cao ta luu luong to ha chu thai ton quach"
)

_SHORT_FOR = {
    "aleksandr": "alexander sasha sacha alex aleks oleksandr sashko", "aleksandra": "alexandra sasha oleksandra",
    "dmitri": "dima dmytro mitya", "vladimir": "vova volodya volodymyr", "mikhail": "misha mykhailo",
    "yevgeni": "evgeny zhenya yevhen", "sergey": "seryozha serhiy serezha", "nikolay": "kolya mykola",
    "aleksey": "alyosha oleksiy lyosha", "ivan": "vanya", "pyotr": "petr piotr peter petro petya",
    "pavel": "pasha pavlo", "andrey": "andriy andryusha",
    "yekaterina": "katya ekaterina kateryna", "anastasiya": "nastya", "mariya": "masha maria", "natalya": "natasha",
    "tatyana": "tanya tetiana", "yelena": "lena elena olena", "olga": "olya",
    "georgios": "giorgios yeorgios giorgos yorgos george",
    "konstantinos": "kostas costas", "dimitrios": "dimitris mitsos", "ioannis": "yannis giannis",
    "muhammad": "md mohd muhd mhd mohamed mohammed mohammad mohamad muhammed mehmet muhamad mohamud muhamed",
    "abdullah": "abdalla abdulla", "ahmad": "ahmed ahmet akhmed",
    "maung": "mg", "yaakov": "jacob yaacov yakov jakob iakov", "geoffrey": "jeffrey geoffry jeff",
    "haim": "chaim hayim haym",
    "william": "bill will billy", "robert": "bob rob bobby", "richard": "dick rick", "james": "jim jimmy jamie",
    "john": "jack johnny", "thomas": "tom tommy", "michael": "mike mick", "joseph": "joe", "daniel": "dan danny",
    "david": "dave", "andrew": "andy drew", "anthony": "tony", "edward": "ed eddie ted", "steven": "steve stephen",
    "christopher": "chris", "matthew": "matt", "nicholas": "nick", "benjamin": "ben", "samuel": "sam",
    "elizabeth": "liz beth betty", "katherine": "kate kathy katie catherine", "margaret": "maggie peggy",
    "patricia": "pat patty", "jennifer": "jenny", "francisco": "paco pancho", "jose": "pepe", "eduardo": "lalo edu",
}  # fmt: skip

FULL_NAMES = MappingProxyType(
    {
        short: frozenset(full for full, shorts in _SHORT_FOR.items() if short == full or short in shorts.split())
        for short in {each for full, shorts in _SHORT_FOR.items() for each in (full, *shorts.split())}
    }
)
"""What a short or national form stands for (own list, only the very common ones); a full name stands for itself."""
