"""What the generated code stands on: the base of its models, choices, points, and what is not given at all."""

from enum import StrEnum
from typing import Final, Self

import pydantic
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel


class UnsetType:
    """The kind of `UNSET`."""

    def __bool__(self) -> bool:
        return False


UNSET: Final = UnsetType()
"""What is not given at all: it is not sent, and the service keeps to what is usual. None is sent, as null."""


class BaseModel(pydantic.BaseModel):
    """The base of what is sent and of what comes; fields have Python's names, and GraphQL's as aliases."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, protected_namespaces=())


class Given(BaseModel):
    """The base of what is sent: a name that is none is refused here, and does not vanish on the way."""

    model_config = ConfigDict(extra="forbid")


class GeoPoint(BaseModel):
    """A point of WGS 84, in degrees; east and north are positive."""

    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-90, le=90)


class Choice(StrEnum):
    """One of several words.

    A service that is newer than this client may say a word that is not listed here: it is taken as it comes, so that
    what is new there stops no client. Compare with the listed ones, and expect others.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        made = str.__new__(cls, value)
        made._name_, made._value_ = value, value
        return made


def other_than(*known: str) -> pydantic.AfterValidator:
    """Take the name of a type that has no class of its own here: what is known by name must fit its own class.

    A service that is newer than this client may give kinds of refusals and of records that were not there: they are
    read as what all refusals, and all records, have.
    """

    def check(name: str) -> str:
        if name in known:
            raise ValueError(f"it is a {name}, and not as one is known")
        return name

    return pydantic.AfterValidator(check)
