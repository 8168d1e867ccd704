"""Sentences for callers: English words that know their pattern and what stands in it.

A sentence is written where its rule is, by `say`, as a pattern with named places. So it can be said in another language
(the pattern is what a catalogue of translations is asked for), and what stands in it reaches programs as typed facts.
"""

import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

_SHOWN_CHARACTERS = 80

PLACES = frozenset({"field", "path"})
"""Names of parts that say where something stands."""

Translate = Callable[[str], str]
"""Gives a pattern in another language, or as it is where there is no translation."""


class Sentence(str):
    """English words, made by `say`.

    Attributes
    ----------
    pattern
        The words with named places, such as ``There is no plan {plan_id}.``; what translations are looked up by.
    parts
        What stands in the places, by name: plain values, or sentences of their own.
    """

    pattern: str
    parts: Mapping[str, Any]

    def __new__(cls, pattern: str, parts: Mapping[str, Any]) -> "Sentence":
        made = super().__new__(cls, _FORMATTER.vformat(pattern, (), parts))
        made.pattern = pattern
        made.parts = parts
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, Any]]:  # type: ignore[override] # copies are made by these
        return self.pattern, self.parts

    def told(self, translate: Translate) -> str:
        """Give the sentence in the words of a catalogue, its parts that are sentences included.

        A translation that asks for a place which is not there is none: the English words stand then.
        """
        parts = {name: _told(part, translate) for name, part in self.parts.items()}
        try:
            return _FORMATTER.vformat(translate(self.pattern), (), parts)
        except (LookupError, ValueError):
            return _FORMATTER.vformat(self.pattern, (), parts)

    @property
    def facts(self) -> Iterator[tuple[str, Any]]:
        """What stands in it, by name; lists one by one, and for a sentence in it the facts of that."""
        for name, part in self.parts.items():
            for each in part if isinstance(part, list | tuple) else (part,):
                if isinstance(each, Sentence):
                    yield from each.facts
                else:
                    yield name, each

    def having(self, **parts: Any) -> "Sentence":
        """Give the same sentence with something else in some of its places."""
        return Sentence(self.pattern, {**self.parts, **parts})

    def placed_at(self, old: str, new: str) -> "Sentence":
        """Give the same sentence about a field that the caller knows by another name.

        Only what is said to be a place (`PLACES`) is renamed, or what the words begin with: a remedy that names the
        field in passing stays as it is.
        """
        if old == new:
            return self
        parts = {
            name: part.placed_at(old, new)
            if isinstance(part, Sentence)
            else new
            if name in PLACES and part == old
            else part
            for name, part in self.parts.items()
        }
        made = Sentence(self.pattern, parts)
        if made == self and self.startswith(f"{old}: "):
            return say("{field}{rest}", field=new, rest=self[len(old) :])
        return made

    def kept(self) -> dict[str, Any]:
        """Give it as JSON has it, to be `revived`."""
        kept = {"pattern": self.pattern, "parts": {name: _plain(part) for name, part in self.parts.items()}}
        return kept if revived(kept) == self else {"pattern": "{words}", "parts": {"words": str(self)}}


def revived(kept: Mapping[str, Any]) -> Sentence:
    """Give a sentence that was kept as JSON.

    >>> revived(say("{value!r} is {what}", value="x", what=say("no number")).kept())
    "'x' is no number"
    """
    return Sentence(kept["pattern"], {name: _revived(part) for name, part in kept["parts"].items()})


def _told(part: Any, translate: Translate) -> Any:
    if isinstance(part, list | tuple):
        return [_told(each, translate) for each in part]
    return part.told(translate) if isinstance(part, Sentence) else part


def _revived(part: Any) -> Any:
    if isinstance(part, list):
        return [_revived(each) for each in part]
    return revived(part) if isinstance(part, Mapping) else part


def _plain(part: Any) -> Any:
    if isinstance(part, Sentence):
        return part.kept()
    if part is None or isinstance(part, bool | int | float):
        return part
    return [_plain(each) for each in part] if isinstance(part, list | tuple) else str(part)


def say(pattern: str, /, **parts: Any) -> Sentence:
    """Make a sentence.

    Parameters
    ----------
    pattern
        A literal (a test sees to it, since the catalogue is read from the code). A place may have a format
        (``{count:,}``; for a list the word before its last member, ``{choices:or}``), and ``!r`` for a value as the
        caller gave it: quoted if text, cut if long, on one line.
    parts
        What stands in the places, as it is: a number, an id, a list, or a sentence or list of sentences.

    >>> say("{value!r} is below {least:g}", value="x", least=0.0)
    "'x' is below 0"
    >>> say("give one of {choices}", choices=["A", "B"]), say("did you mean {choices:or}?", choices=["A", "B", "C"])
    ('give one of A, B', 'did you mean A, B or C?')
    """
    return Sentence(pattern, parts)


def first_of(names: Sequence[str], count: int) -> Sentence:
    """Name the first few of `count` things, and say how many there are beside them.

    >>> first_of(["a", "b"], 2), first_of(["a", "b"], 7)
    ('a, b', 'a, b and 5 more')
    """
    if count <= len(names):
        return say("{names}", names=list(names))
    return say("{names} and {count} more", names=list(names), count=count - len(names))


def tell(words: str, translate: Translate) -> str:
    """Give words in another language where they are a sentence; else as they are."""
    return words.told(translate) if isinstance(words, Sentence) else words


def shown(value: object) -> str:
    """Give a value for a sentence: quoted if text, cut if long, on one line.

    >>> shown("KHM"), shown(7)
    ("'KHM'", '7')
    """
    text = repr(str(value) if isinstance(value, str) else value)
    # Lone surrogates must not reach a terminal or a JSON writer.
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


class _Formatter(string.Formatter):
    """Fills patterns: plain names alone, so that a translation reaches nothing but the parts."""

    def get_field(self, field_name: str, _args: Any, kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        return kwargs[field_name], field_name

    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return shown(value) if conversion == "r" else value

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Enum):
            return str(value.value)
        if isinstance(value, list | tuple):
            last = f" {format_spec} " if format_spec.isalpha() else ", "
            told = [self.format_field(each, "") for each in value]
            return last.join((", ".join(told[:-1]), told[-1]) if len(told) > 1 else told)
        return format(value, format_spec)


_FORMATTER = _Formatter()
