"""What may go wrong with a plan: durations, ways and numbers of victims as distributions, and simulation.

Here live what is uncertain (`spread`, `uncertainty`), who waits for whom once a plan is carried out (`network`), many
courses of it at once (`course`), what is counted in them (`counting`), the figures (`report`), all of it as one
question (`estimate`), and plans with slack where it lowers the risk (`slack`). Here do not live: the rules, which are
those of `solver.verify`, and any figure about how long things really take, which is the caller's to know.
`docs/solver.md` states how a plan is carried out.
"""

from solver.risk.estimate import estimate_risk
from solver.risk.report import (
    ActionRisk,
    CountryRisk,
    Frequency,
    GroupRisk,
    PlanRisk,
    ResourceRisk,
    UnitRisk,
)
from solver.risk.slack import Robust, solve_with_slack
from solver.risk.spread import CERTAIN, Distribution, Spread
from solver.risk.uncertainty import Uncertainty, WaySpread

__all__ = [
    "CERTAIN",
    "ActionRisk",
    "CountryRisk",
    "Distribution",
    "Frequency",
    "GroupRisk",
    "PlanRisk",
    "ResourceRisk",
    "Robust",
    "Spread",
    "Uncertainty",
    "UnitRisk",
    "WaySpread",
    "estimate_risk",
    "solve_with_slack",
]
