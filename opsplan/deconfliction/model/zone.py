"""Where nobody may go without leave, as a noun."""

from enum import StrEnum

from opsplan.deconfliction.model.claim import LOCATION, RADIUS_M
from opsplan.jurisdiction.model import starts_before_it_ends
from opsplan.records.declaration import Direction, Kind, Noun, Property, Readership, Relation
from opsplan.vocabulary.sensitivity import Sensitivity


class ZoneKind(StrEnum):
    """What holds in a zone."""

    NO_GO = "NO_GO"
    """Nobody enters: a minefield, a building that may fall, somebody's undercover work."""
    RESTRICTED = "RESTRICTED"
    """Whoever enters needs leave: a border strip, an airport."""
    NO_STRIKE = "NO_STRIKE"
    """A place that is protected: a hospital, a school, a shelter."""
    RESERVED = "RESERVED"
    """Held for its owner's own work."""


ZONE = Noun(
    "Zone",
    "Zones",
    "An area that nobody's plan crosses without the leave of whoever keeps it. An action that crosses one in force is "
    "not activated until its owner has given a release.",
    owner="deconfliction",
    binds_others=True,
    kept=frozenset(["shape"]),
    properties=(
        Property(
            "name",
            Kind.TEXT,
            "What its owner calls it.",
            required=True,
            max_length=200,
            sorted_by=True,
            example="EXERCISE Heron Court hospital",
        ),
        Property(
            "kind",
            Kind.CHOICE,
            "What holds there. NO_GO and NO_STRIKE bind their owner as well, RESTRICTED and RESERVED all others.",
            required=True,
            choices=ZoneKind,
            indexed=True,
            example="NO_STRIKE",
        ),
        LOCATION,
        RADIUS_M,
        Property(
            "outline",
            Kind.JSON,
            "The area as a polygon: its corners in order, each a list of longitude and latitude. It is smaller than a "
            "hemisphere, and may lie over the antimeridian or a pole.",
        ),
        Property(
            "start",
            Kind.INSTANT,
            "From when it is in force.",
            required=True,
            sorted_by=True,
            example="2026-12-01T00:00:00Z",
        ),
        Property("end", Kind.INSTANT, "Until when, exclusive; until further notice when none."),
        Property("purpose", Kind.LONG_TEXT, "What it protects, or what it is held for.", max_length=2_000),
        Property(
            "sensitivity",
            Kind.CHOICE,
            "What others learn of it: all, where it is OPEN. Of one that is POINTER, only that their plan crosses "
            "something and whom to call; of one that is SILENT, nothing, and it stops nobody.",
            choices=Sensitivity,
            default=Sensitivity.OPEN,
            example="OPEN",
        ),
    ),
    relations=(
        Relation(
            "crossings", "CROSSES", "ZoneCrossing", "The claims that cross it.", Direction.IN, many=True, entered=False
        ),
    ),
    checks=(starts_before_it_ends("start", "end"),),
    readership=Readership(condition="{node}.sensitivity = 'OPEN' OR {node}.owner_id = $reader.agency_id"),
)
