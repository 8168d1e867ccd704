"""Normal forms of a subject's identifiers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from opsplan.deconfliction.subjects.identifiers import documents, internet, phones, wallets
from opsplan.deconfliction.subjects.model import Subject, SubjectKind
from opsplan.targets.model import IdentifierScheme

CACHED = 50_000


@dataclass(frozen=True, slots=True)
class Form:
    """An identifier in its normal form.

    Attributes
    ----------
    scheme
        Of what kind.
    written
        As the agency wrote it.
    exact
        What makes it unique; `None` if that is not known (a phone without its country, a passport without its issuer).
    loose
        What it has in common with itself where less is known; `None` if that would be too little.
    issuer
        Country that issued it, where that counts.
    """

    scheme: IdentifierScheme
    written: str
    exact: str | None
    loose: str | None = None
    issuer: str | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """Exact texts under which an index finds it."""
        keys = [f"{self.scheme.value}:{self.exact}"] if self.exact else []
        return (*keys, f"{self.scheme.value}~{self.loose}") if self.loose else tuple(keys)


Both = tuple[str | None, str | None]
"""The exact and the loose text."""

_FORMS: MappingProxyType[IdentifierScheme, Callable[[str, str | None], Both]] = MappingProxyType(
    {
        IdentifierScheme.PHONE: phones.phone,
        IdentifierScheme.EMAIL: internet.email,
        IdentifierScheme.DOMAIN: internet.domain,
        IdentifierScheme.HANDLE: internet.handle,
        IdentifierScheme.WALLET: wallets.wallet,
        IdentifierScheme.IBAN: documents.iban,
        IdentifierScheme.ACCOUNT: documents.account,
        IdentifierScheme.PASSPORT: documents.passport,
        IdentifierScheme.NATIONAL_ID: documents.national_id,
        IdentifierScheme.REGISTRATION: documents.registration,
        IdentifierScheme.PLATE: documents.plate,
    }
)
_NAMED_BY = MappingProxyType(
    {
        SubjectKind.PHONE: IdentifierScheme.PHONE,
        SubjectKind.WALLET: IdentifierScheme.WALLET,
        SubjectKind.ACCOUNT: IdentifierScheme.ACCOUNT,
        SubjectKind.DOMAIN: IdentifierScheme.DOMAIN,
        SubjectKind.HANDLE: IdentifierScheme.HANDLE,
        SubjectKind.VEHICLE: IdentifierScheme.PLATE,
    }
)
_OF_THE_SUBJECTS_COUNTRY = frozenset(
    {IdentifierScheme.PHONE, IdentifierScheme.PLATE, IdentifierScheme.REGISTRATION, IdentifierScheme.ACCOUNT}
)
"""Schemes for which the subject's country stands where the identifier names none."""


@lru_cache(maxsize=CACHED)
def forms_of(subject: Subject) -> tuple[Form, ...]:
    """Give the normal forms of all identifiers; the names of phones, wallets and the like are identifiers too."""
    given = [(each.scheme, each.value, each.country) for each in subject.identifiers]
    named_by = _NAMED_BY.get(subject.kind)
    if named_by:
        given += [(named_by, name, None) for name in subject.names]
    forms: dict[Form, None] = {}
    for scheme, value, country in given:
        countries: tuple[str | None, ...] = (country,)
        if country is None and scheme in _OF_THE_SUBJECTS_COUNTRY and subject.countries:
            countries = subject.countries
        for each in countries:
            form = form_of(scheme, value, each)
            if form:
                forms[form] = None
    return tuple(forms)


@lru_cache(maxsize=CACHED)
def form_of(scheme: IdentifierScheme, value: str, country: str | None) -> Form | None:
    """Give the normal form of one identifier; nothing when no letter or digit is left of it."""
    issuer = country.upper() if country else None
    if scheme is IdentifierScheme.ACCOUNT and documents.is_iban(value):
        scheme = IdentifierScheme.IBAN
    exact, loose = _FORMS[scheme](value, issuer)
    return Form(scheme, value, exact, loose, issuer) if exact or loose else None
