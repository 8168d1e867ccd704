"""Ways to break one rule of a valid plan by one change to it, a file per family of rules.

Each looks in the facts for who sits where, when and with whom, so that the change breaks its rule and, where that can
be, no other. Here lives no check of anything.
"""

from tests.stories.plan_faults import form, hours, staff, ties
from tests.stories.plan_faults.scene import Fault, Scene, first_alone

FAULTS = (*hours.FAULTS, *staff.FAULTS, *ties.FAULTS, *form.FAULTS)
"""All of them."""

__all__ = ["FAULTS", "Fault", "Scene", "first_alone"]
