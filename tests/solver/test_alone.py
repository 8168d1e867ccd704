"""The solver stands alone: nothing of the service, and not even its packages, is needed."""

import ast
import subprocess
import sys
from pathlib import Path

import solver

SOLVER = Path(solver.__file__).parent
STAND_ALONE = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"opsplan", "neo4j", "strawberry", "starlette", "httpx", "orjson"}:
            raise ImportError("blocked: " + name)

sys.meta_path.insert(0, Blocker())
import solver
raid = solver.Action("raid", 0, (solver.Mode(2),), (solver.Interval(3, 9),))
problem = solver.Problem(15, 9, (solver.Country("A"),), sites=(solver.Site("s", 0),), actions=(raid,))
solution = solver.solve(problem, solver.Budget(seconds=None, work=1000, workers=1))
print(solution.outcome.value, solution.placements[0].start_slot)
"""
WITHOUT_ORTOOLS = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"ortools", "numpy", "pandas"}:
            raise ImportError("blocked: " + name)

sys.meta_path.insert(0, Blocker())
import solver
raid = solver.Action("raid", 0, (solver.Mode(2),), (solver.Interval(3, 9),))
problem = solver.Problem(15, 9, (solver.Country("A"),), sites=(solver.Site("s", 0),), actions=(raid, raid))
plan = solver.greedy(problem)
print(len(solver.verify(problem, plan)), len(solver.explain(problem, plan[:1])), len(solver.fingerprint(problem)))
"""
CLOCKS_AND_CHANCE = {"time", "datetime", "random", "asyncio", "socket", "subprocess", "sqlite3", "os", "pathlib"}


def imports_of(path: Path) -> set[str]:
    """The top-level names that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_it_solves_with_the_service_blocked() -> None:
    """A process in which the service and its packages cannot be imported solves a problem."""
    done = subprocess.run([sys.executable, "-c", STAND_ALONE], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["OPTIMAL", "3"]), done.stderr


def test_checking_and_explaining_need_no_solver() -> None:
    """With OR-Tools blocked, plans are still verified, explained, written and made greedily."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ORTOOLS], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.split()) == (0, ["0", "1", "64"]), done.stderr


def test_only_the_command_line_reads_clock_files_and_signals() -> None:
    """No other module imports a clock, a random source, files, processes or the network.

    Save one that finds the place for compiled code, which is named after the sources.
    """
    keeper = SOLVER / "compiled" / "__init__.py"
    for path in SOLVER.rglob("*.py"):
        if SOLVER / "cli" not in path.parents and path != keeper:
            assert not imports_of(path) & CLOCKS_AND_CHANCE, path


def test_only_the_model_room_knows_ortools() -> None:
    """Problem, checker, score, text and the fast search work without CP-SAT."""
    for path in SOLVER.rglob("*.py"):
        if "cpsat" not in path.parts:
            assert "ortools" not in imports_of(path), path


def test_the_checker_shares_nothing_with_the_search() -> None:
    """`verify` and `score` import the problem and the solution only."""
    allowed = {"solver.problem", "solver.solution", "solver.verify"}
    for path in [*SOLVER.glob("verify/*.py"), SOLVER / "score.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("solver"):
                assert any(node.module.startswith(name) for name in allowed), (path, node.module)
