"""What one more unit, or one more of a resource, would be worth: found by solving again with it.

Here live what is scarce in a plan (`scarce`), the problem with one more of something (`addition`), and the values
(`values`). Here does not live any price from duals or relaxations: a schedule has none that could be trusted.
"""

from solver.marginal.addition import Addition, MoreOfResource, OneMoreUnit, with_addition
from solver.marginal.scarce import Scarce, scarce
from solver.marginal.values import GoalValue, MarginalValue, marginal_values

__all__ = [
    "Addition",
    "GoalValue",
    "MarginalValue",
    "MoreOfResource",
    "OneMoreUnit",
    "Scarce",
    "marginal_values",
    "scarce",
    "with_addition",
]
