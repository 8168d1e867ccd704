"""House rules that imports cannot show."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "opsplan" / "client" / "generated"
"""What a program writes is as long as it is; `test_client` holds it to its sources."""
SOURCES = sorted(
    path for path in [*ROOT.glob("opsplan/**/*.py"), *ROOT.glob("solver/**/*.py")] if GENERATED not in path.parents
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_room_takes_everything(path: Path) -> None:
    """A file past 500 lines is split; the aim is 300."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_no_room_is_named_for_nothing() -> None:
    """No module is called utils, helpers, common or manager."""
    assert [path for path in SOURCES if path.stem in {"utils", "helpers", "common", "manager", "misc"}] == []


def test_every_package_says_what_lives_there() -> None:
    """Each package's __init__ has a docstring of at least a sentence."""
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name == "__init__.py" and len(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "") < 20
    ]
    assert silent == []


def test_broad_excepts_say_why() -> None:
    """`except Exception` either raises again or has its reason beside it: on its line, above it or below it."""
    silent = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.ExceptHandler) or not isinstance(node.type, ast.Name):
                continue
            raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            told = any("#" in line for line in lines[node.lineno - 2 : node.lineno + 1])
            if node.type.id in {"Exception", "BaseException"} and not raises_again and not told:
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert silent == []


def test_top_level_is_the_agreed_one() -> None:
    """The packages that must be there are there."""
    for name in ("pyproject.toml", "opsplan", "graph_schema", "solver", "deploy", "tests", "README.md"):
        assert (ROOT / name).exists(), name


def test_locks_name_no_registry() -> None:
    """The locks hold names, versions and hashes, and no address."""
    for path in (ROOT / "requirements").glob("*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        assert "--hash=sha256:" in text


def test_no_merge_was_left_half_done():
    """No file of the project has the marks that git leaves where two changes met."""
    marks = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    texts = (ROOT / name for name in files.split("\0") if name)
    found = [str(each) for each in texts if each.is_file() and marks.search(each.read_text("utf-8", "replace"))]
    assert found == []
