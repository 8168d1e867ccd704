"""Keys: exact texts under which an index finds every subject that may be one with another.

Two subjects are compared (`opsplan.deconfliction.subjects.matching`) only if they share one, so an index of keys misses
nothing that a comparison of all with all would find.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, permutations

from opsplan.deconfliction.subjects.dates import full_date
from opsplan.deconfliction.subjects.identifiers import forms_of
from opsplan.deconfliction.subjects.model import Subject, SubjectKind
from opsplan.deconfliction.subjects.names.persons import PersonName, persons
from opsplan.deconfliction.subjects.names.things import thing
from opsplan.deconfliction.subjects.sounds import skeleton

CACHED = 50_000
LONG = 3
"""Classes of consonants from which a word alone says enough to need only the first letter of another."""
LONG_FOR_HALVES = 6
"""Classes from which halves of a name are keys of their own, so that a slip in one leaves the other."""


def keys_of(subject: Subject) -> tuple[str, ...]:
    """Give the keys of a subject, sorted.

    Identifiers give their normal forms. A person's name gives pairs of words by their consonants: a long word with the
    first letter of another (Sergey Ivanov: Ivanov and an S), two short words whole, three or more short words all
    together. The name of an organisation or a site gives the consonants of the whole and of each long word, with its
    numbers.

    >>> keys_of(Subject(SubjectKind.PERSON, ("Sergey Ivanov",))) == keys_of(Subject(SubjectKind.PERSON, ("Иванов С",)))
    False
    >>> set(keys_of(Subject(SubjectKind.PERSON, ("Иванов С.",)))) <= set(
    ...     keys_of(Subject(SubjectKind.PERSON, ("Sergey Ivanov",)))
    ... )
    True
    """
    return _keys_of(subject)


@lru_cache(maxsize=CACHED)
def _keys_of(subject: Subject) -> tuple[str, ...]:
    return tuple(sorted(key_set(subject)))


@lru_cache(maxsize=CACHED)
def key_set(subject: Subject) -> frozenset[str]:
    """Give the keys as a set."""
    born = full_date(subject.born)
    keys = {key for form in forms_of(subject) for key in form.keys}
    match subject.kind:
        case SubjectKind.PERSON:
            keys.update(
                f"PERSON:{key}" for name in subject.names for way in persons(name) for key in _of_person(way, born)
            )
        case SubjectKind.ORGANIZATION | SubjectKind.SITE:
            keys.update(f"{subject.kind.value}:{key}" for name in subject.names for key in _of_thing(name))
    return frozenset(keys)


def _of_person(name: PersonName, born: str | None) -> Iterator[str]:
    words = name.words
    if len(words) == 1:
        yield from (f"={consonants}" for consonants in words[0].consonants)
        return
    # O is an initial, and a surname in Korea.
    initial = {word: word.is_initial and not word.surnames for word in words}
    short = [min(map(len, word.consonants), default=0) < LONG and not initial[word] for word in words]
    if name.together:
        yield from {f"*{each.consonants}" for way in name.together for each in skeleton.of_latin(way)}
    if len(words) > 2 and all(short) and all(word.readings[0].syllables == 1 for word in words if word.readings):
        for one, other in permutations(words, 2) if born else ():
            yield from (f"{mine}+{each[0]}@{born}" for mine in one.consonants for each in other.consonants)
        yield "&".join(sorted(min(word.consonants, key=lambda each: (len(each), each)) for word in words))
        return
    for one, other in combinations(words, 2):
        for mine in one.consonants:
            for theirs in other.consonants:
                if not initial[one]:
                    yield from _with_first(mine, theirs[0], born)
                if not initial[other]:
                    yield from _with_first(theirs, mine[0], born)
                if len(mine) < LONG and len(theirs) < LONG and not initial[one] and not initial[other]:
                    yield "&".join(sorted((mine, theirs)))


def _with_first(consonants: str, first: str, born: str | None) -> Iterator[str]:
    """A word with the first letter of another; a short word only with the date of birth, or it is everybody's."""
    if len(consonants) >= LONG:
        yield f"{consonants}+{first}"
    elif born:
        yield f"{consonants}+{first}@{born}"


def _of_thing(written: str) -> Iterator[str]:
    name = thing(written)
    if name is None:
        return
    marks = f"#{','.join(name.marks)}" if name.marks else ""
    for consonants in name.consonants:
        yield f"{consonants}{marks}"
        if len(name.words) == 1 and len(consonants) >= LONG_FOR_HALVES:
            middle = len(consonants) // 2
            yield f"{consonants[:middle]}<{marks}"
            yield f">{consonants[middle:]}{marks}"
    if len(name.words) > 1:
        yield from (
            f"/{consonants}{marks}" for word in name.words for consonants in word.consonants if len(consonants) >= LONG
        )
