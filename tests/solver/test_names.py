"""A rule or goal has one name in all its places."""

import importlib
from dataclasses import fields
from pathlib import Path

import solver
from solver.cpsat.model import GOALS, RULES

score_module = importlib.import_module("solver.score")
HERE = Path(__file__).parent
SOLVER = Path(solver.__file__).parent


def stems(folder: Path, pattern: str = "*.py") -> set[str]:
    """The names of a folder's modules."""
    return {path.stem for path in folder.glob(pattern)} - {"__init__"}


def test_every_rule_has_its_five_places() -> None:
    """Checker, title, model, module and test file of each rule carry the same name, in the same order."""
    names = [rule.name for rule in solver.RULES]
    assert [rule.name for rule in RULES] == names
    assert [rule.check.__name__ for rule in solver.RULES] == names
    assert stems(SOLVER / "cpsat" / "rules") == set(names)
    assert {stem.removeprefix("test_") for stem in stems(HERE / "rules", "test_*.py")} == set(names)
    assert len({rule.title for rule in solver.RULES}) == len(names)


def test_every_rule_is_in_the_page() -> None:
    """docs/solver.md defines every rule, goal and outcome by its name."""
    page = (SOLVER.parent / "docs" / "solver.md").read_text(encoding="utf-8")
    for name in [rule.name for rule in solver.RULES] + [goal.name for goal in GOALS]:
        assert f"`{name}`" in page, name
    for outcome in solver.Outcome:
        assert f"`{outcome.value}`" in page, outcome
    for code in solver.CODES:
        assert f"`{code}`" in page, code


def test_every_goal_has_its_places() -> None:
    """Score, bounds, model and module of each goal carry the same name, in the strict order."""
    names = [goal.name for goal in GOALS]
    assert [field.name for field in fields(solver.Score)] == names
    assert [field.name for field in fields(solver.Bounds)] == names
    assert stems(SOLVER / "cpsat" / "goals") == set(names)
    assert all(callable(getattr(score_module, name)) for name in names)
