"""What an earlier reading of an operation still holds: tables whose nouns nobody has changed since."""

from dataclasses import dataclass
from typing import Any, Final

from opsplan.scheduling.problem.snapshot import Snapshot

OTHER = "another Operation"
"""Stands for a change of an operation that is not the one that was read."""

_ACTIONS = frozenset({"Action"})
_MODES = _ACTIONS | {"ActionMode"}
_OFFERS = frozenset({"Agency", "Offer", "Participant"})
_LOCKS = _MODES | {"Plan"}
_UNITS = _OFFERS | {"Unit"} | _LOCKS
_RESOURCES = _OFFERS | {"Resource"}
_PLACES = frozenset({"Compound"}) | _ACTIONS

RESTS_ON: Final = {
    "actions": _PLACES | {"SimultaneityGroup"},
    "modes": _MODES,
    "unit_needs": _MODES | {"UnitNeed"},
    "resource_needs": _MODES | {"ResourceNeed"},
    "groups": _ACTIONS | {"SimultaneityGroup"},
    "precedences": _ACTIONS | {"Precedence"},
    "warrants": _ACTIONS | {"Warrant"},
    "units": _UNITS,
    "unit_offers": _UNITS,
    "absences": _UNITS | {"UnitAbsence"},
    "unit_claims": _UNITS | _PLACES | {OTHER},
    "resources": _RESOURCES,
    "resource_offers": _RESOURCES,
    "capacities": _RESOURCES | {"Capacity"},
    "quiet_hours": _PLACES | {"QuietHours"},
    "resource_claims": _RESOURCES | _PLACES | _LOCKS | {"ResourceNeed", OTHER},
    "locks": _LOCKS,
    "told": _LOCKS,
    "published": frozenset({"Plan"}),
    "separations": frozenset({"SeparationRule"}),
    "claims": _PLACES | {"Claim", "Conflict", "Participant", "Resolution", "SeparationRule"},
    "unit_uses": _UNITS | {"Claim", "Participant"},
    "pool_uses": _RESOURCES | {"Claim", "Capacity", "Participant"},
    "blind_notices": _PLACES | {"Claim", "Notice", "Participant", "Plan", "Resolution"},
}
"""By table of a snapshot: the nouns of all records that its rows come from, or are chosen by.

The operation itself is read every time, and after a change of it everything is.
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """An earlier reading, and the nouns of what has been changed since, `OTHER` among them."""

    snapshot: Snapshot
    changed: frozenset[str]

    def has(self, table: str) -> bool:
        """Whether a table holds still."""
        return "Operation" not in self.changed and self.changed.isdisjoint(RESTS_ON[table])

    def table(self, name: str) -> Any:
        """Give a table's rows."""
        return getattr(self.snapshot, name)
