"""Which language a call is answered in, and what is told in it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from opsplan.languages.catalogue import ENGLISH, Languages
from opsplan.vocabulary.sentences import Translate, tell

_RANGE: Final = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?")
_MOST_RANGES = 30


def _as_it_is(pattern: str) -> str:
    return pattern


_SPOKEN: ContextVar[Translate] = ContextVar("spoken", default=_as_it_is)


def told(words: str) -> str:
    """Give words in the language of the call at hand."""
    return tell(words, _SPOKEN.get())


@contextmanager
def told_in(languages: Languages, tag: str) -> Iterator[None]:
    """Have what is told meanwhile told in a language of `languages`."""
    catalogue = languages.catalogue(tag)
    before = _SPOKEN.set(lambda pattern: catalogue.get(pattern, pattern))
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def chosen(accept: str | None, tags: Sequence[str]) -> str:
    """Choose from `tags` by an Accept-Language header (RFC 9110, section 12.5.4); English where nothing fits.

    A caller who asks for a language gets its countries' too, and the other way round (RFC 4647's lookup, and a step
    further): who would read Swiss French reads French.

    >>> chosen("fr-CH, fr;q=0.9, en;q=0.8", ["en", "ar", "fr"]), chosen("km, es;q=0.5", ["en", "es-MX"])
    ('fr', 'es-MX')
    >>> chosen("fr;q=0, *", ["en", "fr"]), chosen("xx", ["en", "fr"]), chosen(None, ["en"]), chosen(";;", ["en"])
    ('en', 'en', 'en', 'en')
    """
    for asked in _by_weight(accept or ""):
        for tag in tags:
            if tag.lower() == asked:
                return tag
        for tag in tags:
            if tag.lower().partition("-")[0] == asked.partition("-")[0]:
                return tag
    return ENGLISH


def _by_weight(accept: str) -> list[str]:
    found: list[tuple[float, str]] = []
    for part in accept.split(",", _MOST_RANGES)[:_MOST_RANGES]:
        match = _RANGE.fullmatch(part)
        if match is not None and match[1] != "*":
            found.append((float(match[2] or 1), match[1].lower()))
    # Sorting is stable: of equal weights the first goes before.
    return [tag for weight, tag in sorted(found, key=lambda each: -each[0]) if weight > 0]
