"""The scheduler on public instances: each solved once under a budget, checked twice, against the best known value.

Instances are solved one after another, each in a process of its own with two workers. What has no verified plan in time
counts 10. The last line is for programs. `--peers` runs the plain CP-SAT model and PyJobShop under the same budget.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.live import Live

from benchmarks.solver import table
from benchmarks.solver.families import FAMILIES, Family, problem_of
from benchmarks.solver.measure import Measured, measured, summary, unread
from benchmarks.solver.process import Said, run
from benchmarks.solver.references import Reference, References
from solver import SolverError, problem_to_json

_WORKERS = 2
_SAVED = Path("out") / "bench-solver"
_PYJOBSHOP = Path(".venv") / "bench" / "bin" / "python"


@dataclass(frozen=True, slots=True)
class Side:
    """A solver under test: its name, and the program that reads a problem and writes what it finds."""

    name: str
    program: tuple[str, ...]

    def command(self, seconds: float, seed: int) -> list[str]:
        """Return the command line for a budget."""
        budget = ("--seconds", f"{seconds:g}", "--workers", str(_WORKERS), "--seed", str(seed))
        return [*self.program, *budget]


OPSPLAN = Side("opsplan", (sys.executable, "-m", "solver", "serve-run"))
PLAIN = Side("plain CP-SAT", (sys.executable, "-m", "benchmarks.solver.peers.plain"))


def _sides(options: argparse.Namespace) -> tuple[Side, ...]:
    if not options.peers:
        return (OPSPLAN,)
    if options.family == "mspsp":
        # PyJobShop does not choose workers by skill.
        return (OPSPLAN, PLAIN)
    pyjobshop = (str(options.pyjobshop_python), "-m", "benchmarks.solver.peers.with_pyjobshop")
    return (OPSPLAN, PLAIN, Side("PyJobShop", pyjobshop))


class Board:
    """The table on the screen; where there is none, each row is written as a line when it is done.

    All rows so far are in the file `saved`, also when the run is ended before its end.
    """

    def __init__(self, family: Family, seconds: float) -> None:
        self.rows: list[Measured] = []
        self.saved = _SAVED / f"{family.name}-{seconds:g}s.csv"
        self._family = family
        self._seconds = seconds
        self._console = Console(stderr=True, width=None if sys.stderr.isatty() else 200)
        # Drawn when something has changed and not by a clock: drawing takes time from what is measured.
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> "Board":
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def running(self, names: tuple[str, int, str], reference: Reference, said: Said) -> None:
        """Show how far a solve has come: the last value that it told, and its seconds."""
        if self._console.is_terminal:
            side, seed, instance = names
            value = said.values[-1][1] if said.values else None
            ratio = None if value is None or reference.value is None else self._family.ratio(value, reference.value)
            self._draw(Measured(side, seed, instance, reference, value, ratio, wall_seconds=said.wall_seconds))

    def done(self, row: Measured) -> None:
        """Add a row."""
        self.rows.append(row)
        table.save(self.saved, self.rows)
        if self._console.is_terminal:
            self._draw(None)
        else:
            self._console.print("  ".join((*table.cells(row), row.fault or "")), highlight=False)

    def _draw(self, running: Measured | None) -> None:
        # As many rows as the screen holds; all of them come at the end.
        room = max(3, self._console.height - 8)
        self._live.update(table.shown(self._family, self.rows[-room:], self._seconds, running), refresh=True)


def _solve_all(board: Board, family: Family, options: argparse.Namespace, paths: list[Path]) -> None:
    references = References.near(options.instances, family.name)
    sides = _sides(options)
    for path in paths:
        reference = references.of(path)
        name = path.relative_to(options.instances).as_posix()
        for side in sides:
            for seed in range(options.seed, options.seed + options.seeds):
                names = (side.name, seed, name)
                try:
                    problem = problem_of(path)
                except (SolverError, OSError) as refusal:
                    board.done(unread(reference, names, str(refusal)))
                    continue
                said = run(
                    side.command(options.seconds, seed),
                    problem_to_json(problem),
                    options.seconds,
                    lambda said, names=names, reference=reference: board.running(names, reference, said),  # type: ignore[misc]
                )
                board.done(measured(family, path, problem, said, reference, names))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.solver", description=__doc__)
    parser.add_argument("--family", choices=sorted(FAMILIES), default="mista")
    parser.add_argument("--instances", type=Path, required=True, help="a folder; folders below it are searched too")
    parser.add_argument("--seconds", type=float, default=60.0, help="wall seconds for each solve")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after another")
    parser.add_argument("--peers", action="store_true", help="the plain CP-SAT model and PyJobShop too")
    parser.add_argument("--pyjobshop-python", type=Path, default=_PYJOBSHOP, help="a Python that has PyJobShop")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run it, print the table and the last line, and save the rows; returns the exit code."""
    options = _parser().parse_args(arguments)
    family = FAMILIES[options.family]
    paths = family.files(options.instances)
    if not paths:
        print(f"{options.instances} holds no instance of {family.name}; name a folder that does", file=sys.stderr)
        return 2
    if options.peers and not options.pyjobshop_python.exists():
        print(f"{options.pyjobshop_python} is not there; make bench-solver PEERS=1 installs it", file=sys.stderr)
        return 2
    with Board(family, options.seconds) as board:
        _solve_all(board, family, options, paths)
    rows = board.rows
    Console(width=None if sys.stdout.isatty() else 160).print(table.shown(family, rows, options.seconds))
    for line in table.faults(rows):
        print(line)
    print(f"Saved as {board.saved}")
    for side in reversed(_sides(options)):
        name = family.name if side is OPSPLAN else f"{family.name} by {side.name}"
        print(summary([row for row in rows if row.side == side.name]).line(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
