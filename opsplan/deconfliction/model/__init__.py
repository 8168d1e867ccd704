"""The nouns of deconfliction.

Here live what is claimed (`claim`), how far apart two things have to be (`separation`), and what comes of claims that
are not: the conflict of two and the notice to each side (`conflict`).
"""

from opsplan.deconfliction.model.claim import CLAIM
from opsplan.deconfliction.model.conflict import CONFLICT, NOTICE, ConflictKind, ConflictState, NoticeState
from opsplan.deconfliction.model.separation import SEPARATION_RULE, Severity

NOUNS = (SEPARATION_RULE, CLAIM, CONFLICT, NOTICE)
"""All of them, each after those that it refers to."""

__all__ = [
    "CLAIM",
    "CONFLICT",
    "NOTICE",
    "NOUNS",
    "SEPARATION_RULE",
    "ConflictKind",
    "ConflictState",
    "NoticeState",
    "Severity",
]
