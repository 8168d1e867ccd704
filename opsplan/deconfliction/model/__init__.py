"""The nouns of deconfliction.

Here live what is claimed (`claim`), how far apart two things have to be (`separation`), and what comes of claims that
are not: the conflict of two and the notice to each side (`conflict`). Beside them what is kept free of plans (`zone`)
and what comes of a claim that crosses it (`crossing`).
"""

from opsplan.deconfliction.model.claim import CLAIM
from opsplan.deconfliction.model.conflict import CONFLICT, NOTICE, ConflictKind, ConflictState, NoticeState
from opsplan.deconfliction.model.crossing import DECISIONS, ZONE_CROSSING, ZONE_NOTICE, CrossingState
from opsplan.deconfliction.model.separation import SEPARATION_RULE, Severity
from opsplan.deconfliction.model.zone import ZONE, ZoneKind

NOUNS = (SEPARATION_RULE, CLAIM, CONFLICT, NOTICE, ZONE, ZONE_CROSSING, ZONE_NOTICE)
"""All of them, each after those that it refers to."""

__all__ = [
    "CLAIM",
    "CONFLICT",
    "DECISIONS",
    "NOTICE",
    "NOUNS",
    "SEPARATION_RULE",
    "ZONE",
    "ZONE_CROSSING",
    "ZONE_NOTICE",
    "ConflictKind",
    "ConflictState",
    "CrossingState",
    "NoticeState",
    "Severity",
    "ZoneKind",
]
