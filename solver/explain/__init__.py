"""Why a plan is as it is, and why it is not otherwise: codes and rules with facts, and a sentence for each.

Here live the reasons for what is left out (`explain`), what blocks one action and what would place it (`blocked`),
what binds one that is placed (`binding`), what another time or unit would do to the plan (`why_not`), and why a request
is impossible as a whole (`conflict`). Here does not live any change of a plan.
"""

from solver.explain.binding import Alternative, Binding, binding
from solver.explain.blocked import blocked
from solver.explain.conflict import (
    CAUSES,
    COSTS,
    Cause,
    Change,
    Conflict,
    Feasibility,
    Relaxation,
    Resolves,
    causes_of,
    changed,
    find_conflict,
    with_only,
    without,
)
from solver.explain.explain import explain
from solver.explain.reason import CODES, Reason, Unplaced
from solver.explain.why_not import WhyNot, why_not

__all__ = [
    "CAUSES",
    "CODES",
    "COSTS",
    "Alternative",
    "Binding",
    "Cause",
    "Change",
    "Conflict",
    "Feasibility",
    "Reason",
    "Relaxation",
    "Resolves",
    "Unplaced",
    "WhyNot",
    "binding",
    "blocked",
    "causes_of",
    "changed",
    "explain",
    "find_conflict",
    "why_not",
    "with_only",
    "without",
]
