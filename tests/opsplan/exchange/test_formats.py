"""Formats: what is written is read back; what is no file of the format is refused with its line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsplan.exchange.columns import columns_of
from opsplan.exchange.formats import FORMATS, noun_of_name, read_rows
from opsplan.exchange.template import example_row, write_template
from opsplan.nouns import CATALOGUE
from opsplan.records.check import check_row
from opsplan.vocabulary.errors import Invalid

ENTERED = [noun for noun in CATALOGUE if noun.entered]


@pytest.mark.parametrize("ending", sorted(FORMATS))
@pytest.mark.parametrize("noun", ENTERED, ids=lambda noun: noun.name)
def test_each_template_is_a_row_that_the_check_accepts(noun, ending: str, tmp_path: Path) -> None:
    """`opsplan template NOUN` writes, in every format, an example that loads."""
    path = tmp_path / f"{noun.name}{ending}"
    write_template(noun, path)
    (row,) = read_rows(path)
    stored, problems = check_row(noun, dict(row.values))
    assert [problem.sentence for problem in problems] == []
    expected, _ = check_row(noun, example_row(noun))
    assert {name: value for name, value in stored.items() if value not in (None, [])} == {
        name: value for name, value in expected.items() if value not in (None, [])
    }


TEXT = (
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=20).map(str.strip).filter(bool)
)


@pytest.mark.parametrize("ending", sorted(FORMATS))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {"name": TEXT, "aliases": st.lists(TEXT, max_size=3, unique=True), "capacity": st.integers(0, 10**6)}
        ),
        min_size=1,
        max_size=5,
    )
)
def test_rows_survive_the_round_trip(rows, ending: str, tmp_path: Path) -> None:
    """Any text in any script, lists with semicolons in them, and numbers come back as they were."""
    noun = CATALOGUE["Compound"]
    path = tmp_path / f"compound{ending}"
    columns = columns_of(noun)
    given_rows = [{**row, "location": {"longitude": 104.9, "latitude": 11.6}} for row in rows]
    assert FORMATS[ending].write(path, columns, given_rows) == len(rows)
    for before, after in zip(given_rows, read_rows(path), strict=True):
        stored, problems = check_row(noun, dict(after.values))
        assert problems == []
        expected, wrong = check_row(noun, before)
        assert wrong == []
        for name in ("name", "capacity", "location"):
            assert stored[name] == expected[name]
        assert (stored.get("aliases") or []) == (expected.get("aliases") or [])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("compound.jsonl", b'{"name": "a"}\n{"name": \n', "line 2: the line is no JSON"),
        ("compound.jsonl", b"[1]\n", "line 1: the line is no JSON object"),
        ("compound.jsonl", b'{"name": "\xff\xfe"}\n', "line 1: the line is not UTF-8"),
        ("compound.csv", b"name,name\na,b\n", "line 1: two columns are headed 'name'"),
        ("compound.csv", b"name,\na,b\n", "line 1: column 2 has no heading"),
        ("compound.csv", b"name,notes\na,b\na,b,c\n", "line 3: there are 3 cells under 2 headings"),
        ("compound.csv", b"name\n\xff\xfe\n", "is not UTF-8"),
        ("compound.csv", b"", "the file is empty"),
        ("compound.xlsx", b"no workbook", "the file is no XLSX workbook"),
        ("compound.pdf", b"", "is no known format"),
    ],
)
def test_what_is_no_file_of_the_format_is_refused_case(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    """A broken file is refused in words that name the line and the remedy."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        list(read_rows(path))
    assert said in refused.value.message
    assert refused.value.remedy
    assert str(path) in (refused.value.field or "")
    if said.startswith("line "):
        assert refused.value.field == f"{path}, {said.partition(':')[0]}"


def test_a_file_that_is_none_names_what_was_given(tmp_path: Path) -> None:
    """The refusal has the ending that is no format, or the path at which nothing is."""
    (tmp_path / "compound.pdf").touch()
    for name, value in (("compound.pdf", ".pdf"), ("compound.csv", str(tmp_path / "compound.csv"))):
        with pytest.raises(Invalid) as refused:
            read_rows(tmp_path / name)
        assert (refused.value.field, refused.value.value) == (str(tmp_path / name), value)


def test_a_date_cell_of_a_workbook_is_refused_as_naive(tmp_path: Path) -> None:
    """Excel's own dates have no zone, so they are not taken for instants."""
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Warrant"
    book.active.append(["external_id", "reference", "start", "end", "action"])
    book.active.append(["1", "x", datetime(2026, 1, 1), datetime(2026, 1, 2), "KH-NCB/1"])
    book.save(tmp_path / "any.xlsx")
    (row,) = read_rows(tmp_path / "any.xlsx")
    _, problems = check_row(CATALOGUE["Warrant"], dict(row.values))
    assert {problem.name for problem in problems} == {"start", "end"}
    assert all("zone" in problem.sentence for problem in problems)


@pytest.mark.parametrize("name", ["compound", "Compounds", "COMPOUND", "victim-estimate", "victim_estimates"])
def test_nouns_are_found_by_the_names_people_write(name: str) -> None:
    """A file or sheet may be named in the singular or plural, with blanks, dashes or underscores."""
    assert noun_of_name(CATALOGUE, name) is not None
