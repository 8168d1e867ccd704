"""From what the graph holds to what the solver is asked: pure, no I/O.

Here live the snapshot of one operation (`snapshot`), what of it was read in which version (`facts`), the grid of slots
(`grid`), calendars, pools of resources, the ways between sites, and `make_problem`, which puts them together as a
`solver.Problem` with the `Index` that leads back to records. Here live no statements (`scheduling.store`) and no
answers (`scheduling.plan`). `docs/scheduling.md` states the meaning of every step.
"""

from opsplan.scheduling.problem.facts import Change, ChangeKind, Fact, facts_of
from opsplan.scheduling.problem.grid import SLOT_MINUTES, Grid
from opsplan.scheduling.problem.index import Hindrance, Index
from opsplan.scheduling.problem.relations import CyclicPrecedence
from opsplan.scheduling.problem.snapshot import Snapshot
from opsplan.scheduling.problem.translate import make_problem

__all__ = [
    "SLOT_MINUTES",
    "Change",
    "ChangeKind",
    "CyclicPrecedence",
    "Fact",
    "Grid",
    "Hindrance",
    "Index",
    "Snapshot",
    "facts_of",
    "make_problem",
]
