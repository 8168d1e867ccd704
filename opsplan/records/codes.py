"""Code lists of outside standards: countries (ISO 3166-1), languages (639), currencies (4217), time zones (IANA)."""

import difflib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import pycountry

COUNTRY_CODES: frozenset[str] = frozenset(country.alpha_2 for country in pycountry.countries)
"""ISO 3166-1 alpha-2 codes."""

LANGUAGE_CODES: frozenset[str] = frozenset(
    {language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2")}
    | {language.alpha_3 for language in pycountry.languages}
)
"""ISO 639-1 and ISO 639-3 codes."""

CURRENCY_CODES: frozenset[str] = frozenset(currency.alpha_3 for currency in pycountry.currencies)
"""ISO 4217 codes."""

COUNTRY_NOUN = "Country"
"""The one reference noun whose keys are an outside standard, so that a wrong one is told without the graph."""

# What people write for a country that is no name in the standard.
_USAGE = {"UK": "GB", "EL": "GR", "USA": "US", "UAE": "AE"}


@cache
def time_zones() -> frozenset[str]:
    """Give the names of all IANA time zones, as the tzdata package lists them."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(listed.split())


def country_meant(text: str) -> str | None:
    """Guess which code somebody meant: by alpha-3, number, name, or usage.

    >>> country_meant("KHM"), country_meant("Cambodia"), country_meant("UK"), country_meant("Atlantis")
    ('KH', 'KH', 'GB', None)
    """
    usual = _USAGE.get(text.strip().upper())
    if usual:
        return usual
    try:
        return str(pycountry.countries.lookup(text.strip()).alpha_2)
    except LookupError:
        names = {country.name.lower(): country.alpha_2 for country in pycountry.countries}
        near = difflib.get_close_matches(text.strip().lower(), names, n=1, cutoff=0.8)
        return str(names[near[0]]) if near else None


def language_meant(text: str) -> str | None:
    """Guess which language code somebody meant, by its name or another code of it.

    >>> language_meant("Khmer"), language_meant("xx")
    ('km', None)
    """
    try:
        found = pycountry.languages.lookup(text.strip())
    except LookupError:
        return None
    return str(getattr(found, "alpha_2", found.alpha_3))


def near(given: str, known: Iterable[str], *, at_most: int = 3) -> list[str]:
    """Give the known names that lie nearest to a given one, best first."""
    by_fold = {name.lower(): name for name in known}
    found = difflib.get_close_matches(given.lower(), by_fold, n=at_most, cutoff=0.6)
    return [by_fold[name] for name in found]
