"""Makes labelled pairs of invented subjects from lists and a seed.

Of one subject two agencies' spellings are drawn: in its script or in one of its romanisations, the surname first or
last, in capitals, with a title, with a middle name, with initials and a date of birth, with a slip of the hand. Pairs
that are not one are the hard ones: siblings, namesakes with another date of birth, the most similar other name in the
list, the same company name in another country, the block next door, one digit of a number. Two names of which a
romanisation is the same are never drawn as two. The held-out part is made from lists of its own, without a name of the
tuning part.
"""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import yaml
from rapidfuzz.distance import Indel

from opsplan.deconfliction.subjects import Identifier, Subject, SubjectKind
from opsplan.targets.model import IdentifierScheme
from tests.opsplan.deconfliction.subjects.labelled.numbers import number_pairs
from tests.opsplan.deconfliction.subjects.labelled.pair import HERE, Pair

Part = Literal["tuning", "held out"]


@dataclass(frozen=True)
class Name:
    """A name in its script, with its romanisations."""

    native: str
    latins: tuple[str, ...]

    def is_one_with(self, other: "Name") -> bool:
        """Whether nobody could tell them apart in Latin letters."""
        return self.native == other.native or not _plain(self).isdisjoint(_plain(other))


@dataclass(frozen=True)
class Culture:
    """Names that go together."""

    title: str
    script: str
    countries: tuple[str, ...]
    family_first: bool
    joint: str
    given: tuple[Name, ...]
    family: tuple[Name, ...]


@cache
def cultures(part: Part) -> tuple[Culture, ...]:
    """Read the lists of a part."""
    return tuple(
        Culture(
            title,
            row["script"],
            tuple(row["country"]),
            row["order"] == "family-given",
            "" if row["script"] in ("Han", "Hangul", "Burmese") else " ",
            _names(title, "given", part),
            _names(title, "family", part),
        )
        for title, row in _lists("names.yaml").items()
    )


