"""What a searched text becomes: a query for the full-text index, pieces for a predicate, and the order of the found.

Lucene's own score counts documents that a reader may not see, so it is neither shown nor sorted by. What is found is
ordered by a measure over each record alone, `points`: for each word of the search 4 where a term of the record's name
(its first searched property) is that word, 3 where one begins with it, 2 and 1 likewise for its other names; times 100,
less the length of the name's terms up to 99, so that of two equal ones the shorter name comes first.
"""

from typing import Any

from opsplan.reading.compile.bindings import Request
from opsplan.reading.compile.known import may_see
from opsplan.reading.policy import Policy
from opsplan.records.declaration import Noun
from opsplan.records.search import kept_apart, lucene_query, search_terms, searched_properties
from opsplan.vocabulary.actor import Actor

NOTHING_IS_FOUND = "+nothing +\\!"
"""A query that finds nothing, for a text without any term: no stored term has punctuation."""


def lucene(value: Any, _: Request) -> str:
    """Give the query for the full-text index."""
    return lucene_query(value) or NOTHING_IS_FOUND


def search_pieces(value: Any, _: Request) -> list[list[list[str]]]:
    """Give the pieces of a searched text: a word begins a kept term, a pair of an unspaced script is one.

    For each word its alternatives, for each alternative the pieces that must all occur.
    """
    # Raises where the text is too long.
    lucene_query(value)
    found: list[list[list[str]]] = []
    for word in search_terms(value):
        if word.unspaced:
            found.append([[f" {part} " for part in word.parts]])
        else:
            found.append([[f" {part}" for part in word.parts], [f" {word.joined}"]])
    return found


def whole_pieces(value: Any, request: Request) -> list[list[list[str]]]:
    """Give the pieces of a searched text where each word is to be a whole kept term."""
    return [
        [[f"{piece.rstrip()} " for piece in alternative] for alternative in word]
        for word in search_pieces(value, request)
    ]


class Found:
    """What a record of a noun is found by, as Cypher, as far as the reader may see it.

    Parameters
    ----------
    policy, actor
        What the reader may see.
    noun, node
        The record's noun and variable.
    """

    def __init__(self, policy: Policy, actor: Actor, noun: Noun, node: str) -> None:
        searched = searched_properties(noun)
        conditions = [may_see(policy, actor, (noun,), node, each.name) for each in searched]
        self.is_restricted = any(conditions)
        """Whether the reader may be kept from some of it, so that what an index finds must be looked at again."""
        self._parts = [
            _apart(f"{node}.{kept_apart(noun, each)}", condition)
            for each, condition in zip(searched, conditions, strict=True)
        ]
        self._whole = f"{node}.search_text"
        self._name = f"{node}.{kept_apart(noun, searched[0])}"

    @property
    def kept(self) -> str:
        """All terms that the reader may see, with blanks around."""
        if not self.is_restricted:
            return f"(' ' + coalesce({self._whole}, '') + ' ')"
        parts = " + ' ' + ".join(self._parts)
        return f"(' ' + {parts} + ' ')"

    @property
    def called(self) -> str:
        """The terms of the record's name, with blanks around."""
        if self.is_restricted:
            return f"(' ' + {self._parts[0]} + ' ')"
        # A record from before names were kept apart has them among its other terms.
        return f"(' ' + coalesce({self._name}, {self._whole}, '') + ' ')"

    def condition(self, pieces: str) -> str:
        """Give the predicate that a text, whose `pieces` are a parameter, finds the record: the same as the index."""
        return f"(size({pieces}) > 0 AND all(word IN {pieces} WHERE {_any('word', self.kept)}))"

    def points(self, pieces: str, whole: str) -> str:
        """Give the measure of how well a text finds the record; see the module."""
        steps = (
            f"CASE WHEN {_any(f'{whole}[at]', self.called)} THEN 4 WHEN {_any(f'{pieces}[at]', self.called)} THEN 3 "
            f"WHEN {_any(f'{whole}[at]', self.kept)} THEN 2 ELSE 1 END"
        )
        length = f"size({self.called})"
        return (
            f"(100 * reduce(points = 0, at IN range(0, size({pieces}) - 1) | points + {steps}) "
            f"- CASE WHEN {length} < 99 THEN {length} ELSE 99 END)"
        )


def _any(word: str, kept: str) -> str:
    return f"any(way IN {word} WHERE all(piece IN way WHERE {kept} CONTAINS piece))"


def _apart(terms: str, condition: str | None) -> str:
    """The terms of one searched property where the reader may see that property, else none."""
    return f"coalesce({terms}, '')" if condition is None else f"coalesce(CASE WHEN {condition} THEN {terms} END, '')"
