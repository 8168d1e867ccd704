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
from opsplan.records.problem import shown
from opsplan.records.values.wrong import ToStored, Wrong


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
        meant = f"did you mean {' or '.join(close)}? " if close else ""
        raise Wrong(f"{shown(raw)} is unknown", f"{meant}give one of {', '.join(members)}")

    return stored


def to_code(
    known: Callable[[], frozenset[str]], *, fold: Callable[[str], str], what: str, example: str, meant: Any
) -> ToStored:
    """Make the function for a code of an outside standard; `meant` guesses from a wrong one."""

    def stored(raw: Any) -> str:
        text = fold(raw.strip()) if isinstance(raw, str) else ""
        if text in known():
            return text
        guess = meant(raw) if isinstance(raw, str) and raw.strip() else None
        raise Wrong(f"{shown(raw)} is no {what}", f"did you mean {guess}?" if guess else f"give one such as {example}")

    return stored


to_country = to_code(
    lambda: COUNTRY_CODES, fold=str.upper, what="ISO 3166-1 alpha-2 country code", example="KH", meant=country_meant
)
to_language = to_code(
    lambda: LANGUAGE_CODES, fold=str.lower, what="ISO 639 language code", example="km", meant=language_meant
)
to_zone = to_code(
    time_zones,
    fold=lambda text: text,
    what="IANA time zone",
    example="Asia/Phnom_Penh",
    meant=lambda text: next(iter(near(text, time_zones(), at_most=1)), None),
)
