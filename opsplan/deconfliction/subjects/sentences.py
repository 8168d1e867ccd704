"""What each reason says to an officer."""

from collections.abc import Callable
from types import MappingProxyType

from opsplan.deconfliction.subjects.model import ReasonKind
from opsplan.vocabulary.sentences import Sentence, say

_WORDS: MappingProxyType[ReasonKind, Callable[[str, str], Sentence]] = MappingProxyType(
    {
        ReasonKind.SAME_PHONE: lambda one, other: say(
            "{one!r} and {other!r} are one phone number", one=one, other=other
        ),
        ReasonKind.SAME_EMAIL: lambda one, other: say(
            "{one!r} and {other!r} are one e-mail address", one=one, other=other
        ),
        ReasonKind.SAME_PASSPORT: lambda one, other: say(
            "{one!r} and {other!r} are one passport", one=one, other=other
        ),
        ReasonKind.SAME_NATIONAL_ID: lambda one, other: say(
            "{one!r} and {other!r} are one national identity number", one=one, other=other
        ),
        ReasonKind.SAME_REGISTRATION: lambda one, other: say(
            "{one!r} and {other!r} are one number of registration", one=one, other=other
        ),
        ReasonKind.SAME_IBAN: lambda one, other: say("{one!r} and {other!r} are one IBAN", one=one, other=other),
        ReasonKind.SAME_ACCOUNT: lambda one, other: say(
            "{one!r} and {other!r} are one account number", one=one, other=other
        ),
        ReasonKind.SAME_WALLET: lambda one, other: say("{one!r} and {other!r} are one wallet", one=one, other=other),
        ReasonKind.SAME_DOMAIN: lambda one, other: say("{one!r} and {other!r} are one domain", one=one, other=other),
        ReasonKind.SAME_HANDLE: lambda one, other: say("{one!r} and {other!r} are one handle", one=one, other=other),
        ReasonKind.SAME_PLATE: lambda one, other: say(
            "{one!r} and {other!r} are one number plate", one=one, other=other
        ),
        ReasonKind.SAME_NAME: lambda one, other: say("{one!r} and {other!r} are the same name", one=one, other=other),
        ReasonKind.NAME_SPELLED_ALIKE: lambda one, other: say(
            "{one!r} and {other!r} are spellings of one name", one=one, other=other
        ),
        ReasonKind.NAME_OTHER_SCRIPT: lambda one, other: say(
            "{one!r} and {other!r} are read alike, in two scripts", one=one, other=other
        ),
        ReasonKind.NAME_OTHER_ORDER: lambda one, other: say(
            "the parts of {one!r} and {other!r} stand in another order", one=one, other=other
        ),
        ReasonKind.NAME_PARTS_MISSING: lambda one, other: say(
            "of {one!r} and {other!r} one has parts that the other has not", one=one, other=other
        ),
        ReasonKind.INITIALS: lambda one, other: say("{one!r} and {other!r} agree by initials", one=one, other=other),
        ReasonKind.NICKNAME: lambda one, other: say(
            "{one!r} and {other!r} are short and long for one name", one=one, other=other
        ),
        ReasonKind.SEX_DIFFERS: lambda one, other: say(
            "of {one!r} and {other!r} one says a man and the other a woman", one=one, other=other
        ),
        ReasonKind.BIRTH_AGREES: lambda one, other: say(
            "the dates of birth {one!r} and {other!r} agree as far as they are known", one=one, other=other
        ),
        ReasonKind.BIRTH_NEARLY_AGREES: lambda one, other: say(
            "the dates of birth {one!r} and {other!r} differ as by a slip", one=one, other=other
        ),
        ReasonKind.BIRTH_DIFFERS: lambda one, other: say(
            "the dates of birth {one!r} and {other!r} differ", one=one, other=other
        ),
        ReasonKind.COUNTRY_AGREES: lambda one, other: say(
            "the countries {one} and {other} agree", one=one, other=other
        ),
        ReasonKind.COUNTRY_DIFFERS: lambda one, other: say(
            "the countries {one} and {other} differ", one=one, other=other
        ),
        ReasonKind.IDENTIFIER_DIFFERS: lambda one, other: say(
            "{one!r} and {other!r} are two numbers of a kind of which each has one", one=one, other=other
        ),
    }
)

OF_IDENTIFIERS = frozenset(
    {
        ReasonKind.SAME_PHONE,
        ReasonKind.SAME_EMAIL,
        ReasonKind.SAME_PASSPORT,
        ReasonKind.SAME_NATIONAL_ID,
        ReasonKind.SAME_REGISTRATION,
        ReasonKind.SAME_IBAN,
        ReasonKind.SAME_ACCOUNT,
        ReasonKind.SAME_WALLET,
        ReasonKind.SAME_DOMAIN,
        ReasonKind.SAME_HANDLE,
        ReasonKind.SAME_PLATE,
    }
)
"""Reasons that are a shared identifier."""


def words_of(kind: ReasonKind, one: str, other: str) -> Sentence:
    """Say a reason about two texts."""
    return _WORDS[kind](one, other)
