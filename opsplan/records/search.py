"""Search text: names and aliases in any script, folded and parted by us, the same way when stored and when asked.

No analyser of Neo4j's serves all scripts (`standard-folding` cuts Chinese into single characters, `cjk` folds no
accents, none finds O'Brien by ``brien``). So each record keeps a property ``search_text``: the distinct terms of its
searched properties, parted by blanks, under a full-text index with the analyser ``whitespace``. Where a noun has
several searched properties, the terms of each are kept apart as well (``search_name``, ``search_aliases``), for readers
who may not know all of them and for the order of what is found. A term is

- a word of a script that parts its words by blanks: case and accents folded (``Łódź`` is ``lodz``), and a word with
  punctuation inside both in parts and as one (``O'Brien``: ``o brien obrien``);
- in scripts without blanks between words (Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese) each character and
  each pair of neighbours.

A query asks for all its words; a word finds terms that begin with it; a run of an unspaced script finds names with all
its pairs. How to ask, for a noun with searched properties::

    CALL db.index.fulltext.queryNodes('search_compound', $lucene) YIELD node

with ``$lucene = lucene_query(text)``; None means that the text holds no term, so nothing is found. What a user wrote
cannot speak Lucene: terms consist of letters, digits and marks in lower case, nothing else passes.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from opsplan.records.declaration import Noun, Property
from opsplan.vocabulary.errors import Invalid
from opsplan.vocabulary.ids import prefix_of
from opsplan.vocabulary.sentences import say

MOST_CHARACTERS = 200
"""Longest text that may be searched for."""

_LONGEST_TERM = 100
# Letters that Unicode does not decompose, as people type them.
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ĸ": "k",
        "ŋ": "n",
        "ŧ": "t",
        "ə": "e",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": "",
    }
)
# Scripts whose marks are accents or vowel points that people leave out; in others marks are letters.
_ACCENTED = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "COMBINING")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its parts in order, and all of them joined; for an unspaced script its pairs."""

    parts: tuple[str, ...]
    joined: str
    unspaced: bool = False


def search_terms(text: str) -> list[Word]:
    """Part a text into words, folded.

    >>> [word.parts for word in search_terms("Łódź O'Brien 金边市")]
    [('lodz',), ('o', 'brien'), ('金边', '边市')]
    """
    words: list[Word] = []
    for run in _folded(text).split():
        place = 0
        for found in _UNSPACED.finditer(run):
            words.extend(_spaced(run[place : found.start()]))
            words.extend(_unspaced(found[0]))
            place = found.end()
        words.extend(_spaced(run[place:]))
    return words


def search_text(noun: Noun, row: Mapping[str, Any]) -> str | None:
    """Give what the record keeps to be found by, from its searched properties; None where there is nothing.

    >>> from opsplan.targets.model import COMPOUND
    >>> search_text(COMPOUND, {"name": "O'Brien Court", "aliases": ["金边"]})
    'brien court o obrien 边 金 金边'
    """
    return _joined(searched_properties(noun), row)


def search_texts(noun: Noun, row: Mapping[str, Any]) -> dict[str, str | None]:
    """Give all that the record keeps to be found by, by property; empty for a noun that is not searched.

    >>> from opsplan.targets.model import COMPOUND
    >>> search_texts(COMPOUND, {"name": "Heron", "aliases": ["金边"]})
    {'search_text': 'heron 边 金 金边', 'search_name': 'heron', 'search_aliases': '边 金 金边'}
    """
    searched = searched_properties(noun)
    if not searched:
        return {}
    apart = {kept_apart(noun, each): _joined((each,), row) for each in searched} if len(searched) > 1 else {}
    return {"search_text": _joined(searched, row), **apart}


def searched_properties(noun: Noun) -> tuple[Property, ...]:
    """Give the properties by which the records of a noun are found; the first is what they are called."""
    return tuple(each for each in noun.all_properties if each.searched)


def kept_apart(noun: Noun, searched: Property) -> str:
    """Give the name under which the terms of one searched property are kept."""
    return f"search_{searched.name}" if len(searched_properties(noun)) > 1 else "search_text"


def has_search_text(noun: Noun) -> bool:
    """Whether records of a noun are found by text."""
    return bool(searched_properties(noun))


