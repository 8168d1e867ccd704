"""Whether two subjects are one, how surely, and why."""

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType

from opsplan.deconfliction.subjects import sentences
from opsplan.deconfliction.subjects.dates import Birth, births
from opsplan.deconfliction.subjects.identifiers import Form, forms_of
from opsplan.deconfliction.subjects.keys import key_set
from opsplan.deconfliction.subjects.model import Match, Reason, ReasonKind, Subject, SubjectKind
from opsplan.deconfliction.subjects.names.same_person import Likeness, same_person
from opsplan.deconfliction.subjects.names.same_thing import same_thing
from opsplan.deconfliction.subjects.names.words import How
from opsplan.targets.model import IdentifierScheme
from opsplan.vocabulary.sentences import Sentence

THRESHOLD = 0.8
"""Score from which two subjects are told as one; chosen on the tuning part of the labelled set."""

_EXACT: Mapping[IdentifierScheme, float] = MappingProxyType(
    {
        IdentifierScheme.WALLET: 0.98,
        IdentifierScheme.IBAN: 0.98,
        IdentifierScheme.PASSPORT: 0.97,
        IdentifierScheme.NATIONAL_ID: 0.97,
        IdentifierScheme.REGISTRATION: 0.97,
        IdentifierScheme.PHONE: 0.95,
        IdentifierScheme.EMAIL: 0.95,
        IdentifierScheme.HANDLE: 0.94,
        IdentifierScheme.DOMAIN: 0.94,
        IdentifierScheme.PLATE: 0.94,
        IdentifierScheme.ACCOUNT: 0.9,
    }
)
"""What the same identifier says when all is known that makes it unique."""
_LOOSE = 0.86
"""What it says when one side does not know the country, issuer or platform."""
_BIRTH_AGREES = 0.5
_COUNTRY_AGREES = 0.2
"""Shares of the doubt that is left."""
_BIRTH_DIFFERS = 0.35
_BIRTH_NEARLY_AGREES = 0.05
_IDENTIFIER_DIFFERS = 0.35
_COUNTRY_DIFFERS: Mapping[SubjectKind, float] = MappingProxyType(
    # People have more than one nationality; companies of one name in two countries are two.
    {SubjectKind.PERSON: 0.06, SubjectKind.ORGANIZATION: 0.35, SubjectKind.SITE: 0.4}
)
_BESIDE_AN_IDENTIFIER = 0.3
"""Share of what speaks against a match that is left beside a shared identifier: two who use one phone are to know."""
_ISSUED_ONCE = MappingProxyType(
    {SubjectKind.PERSON: IdentifierScheme.NATIONAL_ID, SubjectKind.ORGANIZATION: IdentifierScheme.REGISTRATION}
)
"""Of these each has one number in a country."""


def match(one: Subject, other: Subject) -> Match | None:
    """Compare two subjects.

    Returns
    -------
    Match or None
        Nothing below `THRESHOLD`. Never anything without a key in common (`keys_of`). The same whichever comes first,
        but for the order of the texts in its reasons.
    """
    if key_set(one).isdisjoint(key_set(other)):
        return None
    found = _Weighing()
    for form, another in _shared(one, other):
        found.speaks_for(
            ReasonKind[f"SAME_{form.scheme.value}"],
            _EXACT[form.scheme] if form.exact and another.exact else _LOOSE,
            form.written,
            another.written,
        )
    named = _named_alike(one, other)
    if named:
        _weigh_name(found, named)
    if not found.reasons:
        return None
    _weigh_circumstances(found, one, other)
    return found.result()


class _Weighing:
    """Reasons, each with its part of the score."""

    def __init__(self) -> None:
        self.score = 0.0
        self.has_identifier = False
        self.reasons: list[Reason] = []

    def speaks_for(self, kind: ReasonKind, share: float, one: str, other: str) -> None:
        """Take a share of the doubt that is left."""
        self.has_identifier |= kind in sentences.OF_IDENTIFIERS
        self._note(kind, (1.0 - self.score) * share, one, other)

    def speaks_against(self, kind: ReasonKind, part: float, one: str, other: str) -> None:
        """Take a part from the score, less where an identifier is shared."""
        part = part * _BESIDE_AN_IDENTIFIER if self.has_identifier else part
        self._note(kind, -min(part, self.score), one, other)

    def _note(self, kind: ReasonKind, part: float, one: str, other: str) -> None:
        part = round(part, 4)
        self.score += part
        words: Sentence = sentences.words_of(kind, one, other)
        self.reasons.append(Reason(kind, one, other, part, words))

    def result(self) -> Match | None:
        score = round(self.score, 4)
        if score < THRESHOLD:
            return None
        return Match(score, tuple(sorted(self.reasons, key=lambda reason: -abs(reason.part))))


