"""What a match says, and what it costs."""

import time

import pytest

from opsplan.deconfliction.subjects import Identifier, ReasonKind, Subject, SubjectKind, keys_of, match
from opsplan.targets.model import IdentifierScheme
from tests.opsplan.deconfliction.subjects.labelled.generator import labelled, people

pytestmark = pytest.mark.requirement("D2")


def person(*names: str, born: str | None = None, countries: tuple[str, ...] = (), **identifiers: str) -> Subject:
    found = tuple(Identifier(IdentifierScheme[scheme], value) for scheme, value in identifiers.items())
    return Subject(SubjectKind.PERSON, names, found, countries, born)


def kinds(one: Subject, other: Subject) -> set[ReasonKind]:
    found = match(one, other)
    assert found is not None
    return {reason.kind for reason in found.reasons}


def test_reasons_quote_both_texts() -> None:
    """An officer reads the two spellings as the agencies wrote them, and why they are one."""
    found = match(person("Иванов Сергей", born="1980-02-03"), person("Sergey IVANOV", born="1980-02"))
    assert found is not None
    assert [str(reason.words) for reason in found.reasons] == [
        "'Иванов Сергей' and 'Sergey IVANOV' are read alike, in two scripts",
        "the parts of 'Иванов Сергей' and 'Sergey IVANOV' stand in another order",
        "the dates of birth '1980-02-03' and '1980-02' agree as far as they are known",
    ]


def test_a_phone_matches_whoever_has_it() -> None:
    """A phone and a person with it meet, though their kinds differ; a contradiction beside it does not part them."""
    phone = Subject(SubjectKind.PHONE, ("012 345 678",), countries=("KH",))
    assert kinds(phone, person("Sok Dara", PHONE="+85512345678")) == {ReasonKind.SAME_PHONE}
    mine = person("Sok Dara", born="1980-02-03", PHONE="+85512345678")
    theirs = person("Li Na", born="1999-09-09", PHONE="0085512345678")
    assert kinds(mine, theirs) == {ReasonKind.SAME_PHONE, ReasonKind.BIRTH_DIFFERS}


def test_contradictions_lower_the_score() -> None:
    """Another birth, another country and another sex each take from a score."""
    plain = match(person("Robin Lakeside"), person("Robin Lakeside"))
    abroad = match(person("Robin Lakeside", countries=("GB",)), person("Robin Lakeside", countries=("NZ",)))
    assert plain is not None
    assert abroad is not None
    assert abroad.score < plain.score
    assert match(person("Robin Lakeside", born="1960-01-02"), person("Robin Lakeside", born="1991-05-06")) is None
    assert match(person("Mr Robin Lakeside"), person("Mrs Robin Lakeside")) is None


@pytest.mark.parametrize(
    "name", ["", " ", "-", "...", "U", "Mr", "12", "😀", "\u200b", "'", ",", "،", "ฯ", "့", "a" * 500]
)
@pytest.mark.parametrize("kind", list(SubjectKind))
def test_names_of_nothing_do_no_harm(kind: SubjectKind, name: str) -> None:
    """What is no name has perhaps no key, and breaks nothing."""
    subject = Subject(kind, (name,), born="no date", countries=("??",))
    assert keys_of(subject) == keys_of(subject)
    match(subject, subject)
    match(subject, Subject(kind, ("Sok Dara",)))


def test_cost_of_a_match_and_of_keys() -> None:
    """Keys cost some 0.1 ms and a match less; asserted with room for a loaded machine."""
    subjects = list(people(2_000, 3))
    begin = time.process_time()
    for subject in subjects:
        keys_of(subject)
    per_subject = (time.process_time() - begin) / len(subjects)
    pairs = labelled("tuning", 3, 10)
    for pair in pairs:
        keys_of(pair.one), keys_of(pair.other)
    begin = time.process_time()
    for pair in pairs:
        match(pair.one, pair.other)
    per_pair = (time.process_time() - begin) / len(pairs)
    print(f"keys_of {per_subject * 1e6:.0f} us, match {per_pair * 1e6:.0f} us of process time")
    assert per_subject < 1e-3
    assert per_pair < 1e-3