@cache
def _lists(file: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((HERE / file).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return read


_FILES: dict[Part, tuple[str, ...]] = {
    "tuning": ("names.yaml", "more_names.yaml"),
    "held out": ("held_out_names.yaml",),
}


def _names(title: str, which: str, part: Part) -> tuple[Name, ...]:
    rows = [_lists(file).get(title, {}).get(which, {}) for file in _FILES[part]]
    return _made({native: latins for row in rows for native, latins in row.items()})


def _made(names: dict[str, list[str]]) -> tuple[Name, ...]:
    return tuple(Name(native, tuple(latins)) for native, latins in names.items())


@cache
def _plain(name: Name) -> frozenset[str]:
    return frozenset("".join(filter(str.isalnum, _unaccented(latin).lower())) for latin in name.latins)


def _unaccented(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def labelled(part: Part, seed: int, per_culture: int) -> list[Pair]:
    """Make pairs: half of them one subject, half two; the same for the same seed."""
    chance = random.Random(f"{part} {seed}")
    pairs: list[Pair] = []
    for culture in cultures(part):
        for _ in range(per_culture):
            pairs += (_one_person(culture, chance), _two_persons(culture, chance))
    for title, row in _lists("things.yaml").items():
        names = _made(row["names"] if part == "tuning" else _lists("held_out_things.yaml")[title])
        for _ in range(per_culture // 3):
            pairs += _companies(title, row, names, chance)
            pairs += _sites(row, names, chance)
    pairs += number_pairs(chance, per_culture * 4)
    return pairs


def people(count: int, seed: int) -> Iterator[Subject]:
    """Make people, each as one agency would write it: what an index is filled with."""
    chance = random.Random(seed)
    for _ in range(count):
        culture = chance.choice(cultures("tuning"))
        given, family = chance.choice(culture.given), chance.choice(culture.family)
        yield Subject(
            SubjectKind.PERSON,
            (_written(culture, given, family, chance, native=chance.random() < 0.4),),
            (Identifier(IdentifierScheme.PHONE, f"+{chance.randrange(10**11, 10**12)}"),),
            (chance.choice(culture.countries),),
            _born(chance),
        )


def _born(chance: random.Random) -> str:
    return f"{chance.randint(1955, 2005)}-{chance.randint(1, 12):02}-{chance.randint(2, 28):02}"


def _person(culture: Culture, name: str, chance: random.Random, born: str | None) -> Subject:
    countries = (culture.countries[0],) if chance.random() < 0.4 else ()
    return Subject(SubjectKind.PERSON, (name,), countries=countries, born=born)


def _written(
    culture: Culture, given: Name, family: Name, chance: random.Random, *, native: bool, both_scripts: bool = False
) -> str:
    if native:
        parts = [family.native, given.native] if culture.family_first else [given.native, family.native]
        if culture.script in ("Cyrillic", "Latin") and chance.random() < 0.2:
            parts.reverse()
        return culture.joint.join(parts)
    first, last = chance.choice(given.latins), chance.choice(_tongues(culture, family, both_scripts=both_scripts))
    # The Burmese have no surnames, so nothing to turn.
    turned = 0.6 if culture.family_first else 0.0 if culture.script == "Burmese" else 0.15
    family_first = chance.random() < turned
    if family_first:
        text = f"{last.upper() if chance.random() < 0.4 else last}{chance.choice((' ', ', '))}{first}"
    else:
        text = f"{first} {last.upper() if chance.random() < 0.2 else last}"
    return text


def _tongues(culture: Culture, family: Name, *, both_scripts: bool) -> tuple[str, ...]:
    """A Chinese surname has a spelling in each tongue, and two are two names to who sees Latin letters alone."""
    return family.latins if both_scripts or culture.script != "Han" else family.latins[:1]


_MIDDLE = {
    "Cyrillic": ("Petrovich", "Pavlovich"),
    "Arabic": ("Hamid", "Fahd"),
    "Latin": ("Paul", "Maria"),
    "Greek": ("Nikiforou",),
}
_TITLES = {
    "Burmese": ("U", "Daw"),
    "Thai": ("Mr.", "Khun"),
    "Devanagari": ("Shri", "Dr."),
    "Latin": ("Mr", "Dr."),
    "Han": ("Mr.",),
    "Khmer": ("Oknha", "Mr"),
}


def _one_person(culture: Culture, chance: random.Random) -> Pair:
    given, family = chance.choice(culture.given), chance.choice(culture.family)
    native = chance.random() < 0.6
    one = _written(culture, given, family, chance, native=native)
    again = native and chance.random() < 0.12
    other = _written(culture, given, family, chance, native=again, both_scripts=native)
    born = _born(chance) if chance.random() < 0.4 else None
    why = "script and Latin" if native else "two spellings"
    dressed = chance.random()
    if dressed < 0.07:
        other, slipped = _slip(other, chance)
        why += ", a slip" if slipped else ""
    elif dressed < 0.12 and culture.script != "Burmese":
        first = chance.choice(given.latins)
        other = f"{first[0]}. {chance.choice(_tongues(culture, family, both_scripts=native))}"
        born = born or _born(chance)
        why += ", an initial"
    elif dressed < 0.2 and culture.script in _TITLES:
        other = f"{chance.choice(_TITLES[culture.script])} {other}"
        why += ", a title"
    elif dressed < 0.28 and culture.script in _MIDDLE and "," not in other:
        other = f"{chance.choice(given.latins)} {chance.choice(_MIDDLE[culture.script])} {chance.choice(family.latins)}"
        why += ", a middle name"
    mine = _person(culture, one, chance, born)
    theirs = _person(culture, other, chance, born if ", an initial" in why or chance.random() < 0.7 else None)
    return Pair(True, *_shuffled(mine, theirs, chance), culture.title, why)


def _slip(text: str, chance: random.Random) -> tuple[str, bool]:
    """Leave a letter out, double it, or change it with the next, inside a long word."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= 6 and word.isalpha() and word.isascii()]
    if not long:
        return text, False
    place = chance.choice(long)
    word = words[place]
    at = chance.randrange(2, len(word) - 2)
    kind = chance.randrange(3)
    if kind == 0:
        word = word[:at] + word[at + 1 :]
    elif kind == 1:
        word = word[:at] + word[at] + word[at:]
    else:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[place] = word
    return " ".join(words), True


def _two_persons(culture: Culture, chance: random.Random) -> Pair:
    given, family = chance.choice(culture.given), chance.choice(culture.family)
    kind = chance.randrange(5)
    born: str | None = _born(chance) if chance.random() < 0.4 else None
    theirs_born: str | None = None
    other_given, other_family = given, family
    if kind == 0:
        other_given = _another(given, culture.given, chance)
        why = "siblings"
        theirs_born = _born(chance) if born else None
    elif kind == 1:
        other_given = _nearest(given, culture.given)
        why = "the nearest given name, same surname"
        theirs_born = born
    elif kind == 2:
        other_family = _another(family, culture.family, chance)
        why = "same given name"
        theirs_born = _born(chance) if born else None
    elif kind == 3:
        other_family = _nearest(family, culture.family)
        why = "the nearest surname, same given name"
        theirs_born = born
    else:
        why = "namesakes with another date of birth"
        born = _born(chance)
        theirs_born = _other_birth(born, chance)
    one = _written(culture, given, family, chance, native=chance.random() < 0.5)
    other = _written(culture, other_given, other_family, chance, native=chance.random() < 0.3)
    mine = _person(culture, one, chance, born)
    theirs = _person(culture, other, chance, theirs_born)
    return Pair(False, *_shuffled(mine, theirs, chance), culture.title, why)


def _other_birth(born: str, chance: random.Random) -> str:
    while True:
        other = _born(chance)
        if abs(int(other[:4]) - int(born[:4])) >= 2 and sum(a != b for a, b in zip(born, other, strict=True)) >= 3:
            return other


def _another(name: Name, names: tuple[Name, ...], chance: random.Random) -> Name:
    return chance.choice([each for each in names if not each.is_one_with(name)])


@cache
def _nearest(name: Name, names: tuple[Name, ...]) -> Name:
    return max(
        (each for each in names if not each.is_one_with(name)),
        key=lambda each: max(Indel.normalized_similarity(a, b) for a in _plain(each) for b in _plain(name)),
    )


def _shuffled(one: Subject, other: Subject, chance: random.Random) -> tuple[Subject, Subject]:
    return (one, other) if chance.random() < 0.5 else (other, one)


def _legal(form: list[str], core: str, *, native: bool) -> str:
    where, script, latin = form
    if not native:
        return f"{core} {latin}"
    if where == "around":
        before, after = script.split("|")
        return f"{before} {core} {after}"
    return {"before": f"{script} {core}", "after": f"{core} {script}", "joined": f"{core}{script}"}[where]


def _company(row: dict[str, Any], name: Name, generic: str | None, chance: random.Random, *, native: bool) -> str:
    core = name.native if native else chance.choice(name.latins)
    if generic:
        joint = "" if row["script"] in ("Han", "Kana", "Thai") and native else " "
        before = row["script"] == "Vietnamese" and native
        word = generic if native else row["generic"][generic]
        core = f"{word}{joint}{core}" if before else f"{core}{joint}{word}"
    if chance.random() < 0.2:
        return core
    written = _legal(chance.choice(row["legal"]), core, native=native)
    return written.upper() if chance.random() < 0.2 else written


def _companies(title: str, row: dict[str, Any], names: tuple[Name, ...], chance: random.Random) -> list[Pair]:
    name = chance.choice(names)
    generic = chance.choice(list(row["generic"])) if chance.random() < 0.5 else None
    here = (row["country"],) if chance.random() < 0.5 else ()

    def organization(text: str, countries: tuple[str, ...]) -> Subject:
        return Subject(SubjectKind.ORGANIZATION, (text,), countries=countries)

    one = organization(_company(row, name, generic, chance, native=chance.random() < 0.6), here)
    other = organization(_company(row, name, generic, chance, native=chance.random() < 0.1), here)
    same = Pair(True, *_shuffled(one, other, chance), title, "one company")
    kind = chance.randrange(3)
    if kind == 0:
        abroad = chance.choice([country for country in ("SG", "HK", "VG", "PA") if country != row["country"]])
        text = _company(row, name, generic, chance, native=False)
        another = organization(text, (abroad,))
        one, why = replace(one, countries=(row["country"],)), "the same name in another country"
    elif kind == 1:
        another = organization(_company(row, _another(name, names, chance), generic, chance, native=False), here)
        why = "another name with the same words"
    else:
        generics = list(row["generic"])
        mine, theirs = chance.sample(generics, 2)
        one = organization(_company(row, name, mine, chance, native=chance.random() < 0.5), here)
        another = organization(_company(row, name, theirs, chance, native=False), here)
        why = "another trade"
    return [same, Pair(False, *_shuffled(one, another, chance), title, why)]


def _site(row: dict[str, Any], name: Name, place: str, number: int, chance: random.Random, *, native: bool) -> str:
    if native:
        core, word = name.native, place
    else:
        core, word = chance.choice(name.latins), row["places"][place]
    digits = str(number)
    if native and row["script"] in _DIGITS:
        digits = "".join(_DIGITS[row["script"]][int(digit)] for digit in digits)
    if row["script"] == "Han" and native:
        return f"{core}{digits}{word}"
    return chance.choice((f"{core} {word} {digits}", f"{word} {digits}, {core}"))


_DIGITS = {"Khmer": "០១២៣៤៥៦៧៨៩", "Thai": "๐๑๒๓๔๕๖๗๘๙", "Arabic": "٠١٢٣٤٥٦٧٨٩"}


def _sites(row: dict[str, Any], names: tuple[Name, ...], chance: random.Random) -> list[Pair]:
    name = chance.choice(names)
    place = chance.choice(list(row["places"]))
    number = chance.randint(1, 60)

    def site(text: str) -> Subject:
        return Subject(SubjectKind.SITE, (text,), countries=(row["country"],) if chance.random() < 0.5 else ())

    one = site(_site(row, name, place, number, chance, native=chance.random() < 0.6))
    other = site(_site(row, name, place, number, chance, native=False))
    if chance.random() < 0.6:
        another = site(_site(row, name, place, number + chance.choice((1, 10)), chance, native=False))
        why = "the number next door"
    else:
        another = site(_site(row, _another(name, names, chance), place, number, chance, native=False))
        why = "another place with the same number"
    return [
        Pair(True, *_shuffled(one, other, chance), row["script"], "one site"),
        Pair(False, *_shuffled(one, another, chance), row["script"], why),
    ]