def _shared(one: Subject, other: Subject) -> list[tuple[Form, Form]]:
    """Give the identifiers that are the same, one pair for each of the first subject's."""
    theirs = forms_of(other)
    if not theirs:
        return []
    shared: dict[tuple[str, str], tuple[Form, Form]] = {}
    for form in forms_of(one):
        for another in theirs:
            if form.scheme is not another.scheme:
                continue
            exactly = form.exact is not None and another.exact is not None
            if (form.exact == another.exact) if exactly else (form.loose is not None and form.loose == another.loose):
                shared.setdefault((form.scheme.value, form.written), (form, another))
    return sorted(shared.values(), key=lambda pair: -_EXACT[pair[0].scheme])


def _named_alike(one: Subject, other: Subject) -> Likeness | None:
    if one.kind is not other.kind:
        return None
    match one.kind:
        case SubjectKind.PERSON:
            compare = same_person
        case SubjectKind.ORGANIZATION | SubjectKind.SITE:
            compare = same_thing
        case _:
            return None
    found = [likeness for pair in product(one.names, other.names) if (likeness := compare(*pair))]
    return max(found, key=lambda likeness: likeness.score, default=None)


def _weigh_name(found: _Weighing, name: Likeness) -> None:
    kinds = {
        How.INITIAL: ReasonKind.INITIALS,
        How.NICKNAME: ReasonKind.NICKNAME,
        How.OTHER_SEX: ReasonKind.NAME_SPELLED_ALIKE,
        How.ALIKE: ReasonKind.NAME_SPELLED_ALIKE,
        How.OTHER_SCRIPT: ReasonKind.NAME_OTHER_SCRIPT,
        How.SAME: ReasonKind.SAME_NAME,
    }
    found.speaks_for(kinds[max(name.ways)], name.words, name.one, name.other)
    for kind, cost in (
        (ReasonKind.NAME_OTHER_ORDER, name.order_cost),
        (ReasonKind.NAME_PARTS_MISSING, name.missing_cost),
        (ReasonKind.SEX_DIFFERS, name.sex_cost),
    ):
        if cost:
            found.speaks_against(kind, cost, name.one, name.other)


def _weigh_circumstances(found: _Weighing, one: Subject, other: Subject) -> None:
    match births(one.born, other.born):
        case Birth.AGREES:
            found.speaks_for(ReasonKind.BIRTH_AGREES, _BIRTH_AGREES, one.born or "", other.born or "")
        case Birth.NEARLY_AGREES:
            found.speaks_against(ReasonKind.BIRTH_NEARLY_AGREES, _BIRTH_NEARLY_AGREES, one.born or "", other.born or "")
        case Birth.DIFFERS:
            found.speaks_against(ReasonKind.BIRTH_DIFFERS, _BIRTH_DIFFERS, one.born or "", other.born or "")
    differs = _COUNTRY_DIFFERS.get(one.kind) if one.kind is other.kind else None
    if differs and one.countries and other.countries:
        texts = ", ".join(one.countries), ", ".join(other.countries)
        if set(one.countries) & set(other.countries):
            found.speaks_for(ReasonKind.COUNTRY_AGREES, _COUNTRY_AGREES, *texts)
        else:
            found.speaks_against(ReasonKind.COUNTRY_DIFFERS, differs, *texts)
    _weigh_other_numbers(found, one, other)


def _weigh_other_numbers(found: _Weighing, one: Subject, other: Subject) -> None:
    scheme = _ISSUED_ONCE.get(one.kind) if one.kind is other.kind else None
    if scheme is None:
        return
    mine = {form.issuer: form for form in forms_of(one) if form.scheme is scheme and form.exact}
    theirs = {form.issuer: form for form in forms_of(other) if form.scheme is scheme and form.exact}
    for issuer in sorted(mine.keys() & theirs.keys(), key=str):
        if mine[issuer].exact != theirs[issuer].exact:
            found.speaks_against(
                ReasonKind.IDENTIFIER_DIFFERS, _IDENTIFIER_DIFFERS, mine[issuer].written, theirs[issuer].written
            )
