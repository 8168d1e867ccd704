"""The raid scheduler: a frozen problem in, a verified plan out.

A library of its own: integers in, integers out; it knows nothing of agencies, graphs, clocks or files, and
imports ortools alone. Here live the problem (`solver.problem`), the answer (`solver.solution`), the
independent checker (`solver.verify`) and score (`solver.score`), the search, the explanations, the text
format, and the readers of public benchmark formats (`solver.formats`). Opening files, the wall clock and signals live
in `solver.cli` only. `docs/solver.md` states the semantics.
"""

from solver.budget import Budget, Clock, Stop
from solver.errors import InvalidProblem, ModelInvalid, SolverError
from solver.explain import CODES, Reason, Unplaced, explain
from solver.greedy import greedy
from solver.jsonio import (
    RunRecord,
    fingerprint,
    problem_from_json,
    problem_to_json,
    run_from_json,
    run_to_json,
    solution_from_json,
    solution_to_json,
)
from solver.parts import PartOf, Parts, parts
from solver.problem import (
    Action,
    Anchor,
    CapacityStep,
    Country,
    DutyLimit,
    Group,
    Interval,
    Kept,
    Leg,
    Lock,
    Mode,
    Precedence,
    Problem,
    Project,
    Resource,
    ResourceNeed,
    Site,
    Travel,
    Unit,
    UnitNeed,
    merged,
)
from solver.progress import OnProgress, Progress
from solver.score import score
from solver.solution import Bounds, Outcome, Placement, Score, Solution
from solver.solve import solve
from solver.verify import RULES, Breach, Rule, verify

__all__ = [
    "CODES",
    "RULES",
    "Action",
    "Anchor",
    "Bounds",
    "Breach",
    "Budget",
    "CapacityStep",
    "Clock",
    "Country",
    "DutyLimit",
    "Group",
    "Interval",
    "InvalidProblem",
    "Kept",
    "Leg",
    "Lock",
    "Mode",
    "ModelInvalid",
    "OnProgress",
    "Outcome",
    "PartOf",
    "Parts",
    "Placement",
    "Precedence",
    "Problem",
    "Progress",
    "Project",
    "Reason",
    "Resource",
    "ResourceNeed",
    "Rule",
    "RunRecord",
    "Score",
    "Site",
    "Solution",
    "SolverError",
    "Stop",
    "Travel",
    "Unit",
    "UnitNeed",
    "Unplaced",
    "explain",
    "fingerprint",
    "greedy",
    "merged",
    "parts",
    "problem_from_json",
    "problem_to_json",
    "run_from_json",
    "run_to_json",
    "score",
    "solution_from_json",
    "solution_to_json",
    "solve",
    "verify",
]
