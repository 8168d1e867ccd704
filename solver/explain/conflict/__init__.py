"""Why a request is impossible as a whole: a minimal set of named rule instances, and what would resolve it.

Here live the causes of a problem and the problem without some of them, the oracle that decides by solves, the
shrinking of what contradicts itself, and the search for the smallest changes that work. Here does not live what one
action of a plan lacks (`solver.explain.blocked`) nor any rule or goal.
"""

from solver.explain.conflict.cause import CAUSES, Cause, causes_of
from solver.explain.conflict.change import COSTS, Change, changed
from solver.explain.conflict.conflict import Conflict, find_conflict
from solver.explain.conflict.decide import Feasibility
from solver.explain.conflict.drop import with_only, without
from solver.explain.conflict.relax import Relaxation, Resolves

__all__ = [
    "CAUSES",
    "COSTS",
    "Cause",
    "Change",
    "Conflict",
    "Feasibility",
    "Relaxation",
    "Resolves",
    "causes_of",
    "changed",
    "find_conflict",
    "with_only",
    "without",
]
