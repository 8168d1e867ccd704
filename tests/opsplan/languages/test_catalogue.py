"""Translations are read from PO files; one that does not fit is refused at the start, with the sentence."""

from pathlib import Path

import pytest

from opsplan.languages import Languages, told, told_in
from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
PLAN = "There is no plan {plan_id}."


def _folder(at: Path, entries: str, language: str = "fr", head: str = HEAD) -> Path:
    file = at / language / "LC_MESSAGES" / "opsplan.po"
    file.parent.mkdir(parents=True)
    file.write_bytes((head + entries).encode("latin-1" if "é" in entries and head == "" else "utf-8"))
    return at


def _entry(words: str, flag: str = "") -> str:
    return f'{flag}msgid "{PLAN}"\nmsgstr "{words}"\n'


def test_what_is_told_meanwhile_is_told_in_the_language(tmp_path: Path):
    """Before and after it is English; plain words stay as they are."""
    languages = Languages.open_in(_folder(tmp_path, _entry("Il n'y a pas de plan {plan_id}.")))
    sentence = say(PLAN, plan_id="plan_1")
    with told_in(languages, "fr"):
        assert told(sentence) == "Il n'y a pas de plan plan_1."
        assert told("plain") == "plain"
        with told_in(languages, "en"):
            assert told(sentence) == "There is no plan plan_1."
    assert told(sentence) == "There is no plan plan_1."


def test_a_later_folder_goes_before(tmp_path: Path):
    """An operator's words take the place of those that opsplan comes with, sentence by sentence."""
    first = _folder(tmp_path / "a", _entry("Premier {plan_id}") + '\nmsgid "give it"\nmsgstr "donnez-le"\n')
    second = _folder(tmp_path / "b", _entry("Second {plan_id}"))
    languages = Languages.open_in(first, second)
    assert languages.tags == ("en", "fr")
    assert languages.catalogue("fr") == {PLAN: "Second {plan_id}", "give it": "donnez-le"}


def test_fuzzy_and_empty_translations_do_not_count(tmp_path: Path):
    """What a translator is not sure of is told in English."""
    entries = _entry("Peut-être {plan_id}", "#, fuzzy\n") + '\nmsgid "give it"\nmsgstr ""\n'
    assert Languages.open_in(_folder(tmp_path, entries)).catalogue("fr") == {}


@pytest.mark.parametrize(
    ("entries", "language", "named"),
    [
        (_entry("Plan {nothing}"), "fr", "nothing"),
        (_entry("Plan {plan_id:zz}"), "fr", "{plan_id:zz}"),
        (_entry("Plan {plan_id!z}"), "fr", "{plan_id!z}"),
        (_entry("Plan {plan_id"), "fr", "cannot be filled in"),
        (_entry("Plan {plan_id.__class__}"), "fr", "plan_id.__class__"),
        (_entry("Plan {}"), "fr", "{}"),
        ("msgid broken", "fr", "PO file"),
        (_entry("Plan {plan_id}"), "klingon!", "klingon!"),
    ],
)
def test_what_does_not_fit_stops_the_start(tmp_path: Path, entries: str, language: str, named: str):
    """The refusal names the file and what is wrong with it, and nothing is served half translated."""
    with pytest.raises(SetupError) as caught:
        Languages.open_in(_folder(tmp_path, entries, language))
    assert named in caught.value.message
    assert "opsplan.po" in caught.value.message
    assert caught.value.remedy


def test_a_file_in_another_encoding_and_a_missing_folder_are_refused(tmp_path: Path):
    """As the operator named it, so that it can be found."""
    latin = _folder(tmp_path, _entry("Pas de plan trouvé {plan_id}"), head="")
    for folder in (latin, tmp_path / "nowhere"):
        with pytest.raises(SetupError) as caught:
            Languages.open_in(folder)
        assert str(folder) in caught.value.message


def test_tags_are_as_browsers_write_them(tmp_path: Path):
    """The folder pt_BR is the language pt-BR."""
    assert Languages.open_in(_folder(tmp_path, _entry("Plano {plan_id}"), "pt_BR")).tags == ("en", "pt-BR")
