"""The list of stable codes that callers meet: written from the code that has them, by ``python -m tests.house.codes``.

`test_codes` holds docs/codes.md against it, so that a new code is listed before anybody meets it, and none goes away.
"""

import ast
import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import opsplan
from opsplan.calls.errors import MASKED
from opsplan.scheduling.problem.index import HindranceCode
from opsplan.vocabulary.errors import OpsplanError, SetupError
from solver.explain import CAUSES, CODES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "codes.md"

_APART = ("opsplan.demo", "opsplan.graph.local", "opsplan.cli")
"""Rooms whose errors no caller of the API meets."""
_BESIDE = {
    "BAD_QUERY": "The document is no valid operation of the schema.",
    "RECORD_IN_USE": "Records in force cannot be without it; they are named.",
    MASKED: "A fault of the service, which its operator finds by `errorId`.",
}
"""Codes that have no class of their own."""
_COMPARED = {
    "EDITED_BY_HAND": "Somebody moved it, and nobody moved it back.",
    "MARKED_BROKEN": "The first plan was published, and came to break a rule there.",
    "REFUSED_BY_HOST": "The second plan leaves it out because an approving authority refused it.",
    "FACT_CHANGED": "A record that it rests on changed between the two runs.",
    "SEARCH": "None of these is known: the search found the new place better for the whole.",
}
"""Why a plan differs from another; `tests/opsplan/scheduling/test_compare.py` has each."""


def page() -> str:
    """Give the page as it is to stand."""
    parts = [
        "# Codes",
        "",
        "Every refusal, error and reason has a stable code for programs; sentences are for people, and may change.",
        "This list is written from the code (`python -m tests.house.codes`). A code that is listed here is not taken",
        "away without notice.",
        "",
        "## Refusals and errors",
        "",
        "In payloads as `Refusal.code`, else as `extensions.code` of an error. `retryable` says whether the same",
        "request may succeed later, unchanged.",
        "",
        *_table(("code", "retryable", "means"), _errors()),
        "",
        "## Why an action is left out of a plan",
        "",
        "In `UnplacedAction.codes`. The first are found by the solver, the rest before it begins: no plan has a",
        "place for it then.",
        "",
        *_table(("code", "means"), sorted(CODES.items())),
        *_rows(sorted(_hindrances())),
        "",
        "## Which rules contradict each other",
        "",
        "In `scheduleConflict`, `planExplanation` and `whyNot`, as `causes { rule }`. Of the relaxations' kinds,",
        "[solver.md](solver.md) has the list, with their costs.",
        "",
        *_table(("rule", "means"), CAUSES.items()),
        "",
        "## Why a plan differs from another",
        "",
        "In `planComparison`, as `reasons { code }`.",
        "",
        *_table(("code", "means"), _COMPARED.items()),
        "",
    ]
    return "\n".join(parts)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from _rows(rows)


def _rows(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for code, *rest in rows:
        yield f"| `{code}` | {' | '.join(rest)} |"


def _errors() -> list[tuple[str, str, str]]:
    found = {code: (code, "no", words) for code, words in _BESIDE.items()}
    for kind in _kinds():
        if "code" in vars(kind) and kind is not OpsplanError:
            words = (kind.__doc__ or "").split("\n\n")[0].split("Facts:")[0].strip().replace("\n", " ")
            found[kind.code] = (kind.code, "yes" if kind.retryable else "no", " ".join(words.split()))
    return [found[code] for code in sorted(found)]


def _kinds() -> list[type[OpsplanError]]:
    """Give all errors that callers of the API may meet."""
    for module in pkgutil.walk_packages(opsplan.__path__, "opsplan."):
        if not module.name.startswith(_APART) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[OpsplanError]] = []
    waiting: list[type[OpsplanError]] = [OpsplanError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if not issubclass(kind, SetupError) and not kind.__module__.startswith(_APART):
            found.append(kind)
    return sorted(found, key=lambda kind: (kind.code, kind.__module__))


def _hindrances() -> Iterator[tuple[str, str]]:
    """Give the codes that are found before the solver, with the sentence that stands under each."""
    source = ROOT / "opsplan" / "scheduling" / "problem" / "index.py"
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and node.name == HindranceCode.__name__:
            for one, below in zip(node.body, node.body[1:], strict=False):
                if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                    assert isinstance(below, ast.Expr)
                    yield one.targets[0].id, str(ast.literal_eval(below.value))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote {PAGE.relative_to(ROOT)}.")
    sys.exit(0)