def _joined(searched: Iterable[Property], row: Mapping[str, Any]) -> str | None:
    terms: set[str] = set()
    for each in searched:
        value = row.get(each.name)
        for text in [value] if isinstance(value, str) else value or ():
            terms.update(_stored_terms(text))
    return " ".join(sorted(terms)) or None


def index_name(noun: Noun) -> str:
    """Give the name of the full-text index of a noun.

    >>> from opsplan.targets.model import COMPOUND
    >>> index_name(COMPOUND)
    'search_compound'
    """
    return f"search_{prefix_of(noun.name)}"


def lucene_query(text: str) -> str | None:
    """Write what a user searches for as a Lucene query over ``search_text``; None when there is no term in it.

    Raises
    ------
    Invalid
        When the text is too long.

    >>> lucene_query('brien +"金边" AND')
    '+brien* +金边 +and*'
    >>> lucene_query("o'brien")
    '+((+o* +brien*) obrien*)'
    """
    clauses = [f"+{_clause(word)}" for word in _asked(text)]
    return " ".join(dict.fromkeys(clauses)) or None


def is_found(text: str, kept: str | None) -> bool:
    """Tell whether a search for `text` finds a record that keeps `kept`: the same answer as the index gives.

    >>> is_found("zur", "zurich"), is_found("金", "边 金 金边"), is_found("!", "zurich")
    (True, True, False)
    """
    terms = (kept or "").split()
    words = _asked(text)
    return bool(words) and all(_matches(word, terms) for word in words)


def _asked(text: str) -> list[Word]:
    if len(text) > MOST_CHARACTERS:
        raise Invalid(
            say(
                "text: it has {characters} characters; search for at most {most_characters}.",
                characters=len(text),
                most_characters=MOST_CHARACTERS,
            ),
            field="text",
            remedy=say("search for at most {most_characters} characters", most_characters=MOST_CHARACTERS),
        )
    return search_terms(text)


def _matches(word: Word, terms: Iterable[str]) -> bool:
    if word.unspaced:
        known = set(terms)
        return all(part in known for part in word.parts)
    begins = [any(term.startswith(part) for term in terms) for part in (*word.parts, word.joined)]
    return all(begins[:-1]) or begins[-1]


def _clause(word: Word) -> str:
    if word.unspaced:
        return word.parts[0] if len(word.parts) == 1 else f"({' '.join(f'+{part}' for part in word.parts)})"
    if len(word.parts) == 1:
        return f"{word.parts[0]}*"
    return f"(({' '.join(f'+{part}*' for part in word.parts)}) {word.joined}*)"


def _stored_terms(text: str) -> set[str]:
    terms: set[str] = set()
    for word in search_terms(text):
        terms.update(word.parts)
        if word.unspaced:
            terms.update(word.joined)
        else:
            terms.add(word.joined)
    return terms


def _folded(text: str) -> str:
    """Fold width, case, accents and digits; punctuation stays, as it parts words."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    if wide.isascii():
        return wide
    folded: list[str] = []
    for character in wide:
        if unicodedata.category(character) == "Nd":
            folded.append(str(unicodedata.digit(character)))
        elif unicodedata.name(character, "").startswith(_ACCENTED):
            bare = "".join(
                each for each in unicodedata.normalize("NFD", character) if unicodedata.category(each) != "Mn"
            )
            folded.append(bare)
        else:
            folded.append(character)
    return unicodedata.normalize("NFC", "".join(folded).casefold().translate(_LETTERS))


def _spaced(run: str) -> list[Word]:
    parts: list[str] = []
    part = ""
    for character in run:
        if unicodedata.category(character)[0] in "LNM":
            part += character
        elif part and unicodedata.category(character) != "Cf":
            # Joiners and direction marks (Cf) stand inside words and part nothing.
            parts.append(part)
            part = ""
    if part:
        parts.append(part)
    if not parts:
        return []
    cut = tuple(each[:_LONGEST_TERM] for each in parts)
    return [Word(cut, "".join(parts)[:_LONGEST_TERM])]


def _unspaced(run: str) -> list[Word]:
    letters = "".join(each for each in run if unicodedata.category(each)[0] in "LNM")
    if not letters:
        return []
    pairs = tuple(dict.fromkeys(letters[place : place + 2] for place in range(len(letters) - 1)))
    return [Word(pairs or (letters,), letters, unspaced=True)]
