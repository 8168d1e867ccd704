"""Which test shows which requirement: reads docs/requirements.toml and the marks in the tests.

Run as ``python -m tests.house.requirements``; ends with ``requirements: covered=N of M`` and with status 1 when an
asked row has no test or a test cites a row that does not exist.
"""

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Row:
    """A requirement: its id, chapter, sentence, and whether the present release must show it."""

    id: str
    chapter: str
    text: str
    asked: bool


def rows(path: Path = ROOT / "docs" / "requirements.toml") -> tuple[Row, ...]:
    """Read the rows in the order of the file."""
    chapters = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Row(row_id, chapter, entry["text"], entry.get("asked", False))
        for chapter, entries in chapters.items()
        for row_id, entry in entries.items()
    )


def citations(folder: Path = ROOT / "tests") -> dict[str, list[str]]:
    """Give, for each cited id, the tests that cite it as ``path::name``; the path alone where all of a file do."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        name = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for row in _cited(*node.decorator_list):
                    found[row].append(f"{name}::{node.name}")
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                for row in _cited(node.value):
                    found[row].append(name)
    return found


def _cited(*marks: ast.expr) -> Iterator[str]:
    for node in (each for mark in marks for each in ast.walk(mark)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "requirement":
            yield from (str(each.value) for each in node.args if isinstance(each, ast.Constant))


def main() -> int:
    """Print the table and give the exit status."""
    console = Console(width=160 if not sys.stdout.isatty() else None)
    known, cited = rows(), citations()
    table = Table("row", "sentence", "shown by", title="Requirements", show_lines=False)
    for row in known:
        tests = cited.get(row.id, [])
        state = "\n".join(tests) if tests else ("[red]no test[/red]" if row.asked else "[dim]planned[/dim]")
        table.add_row(row.id, row.text, state)
    console.print(table)
    missing = [row.id for row in known if row.asked and row.id not in cited]
    unknown = sorted(set(cited) - {row.id for row in known})
    if missing:
        console.print(f"asked for but shown by no test: {', '.join(missing)}")
    if unknown:
        console.print(f"cited by tests but not in docs/requirements.toml: {', '.join(unknown)}")
    covered = sum(1 for row in known if row.id in cited)
    console.print(f"requirements: covered={covered} of {len(known)}", highlight=False)
    return 1 if missing or unknown else 0


if __name__ == "__main__":
    sys.exit(main())
