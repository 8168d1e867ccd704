"""What a searched text becomes: a query for the full-text index, or pieces for a predicate."""

from typing import Any

from opsplan.reading.compile.bindings import Request
from opsplan.records.search import lucene_query, search_terms

NOTHING_IS_FOUND = "+nothing +\\!"
"""A query that finds nothing, for a text without any term: no stored term has punctuation."""


def lucene(value: Any, _: Request) -> str:
    """Give the query for the full-text index."""
    return lucene_query(value) or NOTHING_IS_FOUND


def search_pieces(value: Any, _: Request) -> list[list[list[str]]]:
    """Give the pieces of a searched text: a word begins a kept term, a pair of an unspaced script is one."""
    # Raises where the text is too long.
    lucene_query(value)
    found: list[list[list[str]]] = []
    for word in search_terms(value):
        if word.unspaced:
            found.append([[f" {part} " for part in word.parts]])
        else:
            found.append([[f" {part}" for part in word.parts], [f" {word.joined}"]])
    return found
