"""Numbers of documents, accounts, companies and vehicles."""

import re
import unicodedata
from contextlib import suppress
from types import MappingProxyType

from stdnum import get_cc_module, lei
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_LEAST = 6
_LEAST_OF_PLATE = 5
_PERSONAL_IDS = MappingProxyType(
    {
        "BE": "nn", "BG": "egn", "BR": "cpf", "CH": "ssn", "CN": "ric", "CZ": "rc", "DK": "cpr", "EE": "ik",
        "ES": "nif", "FI": "hetu", "FR": "nir", "GB": "nhs", "HR": "oib", "ID": "nik", "IN": "aadhaar",
        "IS": "kennitala",
        "IT": "codicefiscale", "KR": "rrn", "LT": "asmens", "LV": "pk", "MX": "curp", "MY": "nric", "NL": "bsn",
        "NO": "fodselsnummer", "PK": "cnic", "PL": "pesel", "RO": "cnp", "SE": "personnummer", "SG": "uen", "TH": "pin",
        "TR": "tckimlik", "ZA": "idnr",
    }
)  # fmt: skip
"""Modules of `stdnum` for numbers of persons, by country."""
_COMPANY_IDS = MappingProxyType(
    {"CN": "uscc", "GB": "vat", "SG": "uen", "TH": "moa", "KR": "brn", "JP": "cn", "VN": "mst"}
)
"""The same for companies, where they are not the numbers of value added tax."""

# Cyrillic and Greek letters that look like Latin ones, and letters that are read for digits.
_LIKE_LATIN = str.maketrans("АВЕКМНОРСТУХІЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJABEZHIKMNOPTYX")
_LIKE_DIGITS = str.maketrans("OI", "01")


def iban(value: str, country: str | None = None) -> tuple[str | None, str | None]:  # noqa: ARG001 # it says its own
    """Give an IBAN without spaces.

    >>> iban("GB82 West 1234 5698 7654 32")[0]
    'GB82WEST12345698765432'
    """
    return _alphanumeric(value).removeprefix("IBAN") or None, None


def is_iban(value: str) -> bool:
    """Whether it is one, by its checksum."""
    return ibans.is_valid(_alphanumeric(value).removeprefix("IBAN"))


def account(value: str, country: str | None) -> tuple[str | None, str | None]:
    """Give a number with its country; banks are not known, so it is never as sure as an IBAN."""
    return _issued(_alphanumeric(value).lstrip("0"), country, _LEAST)


def passport(value: str, country: str | None) -> tuple[str | None, str | None]:
    """Give a number with its issuer."""
    return _issued(_alphanumeric(value), country, _LEAST)


def national_id(value: str, country: str | None) -> tuple[str | None, str | None]:
    """Give a number of a person with its issuer, as `stdnum` writes it where it knows the country."""
    return _issued(_standard(value, country, _PERSONAL_IDS.get(country or "")), country, _LEAST)


def registration(value: str, country: str | None) -> tuple[str | None, str | None]:
    """Give a number of a company with its country; a legal entity identifier (LEI) is of no country.

    >>> registration("DE 136,695 976", "DE"), registration("136695976", "DE")
    (('DE/136695976', '136695976'), ('DE/136695976', '136695976'))
    """
    plain = _alphanumeric(value)
    if lei.is_valid(plain):
        return f"LEI/{plain}", None
    return _issued(_standard(value, country, _COMPANY_IDS.get(country or "", "vat")), country, _LEAST)


def plate(value: str, country: str | None) -> tuple[str | None, str | None]:
    """Give a plate without spaces and dashes; letters that look alike are one, O is 0 and I is 1.

    >>> plate("АВ-1234", None) == plate("ab 1234", None), plate("2AO-1234", "KH")
    (True, ('KH/2A01234', '2A01234'))
    """
    text = _alphanumeric(value).translate(_LIKE_LATIN).translate(_LIKE_DIGITS)
    return _issued(text, country, _LEAST_OF_PLATE)


def _issued(number: str, country: str | None, least: int) -> tuple[str | None, str | None]:
    exact = f"{country}/{number}" if country and number else None
    return exact, number if len(number) >= least else None


def _standard(value: str, country: str | None, name: str | None) -> str:
    plain = _alphanumeric(value)
    if country is None:
        return plain
    module = get_cc_module(country.lower(), name) if name else None
    if module is not None:
        with suppress(ValidationError):  # not of the form that the library knows: compared as it is written
            plain = _alphanumeric(module.compact(value))
    return plain.removeprefix(country)


def _alphanumeric(value: str) -> str:
    """Fold widths, digits of other scripts and case; leave letters and digits alone.

    >>> _alphanumeric("ab-１２ ٣"), _alphanumeric("៤៥")
    ('AB123', '45')
    """
    text = _NOT_ALPHANUMERIC.sub("", unicodedata.normalize("NFKC", value)).upper()
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
