"""Migrations as files."""

from pathlib import Path

import pytest

from opsplan.graph.migrations import MigrationError, product_migrations, read_migrations

HEADER = "// Why: a test\n// Owner: graph\n// Way back: none is needed\n"


def write(folder: Path, name: str, text: str = HEADER + "RETURN 1;") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_the_product_s_own_are_sound() -> None:
    """Those of this opsplan can be read, begin with the runner's own, and are numbered without gaps."""
    migrations = product_migrations()
    assert migrations[0].name == "0001_migrations_are_unique"
    assert [migration.number for migration in migrations] == list(range(1, len(migrations) + 1))
    assert all(migration.statements for migration in migrations)


def test_files_are_read_in_order_with_their_statements(tmp_path: Path) -> None:
    """Number, name, statements and checksum come from the file; line ends of another system change nothing."""
    write(
        tmp_path, "0002_second.cypher", HEADER + "CREATE INDEX a IF NOT EXISTS FOR (a:A) ON (a.x);\nMATCH (a) RETURN 1;"
    )
    write(tmp_path, "0001_first.cypher")
    write(tmp_path, "README.md", "not a migration")
    first, second = read_migrations(tmp_path)
    assert (first.number, first.name) == (1, "0001_first")
    assert len(second.statements) == 2
    (tmp_path / "0001_first.cypher").write_bytes((HEADER + "RETURN 1;").replace("\n", "\r\n").encode())
    assert read_migrations(tmp_path)[0] == first


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("1_short.cypher", "no name of the form"),
        ("0001-dash.cypher", "no name of the form"),
        ("0001_Upper.cypher", "no name of the form"),
        ("0002_no_first.cypher", "number 0001 is expected"),
    ],
)
def test_a_file_of_another_name_is_refused(tmp_path: Path, name: str, said: str) -> None:
    """The name of the file is in the error."""
    write(tmp_path, name)
    with pytest.raises(MigrationError, match=said) as refused:
        read_migrations(tmp_path)
    assert name.removesuffix(".cypher") in refused.value.message


def test_a_number_may_not_come_twice(tmp_path: Path) -> None:
    """Two files of one number are refused by the second's name."""
    write(tmp_path, "0001_one.cypher")
    write(tmp_path, "0001_other.cypher")
    with pytest.raises(MigrationError, match="0001_other comes where number 0002 is expected"):
        read_migrations(tmp_path)


@pytest.mark.parametrize("missing", ["Why", "Owner", "Way back"])
def test_the_header_says_why_whose_and_how_back(tmp_path: Path, missing: str) -> None:
    """A header without one of its lines is refused with that line."""
    write(tmp_path, "0001_one.cypher", HEADER.replace(f"// {missing}:", "// Else:") + "RETURN 1;")
    with pytest.raises(MigrationError, match=f"does not say '// {missing}"):
        read_migrations(tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE CONSTRAINT c FOR (a:A) REQUIRE a.x IS UNIQUE;",
        "create  fulltext index i FOR (a:A) ON EACH [a.x];",
        "DROP INDEX i;",
        "// a comment first\nCREATE POINT INDEX p FOR (a:A) ON (a.x);",
    ],
)
def test_a_schema_statement_must_bear_being_run_again(tmp_path: Path, statement: str) -> None:
    """Without IF NOT EXISTS or IF EXISTS it is refused: after a crash a migration is run from its start."""
    write(tmp_path, "0001_one.cypher", HEADER + statement)
    with pytest.raises(MigrationError, match="cannot be run twice"):
        read_migrations(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The folder is named."""
    with pytest.raises(MigrationError, match=r"no folder of migrations at .*nowhere"):
        read_migrations(tmp_path / "nowhere")
