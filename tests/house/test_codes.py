"""Every code that callers meet is listed, means one thing, and stays."""

import re

from opsplan.calls.errors import describe
from tests.house.codes import PAGE, _kinds, page


def test_the_list_of_codes_is_that_of_the_code() -> None:
    """docs/codes.md is what the classes say; else run ``python -m tests.house.codes``."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_code_means_one_thing() -> None:
    """Two errors of one code are a class and its kin, never two of different rooms."""
    owners: dict[str, set[type]] = {}
    for kind in _kinds():
        if "code" in vars(kind):
            owners.setdefault(kind.code, set()).add(kind)
    assert {code: kinds for code, kinds in owners.items() if len(kinds) > 1} == {}


def test_codes_are_words_for_programs() -> None:
    """Capitals and underscores, so that they read as constants in every language."""
    assert all(re.fullmatch(r"[A-Z][A-Z_]+", kind.code) for kind in _kinds())


def test_what_callers_are_told_has_its_code_and_whether_to_try_again() -> None:
    """Each error of a listed class comes with its code, or with that of a fault, and says whether it is retryable."""
    for kind in _kinds():
        try:
            error = kind("It cannot be.", remedy="do otherwise")
        except TypeError:
            # Some are made from more than words; their rooms have tests of them.
            continue
        _, extensions = describe(error)
        assert extensions["code"] == kind.code
        assert extensions["retryable"] is kind.retryable
