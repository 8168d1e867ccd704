"""What may go wrong in reference geography, each with its remedy.

Invalid
├── UnknownCountry    no ISO 3166-1 alpha-2 code
└── UnknownTimeZone   no IANA time zone
SetupError
├── BordersMissing    the package that carries the borders is not installed whole
└── BordersDiffer     its data are not those that this version of opsplan was made for
"""

from opsplan.vocabulary.errors import Invalid, SetupError


class UnknownCountry(Invalid):
    """A code that is no ISO 3166-1 alpha-2 code; `facts["suggestions"]` holds the near matches, best first."""

    code = "UNKNOWN_COUNTRY"


class UnknownTimeZone(Invalid):
    """A name that is no IANA time zone; `facts["suggestions"]` holds the near matches, best first."""

    code = "UNKNOWN_TIME_ZONE"


class BordersMissing(SetupError):
    """The package that carries the borders is not installed, or not whole."""

    code = "BORDERS_MISSING"


class BordersDiffer(SetupError):
    """The borders that are installed are not those that this version of opsplan was made for."""

    code = "BORDERS_DIFFER"
