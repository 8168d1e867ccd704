"""The nouns of deconfliction.

Here live what is claimed (`claim`), how far apart two things have to be (`separation`), what comes of claims that are
not (`conflict`), what each side is told and writes (`notice`), how it ends (`resolution`), and that somebody feels for
what is hidden (`probe`).
"""

from opsplan.deconfliction.model.claim import CLAIM
from opsplan.deconfliction.model.conflict import CONFLICT, ConflictKind, ConflictState
from opsplan.deconfliction.model.notice import CONFLICT_MESSAGE, NOTICE, NoticeState
from opsplan.deconfliction.model.probe import PROBE_ALERT
from opsplan.deconfliction.model.resolution import (
    OVERRIDE,
    RESOLUTION,
    OverrideState,
    ResolutionOutcome,
    ResolutionState,
)
from opsplan.deconfliction.model.separation import SEPARATION_RULE, Severity

NOUNS = (SEPARATION_RULE, CLAIM, CONFLICT, NOTICE, CONFLICT_MESSAGE, RESOLUTION, OVERRIDE, PROBE_ALERT)
"""All of them, each after those that it refers to."""

__all__ = [
    "CLAIM",
    "CONFLICT",
    "CONFLICT_MESSAGE",
    "NOTICE",
    "NOUNS",
    "OVERRIDE",
    "PROBE_ALERT",
    "RESOLUTION",
    "SEPARATION_RULE",
    "ConflictKind",
    "ConflictState",
    "NoticeState",
    "OverrideState",
    "ResolutionOutcome",
    "ResolutionState",
    "Severity",
]
