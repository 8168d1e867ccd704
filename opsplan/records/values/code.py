"""Members of a vocabulary: our own choices, countries, languages, time zones."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from opsplan.records.codes import (
    COUNTRY_CODES,
    LANGUAGE_CODES,
    country_meant,
    language_meant,
    near,
    time_zones,
)
from opsplan.records.values.wrong import ToStored, Wrong
from opsplan.vocabulary.sentences import Sentence, say


def to_choice(choices: type[StrEnum]) -> ToStored:
    """Make the function for a member of `choices`, by name in any case."""
    members = {member.name: member.name for member in choices}

    def stored(raw: Any) -> str:
        known = members.get(raw) if isinstance(raw, str) else None
        if known is not None:
            return known
        text = str(raw).strip().upper().replace(" ", "_").replace("-", "_") if isinstance(raw, str) else ""
        if text in members:
            return text
        close = near(text, members) if text else []
        remedy = say("give one of {members}", members=list(members))
        if close:
            remedy = say("did you mean {close:or}? {remedy}", close=close, remedy=remedy)
        raise Wrong(say("{value!r} is unknown", value=raw), remedy)

    return stored


def to_code(
    known: Callable[[], frozenset[str]], *, fold: Callable[[str], str], what: Sentence, example: str, meant: Any
) -> ToStored:
    """Make the function for a code of an outside standard; `meant` guesses from a wrong one."""

    def stored(raw: Any) -> str:
        text = fold(raw.strip()) if isinstance(raw, str) else ""
        if text in known():
            return text
        guess = meant(raw) if isinstance(raw, str) and raw.strip() else None
        raise Wrong(
            say("{value!r} is no {what}", value=raw, what=what),
            say("did you mean {guess}?", guess=guess) if guess else say("give one such as {example}", example=example),
        )

    return stored


to_country = to_code(
    lambda: COUNTRY_CODES,
    fold=str.upper,
    what=say("ISO 3166-1 alpha-2 country code"),
    example="KH",
    meant=country_meant,
)
to_language = to_code(
    lambda: LANGUAGE_CODES, fold=str.lower, what=say("ISO 639 language code"), example="km", meant=language_meant
)
to_zone = to_code(
    time_zones,
    fold=lambda text: text,
    what=say("IANA time zone"),
    example="Asia/Phnom_Penh",
    meant=lambda text: next(iter(near(text, time_zones(), at_most=1)), None),
)
