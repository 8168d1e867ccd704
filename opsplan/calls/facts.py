"""The facts that a refusal's sentences name, typed, so that programs need not read sentences."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

import strawberry

from opsplan.calls.plain import camel, plain
from opsplan.reading.types.scalars import DateTimeText
from opsplan.vocabulary.ids import prefix_in
from opsplan.vocabulary.sentences import PLACES, Sentence

_LONGEST_TEXT = 200
"""Of a fact; what a caller gave may be longer, and they know it."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@strawberry.type(description="One of the things that a sentence names, typed where its type is known.")
class Fact:
    """A named value."""

    name: str = strawberry.field(description="What it is, such as `planNumber`; of a list, each member has its name.")
    text: str = strawberry.field(description="It as text.")
    number: float | None = strawberry.field(default=None, description="It as a number, where it is one.")
    flag: bool | None = strawberry.field(default=None, description="It as true or false, where it is either.")
    record_id: strawberry.ID | None = strawberry.field(
        default=None, description="It as the id of a record, where it has the form of one."
    )
    instant: DateTimeText | None = strawberry.field(default=None, description="It as an instant, where it is one.")


def facts_of(*sentences: Sentence | None) -> list[Fact]:
    """Give what sentences name, in their order, each once."""
    facts = (Fact(name=name, **_typed(value)) for name, value in _named(sentences))
    return list({(each.name, each.text): each for each in facts}.values())


def facts_as_json(*sentences: Sentence | None) -> dict[str, Any]:
    """Give the same as plain JSON by name; what has several values has a list of them."""
    found: dict[str, list[Any]] = {}
    for name, value in _named(sentences):
        told = plain(value)
        told = told[:_LONGEST_TEXT] if isinstance(told, str) else told
        values = found.setdefault(name, [])
        if told not in values:
            values.append(told)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _named(sentences: tuple[Sentence | None, ...]) -> Iterator[tuple[str, Any]]:
    """Give what sentences name, under the names that callers see."""
    for each in sentences:
        for name, value in each.facts if isinstance(each, Sentence) else ():
            # Where something stands is no fact beside it: `Refusal.field` tells it.
            if name not in PLACES and value is not None:
                # A name that Python reserves ends with an underscore.
                yield camel(name.rstrip("_")), value


def _typed(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"text": "true" if value else "false", "flag": value}
    if isinstance(value, int | float):
        return {"text": f"{value:.15g}", "number": float(value)}
    text = str(value.value) if isinstance(value, Enum) else str(value)
    if prefix_in(text) is not None:
        return {"text": text, "record_id": strawberry.ID(text)}
    return {"text": text[:_LONGEST_TEXT], "instant": DateTimeText(text) if _INSTANT.fullmatch(text) else None}
