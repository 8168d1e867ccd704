"""Texts: NFC, without control characters, lone surrogates and what is no character at all."""

import re
import unicodedata
from typing import Any

from opsplan.records.values.wrong import ToStored, Wrong
from opsplan.vocabulary.sentences import say

DEFAULT_MAX_LENGTH = 1_000
"""Characters of a text, or entries of a list, where the property declares no other bound."""

# Unicode categories: Cc controls, Cs lone surrogates; U+FFFE and its like are no characters at all.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_BREAKS = re.compile("[\t\n\r]")


def to_text(max_length: int, pattern: str | None = None, *, lines: bool = False) -> ToStored:
    """Make the function for texts: NFC, outer blanks removed, no control characters.

    With `lines`, tabs and line breaks may stand in it; they are ``\\n`` when stored.
    """
    form = re.compile(pattern) if pattern else None

    def stored(raw: Any) -> str:
        if type(raw) is not str:
            raw = _number_as_text(raw)
        text: str = raw
        # The fast way: most names are short ASCII without anything odd in it.
        if not (text.isascii() and text.isprintable()):
            text = _clean(text, lines=lines)
        text = text.strip()
        if len(text) > max_length:
            raise Wrong(
                say("{value!r} has {characters} characters", value=text, characters=len(text)),
                say("give at most {max_length} characters", max_length=max_length),
            )
        if form and not form.fullmatch(text):
            raise Wrong(
                say("{value!r} has not the form {form_pattern}", value=text, form_pattern=form.pattern),
                say("give a text of the form {form_pattern}", form_pattern=form.pattern),
            )
        return text

    return stored


def _number_as_text(raw: Any) -> str:
    """A spreadsheet makes numbers of texts such as an external id 4711."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
        return str(int(raw))
    raise Wrong(say("{value!r} is no text", value=raw), say("give a text"))


def _clean(text: str, *, lines: bool) -> str:
    found = _FORBIDDEN.search(text)
    if found:
        raise Wrong(
            say("it holds the character U+{code_point:04X}, which is no printable text", code_point=ord(found[0])),
            say("give text in valid Unicode without control characters"),
        )
    if _LINE_BREAKS.search(text):
        if not lines:
            raise Wrong(say("{value!r} has a tab or line break in it", value=text), say("give one line of text"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)
