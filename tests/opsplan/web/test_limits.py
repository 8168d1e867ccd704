"""The size of an operation: counted with fragments unfolded, in time that grows with the document alone."""

import time

import pytest
from graphql import parse

from opsplan.web.limits import Limits, Size, refused_by, size_of


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("{ a }", Size(1, 0, 1, 1)),
        ("{ a { b { c } } d }", Size(3, 0, 4, 1)),
        ("{ x: a { y: b } }", Size(2, 2, 2, 1)),
        ("{ ... on Q { a { ... { b } } } }", Size(2, 0, 2, 1)),
        ("{ ...F ...F } fragment F on Q { a { x: b } }", Size(2, 2, 4, 1)),
        ("{ a { ...F } } fragment F on Q { b { ...G } } fragment G on Q { c d }", Size(3, 0, 4, 1)),
        ("{ ...F } fragment F on Q { a { ...F } }", Size(1, 0, 1, 1)),
        ("{ ...F }", Size(0, 0, 0)),
        ("{ a } query B { a { b } }", Size(2, 0, 2, 1)),
        ("fragment F on Q { a { b { c } } }", Size(0, 0, 0)),
        ("{ a a { b x: c b x: c b } }", Size(2, 2, 7, 3)),
    ],
)
def test_depth_aliases_and_fields_are_counted_as_executed(query, size):
    """Fragments count as often as they are spread; one that spreads itself, or is not there, counts once or not."""
    assert size_of(parse(query)) == size


def test_a_document_that_unfolds_without_bound_is_measured_at_once():
    """Forty fragments that each spread the next twice are 2^40 fields, counted in a moment."""
    document = parse(
        "{ ...f0 } "
        + " ".join(f"fragment f{n} on Q {{ ...f{n + 1} ...f{n + 1} }}" for n in range(40))
        + " fragment f40 on Q { a }"
    )
    begun = time.perf_counter()
    assert size_of(document).fields == 2**40
    assert time.perf_counter() - begun < 0.1


def test_each_limit_is_named_with_what_is_and_what_may_be():
    """A refusal says which measure, how large it is and how large it may be."""
    limits = Limits(depth=2, aliases=1, fields=3, repeats=1)
    assert not refused_by(parse("{ a { b } x: c }"), limits)
    errors = refused_by(parse("{ x: a { y: b { c } } d d }"), limits)
    assert {
        error.extensions["measure"]: (error.extensions["value"], error.extensions["limit"]) for error in errors
    } == {
        "depth": (3, 2),
        "aliases": (2, 1),
        "fields": (5, 3),
        "repeats": (2, 1),
    }
