"""Lists of distinct values, and how they stand in one text."""

import re
from collections.abc import Sequence
from typing import Any

from opsplan.records.values.text import to_text
from opsplan.records.values.wrong import ToStored, Wrong
from opsplan.vocabulary.sentences import say

_LONGEST_LIST_ENTRY = 300


def to_list(entry: ToStored, max_length: int) -> ToStored:
    """Make the function for lists of distinct values: a sequence, or text parted by semicolons (``\\;`` is one)."""

    def stored(raw: Any) -> list[Any]:
        given = parted(raw) if isinstance(raw, str) else raw
        if not isinstance(given, Sequence) or isinstance(given, bytes):
            raise Wrong(say("{value!r} is no list", value=raw), say("give a list, or text parted by semicolons"))
        if len(given) > max_length:
            raise Wrong(
                say("it has {entries} entries", entries=len(given)),
                say("give at most {max_length}", max_length=max_length),
            )
        found: dict[Any, None] = {}
        for place, each in enumerate(given, start=1):
            if each is None or each == "":
                raise Wrong(say("entry {place} is empty", place=place), say("leave it out"))
            try:
                found[entry(each)] = None
            except Wrong as wrong:
                raise Wrong(say("entry {place}: {what}", place=place, what=wrong.message), wrong.remedy) from None
        return list(found)

    return stored


def to_text_list(max_length: int) -> ToStored:
    """Make the function for lists of texts."""
    return to_list(to_text(_LONGEST_LIST_ENTRY), max_length)


_PART = re.compile(r"((?:[^\\;]|\\.|\\$)*)(?:;|$)", re.DOTALL)


def parted(text: str) -> list[str]:
    r"""Part a text at its semicolons; ``\;`` stands for one, ``\\`` for a backslash. Empty parts fall away.

    >>> parted(r"one; two\; and a half ;")
    ['one', 'two; and a half']
    """
    parts = (re.sub(r"\\([\\;])", r"\1", part).strip() for part in _PART.findall(text))
    return [part for part in parts if part]


def joined(values: Sequence[str]) -> str:
    r"""Write a list as one text; the way back of `parted`.

    >>> joined(["one", "two; and a half"])
    'one;two\\; and a half'
    """
    return ";".join(value.replace("\\", "\\\\").replace(";", "\\;") for value in values)
