"""What people do with operations: move them and their actions through states, invite, reply; and watching the rotas."""

from opsplan.operations.service.participation import invite, move_participant
from opsplan.operations.service.rotas import watch_rotas
from opsplan.operations.service.states import move_action, move_operation

__all__ = ["invite", "move_action", "move_operation", "move_participant", "watch_rotas"]
