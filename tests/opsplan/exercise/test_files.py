"""The exercise as files: a folder per exercise, a file per noun, and the command that writes it."""

import json
from pathlib import Path

from typer.testing import CliRunner

from opsplan.cli import app
from opsplan.exercise import Size
from opsplan.exercise.files import PLANTED_FILE, write_files
from opsplan.nouns import CATALOGUE
from opsplan.vocabulary.ids import prefix_of
from tests.opsplan.exercise.made import exercise


def test_a_folder_holds_a_file_per_noun_and_what_was_planted(tmp_path: Path) -> None:
    """Every entered noun but what people say, and keys, has its file; planted plan and reasons stand beside them."""
    made = exercise(Size.SMALL, 1)
    counts = write_files(made, tmp_path)
    assert set(counts) == {
        f"{prefix_of(noun.name)}.jsonl"
        for noun in CATALOGUE
        if noun.entered and not noun.enrolled and noun.name != "Comment"
    }
    for noun in made.nouns:
        lines = (tmp_path / f"{prefix_of(noun)}.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == list(made.rows(noun))
    planted = json.loads((tmp_path / PLANTED_FILE).read_text(encoding="utf-8"))
    assert len(planted["planted"]) == 38
    assert {each["code"] for each in planted["unplaceable"]} == {each.obstacle.code for each in made.unplaceable}


def test_the_command_writes_files(tmp_path: Path) -> None:
    """`opsplan exercise --size small --seed 1 --out DIR` writes what `write_files` writes, and needs no graph."""
    write_files(exercise(Size.SMALL, 1), tmp_path / "one")
    arguments = ["exercise", "--size", "small", "--seed", "1", "--out", str(tmp_path / "two")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    for path in (tmp_path / "one").iterdir():
        assert (tmp_path / "two" / path.name).read_bytes() == path.read_bytes()
