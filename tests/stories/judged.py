"""What was served, and what both checkers say of plans made from it."""

import io
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from solver.cli import main as solver_command
from tests.oracle import Facts, Plan, check
from tests.stories.plan_faults import FAULTS, Fault, Scene, first_alone
from tests.stories.solution_files import SolutionFile


@dataclass(frozen=True)
class Served:
    """A plan with its facts as the API served them, and the artefacts of the run that made it."""

    plan_id: str
    scene: Scene
    problem: bytes
    solution: bytes

    @property
    def file(self) -> SolutionFile:
        """Writes plans for the solver."""
        return SolutionFile(self.scene.facts, self.problem, self.solution)


@dataclass(frozen=True)
class Mutant:
    """A plan with one fault, and the names of the rules that each checker says it breaks."""

    fault: Fault
    plan: Plan
    by_oracle: frozenset[str]
    by_solver: frozenset[str] | None


def judged(served: Served, folder: Path) -> Mapping[str, Mutant]:
    """Make a plan of each fault that the served one offers an opportunity for, and let both checkers judge it."""
    found: dict[str, Mutant] = {}
    for fault in FAULTS:
        try:
            plan = first_alone(fault, served.scene)
        except LookupError:
            continue  # the tests count: there must be twenty, and of every rule one
        by_solver = solver_says(served, plan, folder) if fault.expressible else None
        found[fault.name] = Mutant(fault, plan, broken(served.scene.facts, plan), by_solver)
    return found


def broken(facts: Facts, plan: Plan) -> frozenset[str]:
    """Give the rules that the oracle names."""
    return frozenset(breach.rule for breach in check(facts, plan))


def solver_says(served: Served, plan: Plan, folder: Path) -> frozenset[str]:
    """Give the rules that `solver verify` names, for the plan as a solution of the run's own problem."""
    said = io.StringIO()
    with redirect_stdout(said):
        status = solver_command(verify_arguments(served, plan, folder))
    return rules_named(status, said.getvalue())


def verify_arguments(served: Served, plan: Plan, folder: Path) -> list[str]:
    """Write problem and solution into a folder, and give the arguments of the solver's command that checks them."""
    problem, solution = folder / "problem.json", folder / "solution.json"
    problem.write_bytes(served.problem)
    solution.write_bytes(served.file.of(plan))
    return ["verify", str(problem), "--solution", str(solution)]


def rules_named(status: int, said: str) -> frozenset[str]:
    """Give the rules that the solver's command named; its status must fit."""
    lines = [line.split() for line in said.splitlines()]
    named = frozenset(line[1].rstrip(":") for line in lines if line[0] == "BROKEN")
    assert status == (1 if named else 0), said
    return named
