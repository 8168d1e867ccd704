"""Choices of the catalogue as GraphQL enums."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from inspect import cleandoc
from typing import Any

import strawberry


def enum_of(choices: type[StrEnum]) -> Any:
    """Give the GraphQL enum of a set of choices; the same set gives the same enum.

    Other rooms use it in their inputs: ``enum_of(CompoundStatus)`` is the class itself, marked for Strawberry.
    """
    if "__strawberry_definition__" not in vars(choices):
        strawberry.enum(choices, description=_first_sentence(choices))
    return choices


def made_enum(name: str, members: Mapping[str, str], description: str) -> Any:
    """Make an enum of member names, each with its description."""
    values = {member: strawberry.enum_value(member, description=text) for member, text in members.items()}
    made: Any = Enum(name, values)  # type: ignore[misc]
    return strawberry.enum(made, description=description)


def _first_sentence(choices: type[StrEnum]) -> str:
    return cleandoc(choices.__doc__ or "").split("\n\n")[0].replace("\n", " ")
