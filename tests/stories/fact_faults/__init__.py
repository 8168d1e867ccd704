"""Ways to change one fact so that a valid plan breaks one rule: what it rests on, taken away piece by piece.

Here lives no check of anything, and no change of the graph.
"""

from tests.stories.fact_faults import actions, ground, ties, units
from tests.stories.fact_faults.change import FactFault, first_alone

FACT_FAULTS = (*actions.FAULTS, *units.FAULTS, *ties.FAULTS, *ground.FAULTS)
"""All of them."""

__all__ = ["FACT_FAULTS", "FactFault", "first_alone"]
