"""Reads translations: gettext's PO files, each sentence checked for the places that it may name."""

import string
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import PoFileError, read_po

from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import Sentence, say

FILE_NAME = "opsplan.po"
ENGLISH = "en"
OWN_FOLDER = Path(__file__).parent


class Languages:
    """The languages that callers may choose, English first; of each but English its translations by pattern.

    Parameters
    ----------
    catalogues
        Translations by language tag, such as ``fr`` or ``pt-BR``.
    """

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]]) -> None:
        self._catalogues = {ENGLISH: MappingProxyType[str, str]({}), **catalogues}
        self.tags = tuple(self._catalogues)

    @classmethod
    def open_in(cls, *folders: Path) -> "Languages":
        """Read the languages of folders; in a later one a translation of the same sentence goes before.

        Raises
        ------
        SetupError
            When a folder is not there, a language is none, or a file is no catalogue of these sentences; with the
            sentence concerned.
        """
        catalogues: dict[str, dict[str, str]] = {}
        for folder in folders:
            if not folder.is_dir():
                raise SetupError(
                    say("There is no folder of translations at {folder}.", folder=folder),
                    value=str(folder),
                    remedy=say("name one that has LANGUAGE/LC_MESSAGES/opsplan.po"),
                )
            files = sorted(folder.glob(f"*/LC_MESSAGES/{FILE_NAME}"))
            if not files and folder != OWN_FOLDER:
                raise SetupError(
                    say("There is no translation in {folder}.", folder=folder),
                    value=str(folder),
                    remedy=say("name the folder that has LANGUAGE/LC_MESSAGES/opsplan.po"),
                )
            for file in files:
                catalogues.setdefault(_tag(file), {}).update(_translations(file))
        return cls(catalogues)

    def catalogue(self, tag: str) -> Mapping[str, str]:
        """Give the translations of a language of `tags`; what is not in them is told in English."""
        return self._catalogues[tag]


def _tag(file: Path) -> str:
    name = file.parents[1].name
    try:
        return str(Locale.parse(name.replace("-", "_"))).replace("_", "-")
    except (UnknownLocaleError, ValueError) as unknown:
        raise SetupError(
            say("{file}: {name!r} is no language.", file=file, name=name),
            value=name,
            remedy=say("name the folder by its code, such as fr, or pt_BR"),
        ) from unknown


def _translations(file: Path) -> Iterator[tuple[str, str]]:
    try:
        with file.open("rb") as content:
            messages = list(read_po(content, abort_invalid=True))
    except (PoFileError, UnicodeDecodeError, OSError) as broken:
        raise SetupError(
            say("{file} cannot be read as a PO file: {broken}.", file=file, broken=broken),
            value=str(file),
            remedy=say("mend the file, or take it away"),
        ) from broken
    for message in messages:
        pattern, words = message.id, message.string
        if isinstance(pattern, str) and isinstance(words, str) and pattern and words and not message.fuzzy:
            _check(file, pattern, words)
            yield pattern, words


def _check(file: Path, pattern: str, words: str) -> None:
    try:
        has, may = _places(words), _places(pattern)
    except ValueError as failure:
        wrong: Sentence | None = say("cannot be filled in ({failure})", failure=failure)
    else:
        strange = sorted(f"{{{name}}}" for name in has if name not in may)
        # A list has a word of the translation's own before its last member.
        changed = sorted(
            f"{{{name}{form}}}"
            for name, forms in has.items()
            for form in forms - may.get(name, forms)
            if not (form[1:].isalpha() and any(each[1:].isalpha() for each in may.get(name, ())))
        )
        if strange:
            wrong = say("has places that the sentence has not: {places}", places=strange)
        else:
            wrong = say("writes places in another form: {places}", places=changed) if changed else None
    if wrong is not None:
        raise SetupError(
            say("{file}: the translation of {pattern!r} {wrong}.", file=file, pattern=pattern, wrong=wrong),
            value=words,
            remedy=say("use the places in braces as the sentence has them; write a brace as two"),
        )


def _places(pattern: str) -> dict[str, frozenset[str]]:
    """Give the places of a pattern, each with the forms in which it is written.

    >>> {name: sorted(forms) for name, forms in _places("{field}: {value!r} is below {least:g}").items()}
    {'field': [''], 'value': ['!r'], 'least': [':g']}
    """
    found: dict[str, frozenset[str]] = {}
    for _, name, form, conversion in string.Formatter().parse(pattern):
        if name is not None:
            written = (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            found[name] = found.get(name, frozenset()) | {written}
    return found
