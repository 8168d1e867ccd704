"""Reading lists of objects that a claim is entered with, so that what is wrong is told with its place."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from opsplan.records.codes import COUNTRY_CODES, country_meant
from opsplan.vocabulary.sentences import Sentence, say

Choice = TypeVar("Choice", bound=StrEnum)


class WronglyGiven(ValueError):
    """What was given is not what is asked for.

    Attributes
    ----------
    path
        Where in the list it is wrong, such as ``[0].names``.
    what, remedy
        What is wrong and what to give, for whoever gave it.
    """

    def __init__(self, path: str, what: Sentence, remedy: Sentence) -> None:
        super().__init__(what)
        self.path = path
        self.what = what
        self.remedy = remedy


def object_of(given: Any, members: frozenset[str], path: str, shape: Sentence) -> Mapping[str, Any]:
    """Give an object that has no other members; `shape` says what is asked for."""
    if not isinstance(given, dict):
        raise WronglyGiven(path, say("it is no object"), shape)
    unknown = sorted(given.keys() - members)
    if unknown:
        raise WronglyGiven(
            path, say("it has no member {name!r}", name=unknown[0]), say("give: {members}", members=sorted(members))
        )
    return given


def choice_of(choices: type[Choice], given: Any, path: str) -> Choice:
    """Give the member of that name."""
    if not isinstance(given, str) or given not in choices.__members__:
        known = sorted(choices.__members__)
        raise WronglyGiven(path, say("it is none of those known"), say("give one of: {known}", known=known))
    return choices[given]


def country_of(given: Any, path: str) -> str:
    """Give the code of a country."""
    if not isinstance(given, str) or given not in COUNTRY_CODES:
        guess = country_meant(given) if isinstance(given, str) else None
        raise WronglyGiven(
            path,
            say("{value!r} is no ISO 3166-1 alpha-2 country code", value=given),
            say("did you mean {guess}?", guess=guess) if guess else say("give a code such as KH"),
        )
    return given


def number_of(given: Any, least: int, most: int, path: str) -> int:
    """Give a whole number within bounds."""
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise WronglyGiven(
            path,
            say("it is no whole number from {least} to {most}", least=least, most=most),
            say("give one within these"),
        )
    return given
