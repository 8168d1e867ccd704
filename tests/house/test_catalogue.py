"""Every sentence that callers are told is in the catalogue that translators get, and can be filled in."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.catalogue import FILE, ROOT, page

_FILES = sorted((ROOT / "opsplan").rglob("*.py"))
_ITSELF = ROOT / "opsplan" / "vocabulary" / "sentences.py"


def _said(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
            yield node


def test_the_catalogue_is_that_of_the_code():
    """opsplan/languages/opsplan.pot is what `python -m tests.house.catalogue` writes."""
    assert FILE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("file", [each for each in _FILES if "say(" in each.read_text(encoding="utf-8")], ids=str)
def test_patterns_are_literal_and_fit_their_parts(file: Path):
    """A pattern that is put together at run time would be in no catalogue; one that lacks a part could not be told."""
    for call in _said(file):
        where = f"{file}:{call.lineno}"
        pattern = call.args[0]
        assert isinstance(pattern, ast.Constant), where
        assert isinstance(pattern.value, str), where
        places = [name for _, name, _, _ in string.Formatter().parse(pattern.value) if name is not None]
        assert all(name.isidentifier() for name in places), where
        assert set(places) == {each.arg for each in call.keywords}, where
        assert pattern.value.strip(" ") == pattern.value, where


def test_only_the_room_of_sentences_makes_them():
    """Whoever makes a sentence without `say` goes around the catalogue."""
    makers = [file for file in _FILES if "Sentence(" in file.read_text(encoding="utf-8").replace("isinstance(", "")]
    assert makers == [_ITSELF]
