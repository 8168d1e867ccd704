"""What people do with operations: move them through states, invite, reply, report units away and back.

And what is asked of them by others: the watch over rotas, and which records belong to an operation.
"""

from opsplan.operations.service.availability import Availability, report_availability
from opsplan.operations.service.belonging import (
    belonging_to,
    belonging_within,
    nouns_belonging,
    refuse_no_operation,
)
from opsplan.operations.service.participation import invite, move_participant
from opsplan.operations.service.rotas import watch_rotas
from opsplan.operations.service.states import move_action, move_operation

__all__ = [
    "Availability",
    "belonging_to",
    "belonging_within",
    "invite",
    "move_action",
    "move_operation",
    "move_participant",
    "nouns_belonging",
    "refuse_no_operation",
    "report_availability",
    "watch_rotas",
]
