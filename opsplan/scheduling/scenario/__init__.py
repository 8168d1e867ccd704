"""What if: an operation as it might be, beside what the records say, and what a schedule of it would come to. Pure.

Here live the changes that a scenario makes (`changes`), as text and back (`text`), an operation with them (`apply`),
what a schedule comes to by goal, country and resource (`figures`), and two of these side by side (`compare`). Here
live no plans: what a scenario places is never a plan, and nobody can publish it.
"""

from opsplan.scheduling.scenario.apply import Imagined, imagine
from opsplan.scheduling.scenario.changes import (
    ActionLeftOut,
    ActionWeighed,
    Change,
    HHourMoved,
    ResourceChanged,
    Scenario,
    UnitAdded,
    UnitAway,
    UnitPermitted,
    WarrantGranted,
    WindowChanged,
)
from opsplan.scheduling.scenario.text import changes_from_plain, changes_to_plain

__all__ = [
    "ActionLeftOut",
    "ActionWeighed",
    "Change",
    "HHourMoved",
    "Imagined",
    "ResourceChanged",
    "Scenario",
    "UnitAdded",
    "UnitAway",
    "UnitPermitted",
    "WarrantGranted",
    "WindowChanged",
    "changes_from_plain",
    "changes_to_plain",
    "imagine",
]
