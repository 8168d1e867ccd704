"""What kinds of actions take: hours, units, and what their people need afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from opsplan.operations.model import ActionKind, ResourceKind, UnitKind


@dataclass(frozen=True, slots=True)
class Craft:
    """What an action of one kind takes.

    Attributes
    ----------
    hours
        The shortest and the longest.
    special
        Kinds of unit of which it cannot do without one; one is drawn.
    helpers
        Kinds of unit that go along.
    helping
        Of these kinds, the fewest and the most.
    """

    hours: tuple[float, float]
    special: tuple[UnitKind, ...]
    helpers: tuple[UnitKind, ...]
    helping: tuple[int, int] = (0, 1)


CRAFTS: Mapping[ActionKind, Craft] = {
    ActionKind.RAID: Craft(
        (2, 6),
        (UnitKind.TACTICAL, UnitKind.TACTICAL, UnitKind.CANINE, UnitKind.CYBER, UnitKind.AIR),
        (UnitKind.INVESTIGATION, UnitKind.VICTIM_SUPPORT, UnitKind.MEDICAL),
        (1, 3),
    ),
    ActionKind.SEARCH: Craft(
        (2, 5),
        (UnitKind.FORENSIC, UnitKind.CYBER, UnitKind.CANINE),
        (UnitKind.INVESTIGATION, UnitKind.TACTICAL),
        (1, 2),
    ),
    ActionKind.ARREST: Craft((1, 3), (UnitKind.TACTICAL, UnitKind.LIAISON), (UnitKind.INVESTIGATION,)),
    ActionKind.VICTIM_EXTRACTION: Craft(
        (2, 5),
        (UnitKind.VICTIM_SUPPORT, UnitKind.MARITIME, UnitKind.AIR),
        (UnitKind.MEDICAL, UnitKind.TACTICAL),
        (1, 2),
    ),
    ActionKind.CYBER_TAKEDOWN: Craft((2, 6), (UnitKind.CYBER,), (UnitKind.INVESTIGATION,)),
    ActionKind.ASSET_FREEZE: Craft((1, 2), (UnitKind.FINANCIAL,), (UnitKind.LIAISON,)),
    ActionKind.CONTROLLED_DELIVERY: Craft((3, 7), (UnitKind.INVESTIGATION, UnitKind.AIR), (UnitKind.TACTICAL,)),
    ActionKind.SURVEILLANCE: Craft((4, 9), (UnitKind.INVESTIGATION, UnitKind.AIR), (UnitKind.LIAISON,)),
    ActionKind.UNDERCOVER_MEETING: Craft((1, 3), (UnitKind.INVESTIGATION, UnitKind.LIAISON), (UnitKind.TACTICAL,)),
    ActionKind.INFORMANT_MEETING: Craft((1, 2), (UnitKind.LIAISON,), (UnitKind.INVESTIGATION,)),
}
"""By kind of action."""

POOLS = (
    ResourceKind.BED,
    ResourceKind.SCREENER,
    ResourceKind.FORENSIC_LAB,
    ResourceKind.AIRCRAFT,
    ResourceKind.CONSULAR_SLOT,
)
"""Resources of which a country has one pool."""

HELD_HOURS: Mapping[ResourceKind, tuple[float, float]] = {
    ResourceKind.BED: (44, 66),
    ResourceKind.SCREENER: (18, 34),
    ResourceKind.FORENSIC_LAB: (24, 44),
    ResourceKind.AIRCRAFT: (14, 22),
    ResourceKind.CONSULAR_SLOT: (24, 40),
    ResourceKind.INTERPRETER: (16, 30),
}
"""How long actions on a contested pool use it: the shortest and the longest, in hours."""

MOST_AMOUNT: Mapping[ResourceKind, int] = {
    ResourceKind.BED: 60,
    ResourceKind.SCREENER: 8,
    ResourceKind.FORENSIC_LAB: 3,
    ResourceKind.AIRCRAFT: 2,
    ResourceKind.CONSULAR_SLOT: 12,
    ResourceKind.INTERPRETER: 6,
}
"""The most of a resource that one action uses."""
