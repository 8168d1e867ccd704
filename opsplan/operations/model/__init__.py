"""The nouns of joint operations.

Here live the operation with its groups (`operation`), its actions with precedences and warrants (`action`), the ways
to do them and what these need (`mode`), what can be sent or used (`means`), and who takes part with what
(`participation`). Here live no rules between records (`operations.rules`).
"""

from opsplan.operations.model.action import ACTION, PRECEDENCE, WARRANT, ActionKind
from opsplan.operations.model.means import CAPACITY, MEANS, RESOURCE, UNIT, UNIT_ABSENCE, ResourceKind, UnitKind
from opsplan.operations.model.mode import ACTION_MODE, RESOURCE_NEED, UNIT_NEED
from opsplan.operations.model.operation import OPERATION, SIMULTANEITY_GROUP
from opsplan.operations.model.participation import OFFER, PARTICIPANT, ROTA_GAP, GapState, ParticipantRole

NOUNS = (
    *MEANS,
    OPERATION,
    PARTICIPANT,
    ROTA_GAP,
    OFFER,
    SIMULTANEITY_GROUP,
    ACTION,
    ACTION_MODE,
    UNIT_NEED,
    RESOURCE_NEED,
    PRECEDENCE,
    WARRANT,
)
"""All of them, each after those that it refers to."""

__all__ = [
    "ACTION",
    "ACTION_MODE",
    "CAPACITY",
    "NOUNS",
    "OFFER",
    "OPERATION",
    "PARTICIPANT",
    "PRECEDENCE",
    "RESOURCE",
    "RESOURCE_NEED",
    "ROTA_GAP",
    "SIMULTANEITY_GROUP",
    "UNIT",
    "UNIT_ABSENCE",
    "UNIT_NEED",
    "WARRANT",
    "ActionKind",
    "GapState",
    "ParticipantRole",
    "ResourceKind",
    "UnitKind",
]
