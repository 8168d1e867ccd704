"""Values of a record: of which kind they are, how they are stored, what bounds them."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any


class Kind(StrEnum):
    """What a property's value is, and how it is stored.

    ===================  =======================================  ==================================
    kind                 a value in files and GraphQL             stored in the graph as
    ===================  =======================================  ==================================
    TEXT, LONG_TEXT      text                                     string
    TEXT_LIST            list of text                             list of strings
    INTEGER, FLOAT       number                                   integer, float
    BOOLEAN              true or false                            boolean
    INSTANT              ISO 8601 with zone                       string of fixed width, UTC (clock.py)
    LOCAL_TIME           ``21:30``, no zone                       string ``HH:MM``
    MINUTES              ISO 8601 duration (GraphQL), ``PT2H``    integer minutes
    POINT                longitude and latitude                   point, WGS 84
    CHOICE, CHOICE_LIST  a member of `choices`                    its name, list of names
    COUNTRY_CODES        list of ISO 3166-1 alpha-2               list of strings
    LANGUAGES            list of ISO 639 codes                    list of strings
    ZONES                list of IANA time zones                  list of strings
    JSON                 any JSON value                           string of canonical JSON
    ===================  =======================================  ==================================
    """

    TEXT = "TEXT"
    LONG_TEXT = "LONG_TEXT"
    TEXT_LIST = "TEXT_LIST"
    INTEGER = "INTEGER"
    FLOAT = "FLOAT"
    BOOLEAN = "BOOLEAN"
    INSTANT = "INSTANT"
    LOCAL_TIME = "LOCAL_TIME"
    MINUTES = "MINUTES"
    POINT = "POINT"
    CHOICE = "CHOICE"
    CHOICE_LIST = "CHOICE_LIST"
    COUNTRY_CODES = "COUNTRY_CODES"
    LANGUAGES = "LANGUAGES"
    ZONES = "ZONES"
    JSON = "JSON"


@dataclass(frozen=True, slots=True)
class Property:
    """A value of a record, kept in the graph under `name`.

    `name` is snake case with its unit (``duration_minutes``); GraphQL shows it in camel case, a MINUTES property
    without its unit (``duration``), as the scalar carries it. `minimum` and `maximum` bound numbers;
    `decimals` bounds those of a FLOAT that is an amount, such as of money, so that its sum is exact; `max_length`
    bounds characters of a text, or entries of a list. `searched` puts it into the full-text index; `sorted_by` lets
    callers order by it; `entered=False` means the service computes it. `changeable=False` means it is given at creation
    only. `indexed` says that a migration keeps an index on it. `administered` says that only an administrator changes
    it: what an agency is entitled to follows from it.
    """

    name: str
    kind: Kind
    description: str
    required: bool = False
    choices: type[StrEnum] | None = None
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    default: Any = None
    searched: bool = False
    sorted_by: bool = False
    indexed: bool = False
    entered: bool = True
    changeable: bool = True
    administered: bool = False
    example: Any = None

    def __post_init__(self) -> None:
        if (self.choices is not None) != (self.kind in (Kind.CHOICE, Kind.CHOICE_LIST)):
            raise ValueError(f"property {self.name}: choices belong to CHOICE and CHOICE_LIST, and only there")
        if self.decimals is not None and (
            self.kind is not Kind.FLOAT or (self.maximum or inf) * 10**self.decimals > 1e15
        ):
            raise ValueError(f"property {self.name}: an amount is a FLOAT with a maximum, so that it is exact")


def _standard() -> tuple[Property, ...]:
    from opsplan.vocabulary.marking import Marking

    return (
        Property(
            "external_id",
            Kind.TEXT,
            "The owning agency's own name for the record; unique within that agency and noun.",
            max_length=200,
            indexed=True,
            changeable=False,
        ),
        Property("source", Kind.TEXT, "Where it is known from.", max_length=500),
        Property("marking", Kind.CHOICE, "How far it may travel.", choices=Marking, default=Marking.TLP_AMBER),
        Property("owner_id", Kind.TEXT, "The agency that owns it.", entered=False, indexed=True),
        Property("version", Kind.INTEGER, "Counts the changes, from 1.", entered=False),
        Property(
            "exercise",
            Kind.BOOLEAN,
            "EXERCISE data: invented, never to be acted on.",
            entered=False,
            changeable=False,
        ),
        Property("created_at", Kind.INSTANT, "When it was entered.", entered=False, sorted_by=True),
        Property("created_by", Kind.TEXT, "Who entered it.", entered=False),
        Property("changed_at", Kind.INSTANT, "When it was last changed.", entered=False, sorted_by=True),
        Property("changed_by", Kind.TEXT, "Who last changed it.", entered=False),
        Property("retired_at", Kind.INSTANT, "When it was retired; null while it is in force.", entered=False),
    )


STANDARD: tuple[Property, ...] = _standard()
"""What every owned record carries besides `id`: owner, source, marking, version, external id, who and when.

The label `Record` stands on every owned record beside its own, with a unique `id`. The owner is kept as the
property `owner_id` (no relationship: an agency owns tens of thousands of records, and a dense node would make
writers wait for each other); a read resolves it as the field `owner`.
"""
