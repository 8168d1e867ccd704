"""Subjects, and what a match of two says."""

from dataclasses import dataclass
from enum import StrEnum

from opsplan.targets.model import IdentifierScheme
from opsplan.vocabulary.sentences import Sentence


class SubjectKind(StrEnum):
    """What a subject is."""

    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"
    PHONE = "PHONE"
    WALLET = "WALLET"
    ACCOUNT = "ACCOUNT"
    DOMAIN = "DOMAIN"
    HANDLE = "HANDLE"
    VEHICLE = "VEHICLE"
    SITE = "SITE"


class ReasonKind(StrEnum):
    """Why two subjects are, or are not, one."""

    SAME_PHONE = "SAME_PHONE"
    SAME_EMAIL = "SAME_EMAIL"
    SAME_PASSPORT = "SAME_PASSPORT"
    SAME_NATIONAL_ID = "SAME_NATIONAL_ID"
    SAME_REGISTRATION = "SAME_REGISTRATION"
    SAME_IBAN = "SAME_IBAN"
    SAME_ACCOUNT = "SAME_ACCOUNT"
    SAME_WALLET = "SAME_WALLET"
    SAME_DOMAIN = "SAME_DOMAIN"
    SAME_HANDLE = "SAME_HANDLE"
    SAME_PLATE = "SAME_PLATE"
    SAME_NAME = "SAME_NAME"
    NAME_SPELLED_ALIKE = "NAME_SPELLED_ALIKE"
    NAME_OTHER_SCRIPT = "NAME_OTHER_SCRIPT"
    NAME_OTHER_ORDER = "NAME_OTHER_ORDER"
    NAME_PARTS_MISSING = "NAME_PARTS_MISSING"
    INITIALS = "INITIALS"
    NICKNAME = "NICKNAME"
    SEX_DIFFERS = "SEX_DIFFERS"
    BIRTH_AGREES = "BIRTH_AGREES"
    BIRTH_NEARLY_AGREES = "BIRTH_NEARLY_AGREES"
    BIRTH_DIFFERS = "BIRTH_DIFFERS"
    COUNTRY_AGREES = "COUNTRY_AGREES"
    COUNTRY_DIFFERS = "COUNTRY_DIFFERS"
    IDENTIFIER_DIFFERS = "IDENTIFIER_DIFFERS"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or address by which a subject is known.

    Attributes
    ----------
    scheme
        Of what kind.
    value
        As it was written.
    country
        ISO 3166-1 alpha-2 code of the country that issued it or in which it is dialled, if known.
    """

    scheme: IdentifierScheme
    value: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, organisation or thing as one agency knows it.

    Attributes
    ----------
    kind
        What it is. Names are compared within one kind, identifiers across all.
    names
        Each name in one spelling, in any script: aliases and other spellings are names of their own. The name of a
        phone, wallet, account, domain, handle or vehicle is its number or address.
    identifiers
        What else it is known by.
    countries
        ISO 3166-1 alpha-2 codes: nationality of a person, registration of an organisation, where a site lies.
    born
        Date of birth, ISO 8601, also a year or a year and month alone.
    """

    kind: SubjectKind
    names: tuple[str, ...]
    identifiers: tuple[Identifier, ...] = ()
    countries: tuple[str, ...] = ()
    born: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against two subjects being one.

    Attributes
    ----------
    kind
        Of what kind.
    one, other
        The two texts that were compared, as the agencies wrote them.
    part
        What it adds to the score; negative if it speaks against. The parts of a match add up to its score.
    words
        The reason for an officer to read.
    """

    kind: ReasonKind
    one: str
    other: str
    part: float
    words: Sentence


@dataclass(frozen=True, slots=True)
class Match:
    """Two subjects that may be one.

    Attributes
    ----------
    score
        From the threshold to 1; no probability, but higher means surer.
    reasons
        Why, the weightiest first; their parts add up to the score.
    """

    score: float
    reasons: tuple[Reason, ...]
